"""The pages of one enterprise: entered once, changed without loss, ended with its consequences in numbers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Enterprise, Material, SupplyLink
from enterprises.register import services
from tests.builders import uscc
from whitelist.core.days import today, yesterday

NAME = "嘉定线束（虚构）"


def filled(firm, **values):
    """What the edit form posts for an enterprise as it stands."""
    kept = {name: getattr(firm, name) or "" for name in ("uscc", "name", "chain", "field", "size")}
    return kept | {"division": firm.division_id, "version": firm.version} | values


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def busy(make):
    """An enterprise with everything: listings, links both ways, reports, a warning's worth of stock, a trail."""
    firm = make.listing(
        make.enterprise(name="华虹集成（虚构）", tags=["key_link"], former_names=["旧名（虚构）"])
    ).enterprise
    make.supply_link(buyer=firm, supplier=make.enterprise("220101", name="长春传感（虚构）"), share=40)
    make.supply_link(supplier=firm, is_sole_source=True)
    make.report(firm, stock=[(make.material(), 10, 20)])
    services.change_enterprise(firm, version=1, by=make.user(name="Li Hua"), staff_total=77)
    return Enterprise.objects.get(pk=firm.pk)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_renders_in_both_languages(make, page, ministry, busy, language):
    client = page(ministry)
    client.cookies["language"] = language
    link = SupplyLink.objects.first()
    where = f"/enterprises/{busy.code}/"
    lists = ("/enterprises/", "/materials/", "/supply-links/")
    own = [f"{where}{step}" for step in ("", "edit/", "retire/", "merge/")]
    for address in (*lists, *(f"{each}add/" for each in lists), *own, f"/supply-links/{link.pk}/remove/"):
        assert client.get(address).status_code == 200, address
    assert f'lang="{language}"' in shown(client.get(where)).lower()


def test_the_detail_tells_what_is_known(make, page, shanghai, busy):
    told = shown(page(shanghai).get(f"/enterprises/{busy.code.lower()}/"))
    for words in (
        "旧名",
        "key link",
        "长春传感",
        "in force",
        "90 of 100 on duty",
        "sole source",
        "Li Hua",
        "77",
        "Retire…",
        "Edit",
    ):
        assert words in told, words
    assert page(shanghai).get(f"/enterprises/{busy.pk}/").status_code == 200
    assert SupplyLink.objects.filter(buyer=busy).get().supplier.code not in told


def test_the_detail_asks_a_constant_number_of_queries(make, page, shanghai, busy):
    client, where = page(shanghai), f"/enterprises/{busy.code}/"
    client.get(where)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        return len([each for each in queries if "SAVEPOINT" not in each["sql"]])

    few = asked()
    for _ in range(8):
        make.supply_link(buyer=busy)
        make.supply_link(supplier=busy)
        make.listing(busy)
    assert asked() == few


def test_an_enterprise_reads_itself_and_nothing_else(make, page, busy):
    other, client = make.enterprise(), page(make.clerk(busy))
    told = shown(client.get(f"/enterprises/{busy.code}/"))
    assert "Retire…" not in told and "History" not in told and "Li Hua" not in told
    assert client.get(f"/enterprises/{other.code}/").status_code == 404
    assert client.get(f"/enterprises/{other.code}/edit/").status_code == 404
    for step in ("edit", "retire", "merge"):
        assert client.get(f"/enterprises/{busy.code}/{step}/").status_code == 403
    assert client.get("/enterprises/add/").status_code == 403
    assert [row.pk for row in client.get("/enterprises/").context["object_list"]] == [busy.pk]


def test_outside_the_scope_there_is_nothing(make, page, jilin, busy):
    client = page(jilin)
    for step in ("", "edit/", "retire/", "merge/"):
        assert client.get(f"/enterprises/{busy.code}/{step}").status_code == 404
        assert client.post(f"/enterprises/{busy.code}/{step}").status_code in (404, 405)


def test_those_who_only_view_are_offered_no_step(make, page, busy):
    viewer = make.user("310000", duties=["view"])
    told = shown(page(viewer).get(f"/enterprises/{busy.code}/"))
    assert "Retire…" not in told and "/edit/" not in told
    assert page(viewer).post(f"/enterprises/{busy.code}/retire/", {}).status_code == 403


