"""The register over REST: its refusals, its scope, its shapes, and its bulk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Enterprise, Material
from tests import builders

ROOT = "/api/v1/enterprises/"


def body(**given):
    return {"uscc": builders.uscc("310114"), "name": "嘉定线束（虚构）", "division": "310114"} | given


def pointers(response):
    return {error["pointer"]: error["code"] for error in response.json()["errors"]}


def test_an_enterprise_is_created_read_and_changed_with_its_tag(make, api, shanghai):
    client = api(shanghai)
    sent = body(registered_division="310000", chain="automobiles", field="strategic", size="medium", tags=["key_link"])
    sent |= {
        "staff_total": 420,
        "normal_output": "12.50",
        "industry": "3670",
        "status": "active",
        "registration_no": None,
    }
    made = client.post(ROOT, sent)
    assert made.status_code == 201 and made.json()["warnings"] == []
    told = {name: value for name, value in made.json().items() if name in sent}
    assert told == sent
    where = f"{ROOT}{sent['uscc']}/"
    read = client.get(where)
    assert read["ETag"] == made["ETag"]
    changed = client.patch(where, {"staff_total": 400}, headers={"If-Match": read["ETag"]})
    assert changed.status_code == 200 and changed.json()["staff_total"] == 400 and changed["ETag"] != read["ETag"]
    assert client.get(f"{ROOT}{made.json()['id']}/").json()["staff_total"] == 400


def test_a_change_needs_the_present_tag(make, api, shanghai):
    firm, client = make.enterprise(), api(shanghai)
    where = f"{ROOT}{firm.code}/"
    assert client.patch(where, {"name": "x"}).status_code == 428
    tag = client.get(where)["ETag"]
    assert client.patch(where, {"name": "甲"}, headers={"If-Match": tag}).status_code == 200
    late = client.patch(where, {"name": "乙"}, headers={"If-Match": tag})
    assert late.status_code == 412 and late.json()["code"] == "stale_tag"
    assert client.post(f"{where}retire/", {"reason": "closed"}).status_code == 428


@pytest.mark.parametrize("key", ["uscc", "registration_no", "pk"])
def test_it_is_found_by_either_code_or_id_within_the_scope_alone(make, api, shanghai, jilin, key):
    number = {"uscc": None, "registration_no": "310000000000017"} if key == "registration_no" else {}
    firm = make.enterprise(**number)
    where = f"{ROOT}{str(getattr(firm, key)).lower()}/"
    assert api(shanghai).get(where).json()["id"] == firm.pk
    hidden, missing = api(jilin).get(where), api(jilin).get(f"{ROOT}99999999/")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json()["detail"] == missing.json()["detail"]
    assert api(jilin).patch(where, {"name": "x"}, headers={"If-Match": "*"}).status_code == 404


def test_an_enterprise_sees_itself_and_changes_nothing(make, api):
    firm, other = make.enterprise(), make.enterprise()
    client = api(make.clerk(firm))
    assert [row["code"] for row in client.get(ROOT).json()["results"]] == [firm.code]
    assert client.get(f"{ROOT}{other.code}/").status_code == 404
    assert client.patch(f"{ROOT}{firm.code}/", {}, headers={"If-Match": "*"}).status_code == 403
    assert client.post(ROOT, {}).status_code == 403
    assert client.post("/api/v1/materials/", {}).status_code == 403


def test_who_has_not_signed_in_is_asked_to(db, api):
    for where in (ROOT, "/api/v1/materials/", "/api/v1/supply-links/"):
        assert api().get(where).status_code == 401


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"division": "220101"}, "/division", "outside_division"),
        ({"uscc": "913"}, "/uscc", "code_length"),
        ({"name": ""}, "/name", "blank"),
        ({"name": "\x00"}, "/name", "null_characters_not_allowed"),
        ({"chain": "lace"}, "/chain", "invalid_choice"),
        ({"tags": "key_link"}, "/tags", "not_a_list"),
        ({"staff_total": 10**12}, "/staff_total", "max_value"),
        ({"normal_output": "Infinity"}, "/normal_output", "invalid"),
        ({"colour": "red"}, "/colour", "invalid"),
        ({"version": 3}, "/version", "invalid"),
    ],
)
def test_bad_input_is_named_by_its_pointer(make, api, shanghai, given, pointer, code):
    answer = api(shanghai).post(ROOT, body(**given))
    assert answer.status_code == 400
    assert pointers(answer).get(pointer) is not None, answer.json()
    if pointer not in ("/colour", "/version"):
        assert pointers(answer) == {pointer: code}


def test_half_a_character_is_refused(make, api, shanghai):
    answer = api(shanghai).generic("POST", ROOT, r'{"name": "\ud800"}', content_type="application/json")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("sent", [[], "x", 7, None, {"uscc": {"a": 1}, "name": [], "division": None, "tags": [[]]}])
def test_bodies_of_other_shapes_are_refused(make, api, shanghai, sent):
    assert api(shanghai).post(ROOT, sent, format="json").status_code == 400


def test_a_doubtful_code_is_accepted_and_said(make, api, shanghai):
    code = builders.uscc("310114")
    wrong = code[:17] + ("0" if code[17] != "0" else "1")
    make.enterprise(name="嘉定线束（虚构）")
    answer = api(shanghai).post(ROOT, body(uscc=f" {wrong.lower()}"))
    assert answer.status_code == 201 and answer.json()["uscc"] == wrong
    told = {(each["field"], each["code"]) for each in answer.json()["warnings"]}
    assert told == {("uscc", "normalised"), ("uscc", "uscc_check_digit"), ("name", "same_name")}


def test_the_same_key_creates_once(make, api, shanghai):
    client, sent = api(shanghai), body()
    first, again = (client.post(ROOT, sent, headers={"Idempotency-Key": "one-and-only"}) for _ in range(2))
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    assert Enterprise.objects.count() == 1


def test_the_standing_changes_by_its_own_verbs_alone(make, api, shanghai):
    firm, client = make.enterprise(), api(shanghai)
    refused = client.patch(f"{ROOT}{firm.code}/", {"status": "retired"}, headers={"If-Match": "*"})
    assert refused.status_code == 409 and pointers(refused) == {"/status": "not_by_this_verb"}
    gone = client.post(
        f"{ROOT}{firm.code}/retire/", {"reason": "closed", "on": "2022-05-01"}, headers={"If-Match": "*"}
    )
    assert gone.json()["status"] == "retired" and gone.json()["retired_on"] == "2022-05-01"
    again = client.post(f"{ROOT}{firm.code}/retire/", {"reason": "closed"}, headers={"If-Match": "*"})
    assert again.status_code == 409
    assert client.get(f"{ROOT}?status=retired").json()["count"] == 1


def test_merging_over_rest(make, api, shanghai):
    source, into, stranger = make.enterprise(), make.enterprise(), make.enterprise("220101")
    client, where = api(shanghai), f"{ROOT}{source.code}/merge/"
    refused = client.post(where, {"into": stranger.code}, headers={"If-Match": "*"})
    assert refused.status_code == 400 and pointers(refused) == {"/into": "unknown_enterprise"}
    done = client.post(where, {"into": into.code}, headers={"If-Match": "*"}).json()
    assert (done["status"], done["merged_into"]) == ("merged", into.code)


def test_filters_and_unknown_parameters(make, api, shanghai):
    make.enterprise(name="华虹", chain="integrated_circuits", tags=["leading"])
    listed = make.listing(make.enterprise(name="沪东")).enterprise
    client = api(shanghai)
    for query, found in {
        "q=hh": ["华虹"], "chain=integrated_circuits": ["华虹"], "tag=leading": ["华虹"], "division=220000": [],
        "listed=true": [listed.name], "listed_on=2022-03-05": [listed.name], "listed=false": ["华虹"],
    }.items():  # fmt: skip
        assert [row["name"] for row in client.get(f"{ROOT}?{query}").json()["results"]] == found, query
    for query in ("colour=red", "sort=name", "mode=all", "page=2"):
        assert client.get(f"{ROOT}?{query}").json()["code"] == "unknown_parameter"
    for query in (
        "chain=lace",
        "division=31",
        "division=%EF%BC%93%EF%BC%91",
        "listed_on=soon",
        "listed=maybe",
        f"q={'x' * 201}",
    ):
        assert client.get(f"{ROOT}?{query}").status_code == 400, query


def test_lists_page_by_cursor_in_a_stable_order(make, api, shanghai):
    for _ in range(5):
        make.enterprise(name="同名")
    client, address, seen = api(shanghai), f"{ROOT}?limit=2", []
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("where", [ROOT, "/api/v1/materials/", "/api/v1/supply-links/"])
def test_the_number_of_queries_does_not_grow(make, api, shanghai, where):
    client = api(shanghai)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        return [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]

    for _ in range(2):
        make.supply_link()
    asked()
    few = asked()
    for _ in range(20):
        make.supply_link(supplier=make.enterprise("220101"))
    assert len(asked()) == len(few) <= 8


def test_bulk_creates_and_updates_by_code_all_or_nothing(make, api, shanghai):
    firm, client = make.enterprise(name="旧"), api(shanghai)
    items = [{"uscc": firm.uscc, "name": "新"}, body(), body(division="220101")]
    refused = client.post(f"{ROOT}bulk/", items)
    assert refused.status_code == 400 and pointers(refused) == {"/2/division": "outside_division"}
    assert Enterprise.objects.get().name == "旧"
    done = client.post(f"{ROOT}bulk/?mode=each", items)
    assert done.status_code == 207
    assert [each["status"] for each in done.json()["results"]] == [200, 201, 400]
    assert Enterprise.objects.get(pk=firm.pk).name == "新"


def test_bulk_never_touches_a_strangers_enterprise(make, api, shanghai):
    stranger = make.enterprise("220101", name="长春（虚构）")
    refused = api(shanghai).post(f"{ROOT}bulk/", [{"uscc": stranger.uscc, "name": "x", "division": "310115"}])
    assert pointers(refused) == {"/0/uscc": "taken"} and stranger.name not in str(refused.json())


def test_materials_are_entered_by_the_ministry_and_read_by_all(make, api, ministry, shanghai):
    sent = {"code": "ecu-12v", "name": "电控单元", "unit": "件", "chain": "automobiles", "is_bulk": False}
    assert api(ministry).post("/api/v1/materials/", sent).status_code == 201
    assert api(shanghai).post("/api/v1/materials/", sent).status_code == 403
    assert api(make.clerk()).get("/api/v1/materials/?q=ecu").json()["results"] == [sent | {"name_en": ""}]
    done = api(ministry).post("/api/v1/materials/bulk/", [sent | {"name": "控制器"}, sent | {"code": "film"}]).json()
    assert [each["status"] for each in done["results"]] == [200, 201]
    assert Material.objects.get(code="ecu-12v").name == "控制器"
    for wrong in ({"code": "a b"}, {"unit": ""}, {"chain": "lace"}, {"code": "ecu-12v"}):
        assert api(ministry).post("/api/v1/materials/", sent | wrong).status_code == 400
