"""Nominations over REST: proposed, followed, answered; of a stranger the name alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Nomination
from tests.enterprises.whitelists.asking import ROOT, pointers
from tests.enterprises.whitelists.nominating import nominate, two_sides
from whitelist.core.days import ONE, today

ADDRESS = f"{ROOT}nominations/"


@pytest.fixture
def sides(make):
    return two_sides(make)


def body(sides, **changed):
    said = {
        "buyer": sides.buyer.uscc, "supplier": sides.supplier.uscc, "contract_number": "HT-1",
        "contract_on": str(today()), "share": "40.00", "is_sole_source": True, "why": "No other", "undertaking": True,
    }  # fmt: skip
    return said | changed


def test_an_enterprise_nominates_and_reads_the_name_alone(make, api, sides):
    clerk = make.clerk(sides.buyer)
    sent = body(sides)
    del sent["buyer"]
    made = api(clerk).post(ADDRESS, sent)
    assert made.status_code == 201, made.json()
    told = made.json()
    assert told["buyer"] == {"uscc": sides.buyer.uscc, "name": sides.buyer.name}
    assert told["supplier"] == {"uscc": None, "name": sides.supplier.name}
    assert (told["white_list"]["id"], told["white_list"]["office"]["division"]) == (sides.target.pk, "220000")
    assert (told["status"], told["stage"], told["share"], told["batch"]) == ("proposed", "proposed", "40.00", None)
    assert told["steps"] == ["withdraw"]


def test_the_supplier_itself_reads_by_whom_and_not_why(make, api, sides, shanghai):
    made = nominate(sides, by=shanghai, share=40)
    told = api(make.clerk(sides.supplier)).get(f"{ADDRESS}{made.pk}/").json()
    assert told["buyer"] == {"uscc": None, "name": sides.buyer.name}
    assert (told["why"], told["share"], told["steps"]) == (None, None, [])


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"supplier": "nobody"}, ("/supplier", "unknown_enterprise")),
        ({"buyer": "91310000MA1XXXXXX0"}, ("/buyer", "unknown_enterprise")),
        ({"material": "none-such"}, ("/material", "unknown_material")),
        ({"contract_number": ""}, ("/contract_number", "blank")),
        ({"contract_on": "soon"}, ("/contract_on", "invalid")),
        ({"contract_on": str(today() + ONE)}, ("/contract_on", "in_the_future")),
        ({"share": "101"}, ("/share", "max_value")),
        ({"why": ""}, ("/why", "blank")),
        ({"undertaking": False}, ("/undertaking", "required")),
        ({"white_list": 1}, ("/white_list", "unknown_field")),
    ],
)
def test_each_wrong_field_is_named(api, sides, shanghai, changed, fault):
    answer = api(shanghai).post(ADDRESS, body(sides, **changed))
    assert answer.status_code == 400
    assert pointers(answer) == {fault}
    assert not Nomination.objects.exists()


def test_who_may_not_nominate_is_refused_before_the_body_is_read(make, api, sides, jilin):
    assert api(make.user("310000", duties=["view"])).post(ADDRESS, {}).status_code == 403
    assert api(jilin).post(ADDRESS, body(sides)).status_code == 400, "the buyer does not exist for Jilin"
    checkpoint = make.user("310000", office=make.office("310000", "checkpoint"), duties=["view", "verify"])
    assert api(checkpoint).get(ADDRESS).status_code == 403
    assert api().get(ADDRESS).status_code == 401


def test_the_same_key_nominates_once(api, sides, shanghai):
    client, key = api(shanghai), {"Idempotency-Key": "nominate-1"}
    first, again = (client.post(ADDRESS, body(sides), headers=key) for _ in range(2))
    assert (first.status_code, again.status_code, first.json()["id"]) == (201, 201, again.json()["id"])
    assert client.post(ADDRESS, body(sides)).status_code == 409, "without the key it is a second nomination"


def test_the_office_of_the_list_answers(make, api, sides, shanghai, jilin):
    made = nominate(sides, by=shanghai)
    here = f"{ADDRESS}{made.pk}/"
    for verb in ("accept", "decline"):
        assert api(shanghai).post(f"{here}{verb}/", {}).status_code == 403
        assert api(make.user("320000")).post(f"{here}{verb}/", {}).status_code == 404
    assert api(jilin).post(f"{here}withdraw/", {}).status_code == 403
    assert pointers(api(jilin).post(f"{here}decline/", {})) == {("/reason", "required")}
    assert pointers(api(jilin).post(f"{here}decline/", {"reason": "taste"})) == {("/reason", "invalid_choice")}
    assert pointers(api(jilin).post(f"{here}accept/", {"batch": 10**12})) == {("/batch", "unknown_batch")}
    taken = api(jilin).post(f"{here}accept/", {"note": "Good"})
    assert (taken.status_code, taken.json()["stage"]) == (200, "draft")
    assert taken.json()["batch"] is not None
    assert api(shanghai).get(here).json()["batch"] is None, "the batch belongs to the other office"
    assert api(jilin).post(f"{here}accept/", {}).status_code == 409
    assert api(shanghai).post(f"{here}withdraw/", {}).status_code == 409


def test_filters(make, api, sides, shanghai, jilin):
    made = nominate(sides, by=shanghai)

    def found(user, **asked):
        return api(user).get(ADDRESS, asked).json()["count"]

    assert found(jilin, waiting="true") == 1 and found(shanghai, waiting="true") == 0
    assert found(jilin, side="theirs") == 1 and found(jilin, side="ours") == 0
    assert found(shanghai, side="ours") == 1
    assert found(shanghai, status="proposed", q="卖方", white_list=made.white_list_id) == 1
    assert found(shanghai, status="declined") == 0
    assert api(shanghai).get(ADDRESS, {"state": "proposed"}).status_code == 400


def test_a_page_costs_a_constant_number_of_queries(make, api, sides, shanghai):
    client, counts = api(shanghai), []
    for wanted in (2, 40):
        while Nomination.objects.count() < wanted:
            sides.supplier = make.enterprise("220102")
            nominate(sides, by=shanghai)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ADDRESS).json()["count"] == wanted
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
