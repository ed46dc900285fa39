"""Supply links: declared by one side, confirmed by another, and of a stranger only the name."""

import pytest

from enterprises.models import SupplyLink
from enterprises.register import services
from whitelist.audit.models import AuditEntry
from whitelist.core.days import today
from whitelist.core.errors import DomainError, NotAllowed, WrongState

ROOT = "/api/v1/supply-links/"


@pytest.fixture
def pair(make):
    """A supplier in Jilin and a buyer in Shanghai."""
    return make.enterprise("220101", name="长春传感（虚构）"), make.enterprise("310115", name="浦东整车（虚构）")


def sent(pair, make, **given):
    supplier, buyer = pair
    return {"supplier": supplier.code, "buyer": buyer.code, "material": make.material().code, "share": "60.00"} | given


def faults(refusal):
    return {fault.pointer: fault.code for fault in refusal.value.errors}


def test_a_link_across_provinces_is_declared_here_and_confirmed_there(make, pair, shanghai, jilin):
    link = services.declare_link(by=shanghai, **sent(pair, make))
    assert not link.is_confirmed and link.declared_by == shanghai
    with pytest.raises(NotAllowed):
        services.confirm_link(link, by=shanghai)
    with pytest.raises(NotAllowed):
        services.confirm_link(link, by=make.user("440000"))
    assert services.confirm_link(link, by=jilin).is_confirmed
    with pytest.raises(WrongState):
        services.confirm_link(link, by=jilin)
    assert list(AuditEntry.objects.about(link).order_by("pk").values_list("verb", flat=True)) == [
        "declared",
        "confirmed",
    ]


def test_an_enterprise_declares_and_its_partner_confirms(make, pair):
    supplier, buyer = pair
    clerk, colleague, partner = make.clerk(buyer), make.clerk(buyer), make.clerk(supplier)
    link = services.declare_link(by=clerk, **sent(pair, make))
    for same_side in (clerk, colleague):
        with pytest.raises(NotAllowed):
            services.confirm_link(link, by=same_side)
    with pytest.raises(NotAllowed):
        services.remove_link(link, by=partner)
    services.confirm_link(link, by=partner)
    with pytest.raises(WrongState):
        services.remove_link(link, by=clerk)


def test_what_is_wrong_with_a_link_is_named(make, pair, shanghai):
    supplier, buyer = pair
    gone = make.enterprise()
    services.retire_enterprise(gone, reason="closed", on=today(), by=shanghai)
    foreign = make.enterprise("440101")
    for given, expected in (
        ({"supplier": "913"}, {"supplier": "unknown_enterprise"}),
        ({"supplier": str(supplier.pk)}, {"supplier": "unknown_enterprise"}),
        ({"supplier": gone.code}, {"supplier": "not_active"}),
        ({"supplier": buyer.code}, {"buyer": "same"}),
        ({"buyer": foreign.code}, {"supplier": "outside_scope", "buyer": "outside_scope"}),
        ({"material": "no-such"}, {"material": "unknown_material"}),
        ({"share": 101}, {"share": "max_value"}),
        ({"criticality": "fatal"}, {"criticality": "invalid_choice"}),
    ):
        with pytest.raises(DomainError) as refusal:
            services.declare_link(by=shanghai, **sent(pair, make, **given))
        assert faults(refusal) == expected
    assert not SupplyLink.objects.exists()


def test_a_link_is_declared_once(make, pair, shanghai):
    same = sent(pair, make)
    services.declare_link(by=shanghai, **same)
    with pytest.raises(DomainError) as refusal:
        services.declare_link(by=shanghai, **same)
    assert faults(refusal) == {"material": "declared_already"}


def test_confirmed_suppliers_cover_no_more_than_the_whole(make, pair, shanghai, jilin):
    part = make.material()
    make.supply_link(buyer=pair[1], material=part, share=70, is_confirmed=True)
    with pytest.raises(DomainError) as refusal:
        services.declare_link(by=shanghai, **sent(pair, make, material=part, share=40))
    assert faults(refusal) == {"share": "beyond_whole"}
    services.declare_link(by=shanghai, **sent(pair, make, material=part, share=30))


def test_changed_figures_wait_for_confirmation_again(make, pair, shanghai, jilin):
    same = sent(pair, make)
    link = services.confirm_link(services.declare_link(by=shanghai, **same), by=jilin)
    again, is_new = services.put_link(by=shanghai, **same)
    assert again == link and not is_new and again.is_confirmed
    changed, _new = services.put_link(by=shanghai, **(same | {"share": "50.00"}))
    assert not changed.is_confirmed