def test_an_enterprise_is_added_and_shown(make, page, shanghai):
    sent = {"name": NAME, "uscc": f" {uscc('310114').lower()} ", "division": "310114", "tags": ["key_link"]}
    added = page(shanghai).post("/enterprises/add/", sent, follow=True)
    firm = Enterprise.objects.get()
    assert added.redirect_chain == [(f"/enterprises/{firm.code}/", 302)]
    assert f"Read as {firm.code}" in shown(added)


def test_faults_stand_beside_their_fields_and_nothing_typed_is_lost(make, page, shanghai):
    sent = {"name": NAME, "uscc": "91310114MA1X0000OI", "division": "310114", "link": "线束", "staff_total": "12"}
    refused = page(shanghai).post("/enterprises/add/", sent)
    assert refused.status_code == 400
    assert set(refused.context["form"].errors) == {"uscc"}
    for typed in (NAME, "91310114MA1X0000OI", "线束", 'value="12"'):
        assert typed in shown(refused)


def test_a_foreign_division_is_refused_at_its_field(make, page, shanghai):
    refused = page(shanghai).post("/enterprises/add/", {"name": NAME, "uscc": uscc(), "division": "220101"})
    assert refused.status_code == 400 and set(refused.context["form"].errors) == {"division"}


def test_a_doubtful_code_asks_for_a_tick(make, page, shanghai):
    code = uscc("310114")
    sent = {"name": NAME, "uscc": code[:17] + ("0" if code[17] != "0" else "1"), "division": "310114"}
    client = page(shanghai)
    assert "accept_doubt" not in shown(client.get("/enterprises/add/"))
    refused = client.post("/enterprises/add/", sent)
    assert refused.status_code == 400 and 'name="accept_doubt"' in shown(refused)
    assert client.post("/enterprises/add/", sent | {"accept_doubt": "on"}).status_code == 302


def test_the_same_name_or_code_offers_the_one_that_is_there(make, page, shanghai):
    there = make.enterprise(name=NAME)
    client = page(shanghai)
    for sent in ({"name": NAME, "uscc": uscc()}, {"name": "另一家", "uscc": there.uscc}):
        refused = client.post("/enterprises/add/", sent | {"division": "310114"})
        assert refused.status_code == 400 and "Use this one" in shown(refused)
        assert f'href="/enterprises/{there.code}/"' in shown(refused)
    meant = {"name": NAME, "uscc": uscc(), "division": "310114", "accept_duplicate": "on"}
    assert client.post("/enterprises/add/", meant).status_code == 302


def test_the_ministry_types_a_division_by_name(make, page, ministry):
    client = page(ministry)
    assert "<select" not in client.get("/enterprises/add/").content.decode().partition('name="division"')[0][-30:]
    client.post("/enterprises/add/", {"name": NAME, "uscc": uscc(), "division": "浦东新区"})
    assert Enterprise.objects.get().division_id == "310115"


def test_the_second_editor_chooses_field_by_field_and_loses_nothing(make, page, shanghai):
    firm = make.enterprise(size="small", staff_total=10)
    first = make.user(name="First Editor")
    typed = filled(firm, size="small", staff_total="30", link="模具", version=1)
    services.change_enterprise(firm, version=1, by=first, size="large", staff_total=20)
    client, where = page(shanghai), f"/enterprises/{firm.code}/edit/"
    clash = client.post(where, typed)
    told = shown(clash)
    assert clash.status_code == 409 and "First Editor" in told and "模具" in told
    choices = {each["name"]: each for each in clash.context["conflicts"]}
    assert (choices["staff_total"]["theirs"], choices["staff_total"]["mine"], choices["staff_total"]["kept"]) == (
        "20",
        "30",
        "",
    )
    assert (choices["size"]["theirs"], choices["size"]["mine"], choices["size"]["kept"]) == ("large", "small", "theirs")
    again = typed | {"version": clash.context["form_version"], "conflicts": clash.context["conflict_names"]}
    undecided = client.post(where, again)
    assert undecided.status_code == 400 and undecided.context["conflict_names"] == "size,staff_total"
    assert client.post(where, again | {"keep_size": "theirs", "keep_staff_total": "mine"}).status_code == 302
    firm.refresh_from_db()
    assert (firm.size, firm.staff_total, firm.link, firm.version) == ("large", 30, "模具", 3)