def test_over_rest_a_stranger_is_a_name_alone(make, api, pair, shanghai, jilin):
    supplier, buyer = pair
    made = api(shanghai).post(ROOT, sent(pair, make))
    assert made.status_code == 201
    told = made.json()
    assert told["supplier"] == {"code": None, "uscc": None, "name": supplier.name}
    assert told["buyer"]["code"] == buyer.code and told["share"] == "60.00"
    assert supplier.code not in api(make.clerk(buyer)).get(ROOT).content.decode()
    where = f"{ROOT}{told['id']}/"
    assert api(jilin).get(where).json()["buyer"]["code"] is None
    assert api(make.user("440000")).get(where).status_code == 404
    assert api(shanghai).post(f"{where}confirm/").status_code == 403
    assert api(jilin).post(f"{where}confirm/").json()["is_confirmed"] is True
    assert api(jilin).post(f"{where}confirm/").status_code == 409
    assert api(make.user("440000")).delete(where).status_code == 404
    assert api(shanghai).delete(where).status_code == 204
    assert AuditEntry.objects.get(verb="removed").before["share"] == "60.00"


def test_links_in_bulk(make, api, pair, shanghai):
    same = sent(pair, make)
    done = api(shanghai).post(f"{ROOT}bulk/", [same, same | {"share": "50.00"}])
    assert [each["status"] for each in done.json()["results"]] == [201, 200]
    refused = api(shanghai).post(f"{ROOT}bulk/", [same | {"material": "no-such"}])
    assert refused.json()["errors"][0]["pointer"] == "/0/material"


def test_filters_of_links_stay_within_the_scope(make, api, pair, shanghai):
    link = make.supply_link(supplier=pair[0], buyer=pair[1], criticality="degrades", is_sole_source=True)
    make.supply_link()
    client = api(shanghai)
    for query, count in {
        f"enterprise={pair[1].code}": 1, f"enterprise={pair[0].code}": 0, f"material={link.material.code}": 1,
        "sole=true": 1, "criticality=degrades": 1, "confirmed=true": 0, "division=220000": 1, "division=310000": 2,
        "q=传感": 1,
    }.items():  # fmt: skip
        assert client.get(f"{ROOT}?{query}").json()["count"] == count, query


def test_the_page_confirms_removes_and_hides_the_partner(make, page, pair, jilin):
    link = make.supply_link(supplier=pair[0], buyer=pair[1], declared_by=make.user("310000"))
    client = page(jilin)
    shown = client.get("/supply-links/").content.decode()
    assert pair[1].name in shown and pair[1].code not in shown and f"/enterprises/{pair[0].code}/" in shown
    client.post(f"/supply-links/{link.pk}/confirm/")
    link.refresh_from_db()
    assert link.is_confirmed
    assert "1 link goes" in client.get(f"/supply-links/{link.pk}/remove/").content.decode()
    client.post(f"/supply-links/{link.pk}/remove/")
    assert not SupplyLink.objects.exists()


def test_the_export_of_links_names_no_strangers_code(make, page, pair, jilin):
    make.supply_link(supplier=pair[0], buyer=pair[1])
    text = b"".join(page(jilin).get("/supply-links/?export=csv").streaming_content).decode()
    assert pair[0].code in text and pair[1].name in text and pair[1].code not in text


def test_an_enterprise_declares_on_the_page_and_keeps_what_it_typed(make, page, pair):
    supplier, buyer = pair
    client, part = page(make.clerk(buyer)), make.material()
    form = {
        "supplier": supplier.code,
        "buyer": buyer.code,
        "material": part.code,
        "criticality": "stops",
        "share": "130",
    }
    wrong = client.post("/supply-links/add/", form)
    assert wrong.status_code == 400 and supplier.code in wrong.content.decode()
    assert client.post("/supply-links/add/", form | {"share": "30"}).status_code == 302
    link = SupplyLink.objects.get()
    assert link.share == 30
    foreign = client.post("/supply-links/add/", form | {"buyer": make.enterprise().code, "share": ""})
    assert foreign.status_code == 400


@pytest.mark.parametrize("text", ["苏河传感（虚构）", "苏河传感(虚构)", "ＭＣＵ－９（虚构）", "mcu-9（虚构）"])
def test_a_full_name_is_found_with_brackets_of_either_width(make, text):
    link = make.supply_link(
        supplier=make.enterprise(name="苏河传感（虚构）"), material=make.material(code="mcu-9", name="mcu-9（虚构）")
    )
    make.supply_link()
    assert list(SupplyLink.objects.matching(text)) == [link]