def test_a_third_editor_meanwhile_is_a_conflict_again(make, page, shanghai):
    firm = make.enterprise(staff_total=10)
    services.change_enterprise(firm, version=1, by=make.user(), staff_total=20)
    client, where = page(shanghai), f"/enterprises/{firm.code}/edit/"
    typed = filled(firm, staff_total="30", version=1)
    clash = client.post(where, typed)
    services.change_enterprise(firm, version=2, by=make.user(), staff_total=25)
    again = typed | {"version": clash.context["form_version"], "conflicts": "staff_total", "keep_staff_total": "mine"}
    third = client.post(where, again)
    assert third.status_code == 409 and "25" in shown(third)


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "99999999999999999999", "7"])
def test_a_form_without_its_version_overwrites_nothing(make, page, shanghai, version):
    firm = make.enterprise(staff_total=10)
    refused = page(shanghai).post(f"/enterprises/{firm.code}/edit/", filled(firm, staff_total="30", version=version))
    assert refused.status_code in (400, 409)
    firm.refresh_from_db()
    assert firm.staff_total == 10


def test_a_wrong_value_keeps_the_version_that_was_read(make, page, shanghai):
    firm = make.enterprise()
    services.change_enterprise(firm, version=1, by=make.user(), size="large")
    refused = page(shanghai).post(f"/enterprises/{firm.code}/edit/", filled(firm, version=1, industry="x"))
    assert refused.status_code == 400 and str(refused.context["form_version"]) == "1"


def test_retiring_says_what_will_happen_and_asks_for_a_reason(make, page, shanghai, busy):
    client, where = page(shanghai), f"/enterprises/{busy.code}/retire/"
    told = shown(client.get(where))
    assert "stays on 1 white list" in told and "2 supply links stay declared" in told
    assert client.post(where, {"on": today()}).status_code == 400
    done = client.post(where, {"reason": "closed", "on": yesterday()}, follow=True)
    assert (
        "is retired" in shown(done) and "closed for good" in shown(done) and "until a batch removes it" in shown(done)
    )
    assert client.post(where, {"reason": "closed", "on": today()}).status_code == 409
    assert client.post(f"/enterprises/{busy.code}/edit/", filled(busy, version=3)).status_code == 409


def test_merging_shows_its_numbers_first(make, page, shanghai, busy):
    into, client, where = make.enterprise(name="留下（虚构）"), page(shanghai), f"/enterprises/{busy.code}/merge/"
    for wrong in (busy.code, make.enterprise("220101").code, "x", ""):
        assert client.post(where, {"into": wrong}).status_code == 400
    preview = client.post(where, {"into": into.code})
    assert preview.status_code == 200 and "2 supply links move." in shown(preview)
    busy.refresh_from_db()
    assert busy.status == "active"
    done = client.post(where, {"into": into.code, "sure": into.code}, follow=True)
    assert "is merged into" in shown(done) and "was merged into this entry" in shown(done)
    assert "留下（虚构）" in shown(client.get(f"/enterprises/{busy.code}/"))


def test_merging_two_of_one_list_is_refused_with_the_list(make, page, shanghai):
    first, second, white_list = make.enterprise(), make.enterprise(), make.white_list(title="沪一")
    make.batch("published", on=white_list, enterprises=[first, second])
    client, where = page(shanghai), f"/enterprises/{first.code}/merge/"
    assert "沪一" in shown(client.post(where, {"into": second.code}))
    assert client.post(where, {"into": second.code, "sure": "1"}).status_code == 409


def test_the_ministry_adds_materials_and_nobody_else(make, page, ministry, shanghai):
    sent = {"code": "ecu-12v", "name": "电控单元", "unit": "件", "chain": "automobiles"}
    assert page(shanghai).post("/materials/add/", sent).status_code == 403
    assert page(ministry).post("/materials/add/", sent | {"unit": ""}).status_code == 400
    assert page(ministry).post("/materials/add/", sent).status_code == 302
    again = page(ministry).post("/materials/add/", sent)
    assert again.status_code == 400 and set(again.context["form"].errors) == {"code"}
    assert Material.objects.get().name == "电控单元"


@pytest.mark.parametrize("text", ["\x00", "%s", "' OR 1=1", "x" * 10_000, "\ud7ff"])
def test_hostile_words_in_forms_break_nothing(make, page, ministry, text):
    firm, client = make.enterprise(), page(ministry)
    fields = """name uscc registration_no division registered_division former_names tags into code unit supplier buyer
        material version conflicts reason on staff_total"""
    sent = dict.fromkeys(fields.split(), text)
    own = [f"/enterprises/{firm.code}/{step}/" for step in ("edit", "merge", "retire")]
    for address in (*own, "/enterprises/add/", "/materials/add/", "/supply-links/add/"):
        assert client.post(address, sent).status_code == 400, address
