"""The lines of a draft over REST: put one by one or many at once, each wrong one naming its field."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.enterprises.whitelists.asking import ROOT, pointers, step, tag

DAY = date(2022, 5, 1)


# Drafts and their lines


def test_a_batch_is_drafted_in_the_office_of_its_list(make, shanghai, jilin, ministry, api):
    body = {"white_list": make.white_list("310000").pk, "title": "Supplement of May"}
    made = api(shanghai).post(f"{ROOT}batches/", body)
    assert made.status_code == 201
    assert (made.json()["status"], made.json()["steps"]) == ("draft", ["withdraw", "submit"])
    assert api(ministry).post(f"{ROOT}batches/", body).status_code == 403
    refused = api(jilin).post(f"{ROOT}batches/", body)
    assert refused.status_code == 400
    assert pointers(refused) == {("/white_list", "does_not_exist")}


def test_the_ministry_sees_a_provinces_batch_and_leaves_it_alone(make, ministry, jilin, api):
    batch = make.batch("draft")
    client = api(ministry)
    assert client.get(f"{ROOT}batches/{batch.pk}/").status_code == 200
    assert client.get(f"{ROOT}batches/{batch.pk}/lines/").json()["count"] == 1
    for answer in (
        step(client, batch, "submit"),
        step(client, batch, "withdraw"),
        client.post(f"{ROOT}batches/{batch.pk}/submit/", {}),
        client.patch(f"{ROOT}batches/{batch.pk}/", {"title": "Ours"}),
        client.post(f"{ROOT}batches/{batch.pk}/lines/", {}),
        client.post(f"{ROOT}batches/{batch.pk}/lines/bulk/", {}),
        client.delete(f"{ROOT}batches/{batch.pk}/lines/{batch.lines.get().pk}/"),
    ):
        assert answer.status_code == 403, answer.json()
    assert api(jilin).get(f"{ROOT}batches/{batch.pk}/").status_code == 404
    assert api(jilin).post(f"{ROOT}batches/{batch.pk}/lines/", {}).status_code == 404


def test_a_line_is_put_once_and_then_replaced(make, shanghai, api):
    batch, firm = make.batch("draft", enterprises=[]), make.enterprise()
    client, address = api(shanghai), f"{ROOT}batches/{batch.pk}/lines/"
    body = {"action": "add", "enterprise": firm.uscc, "reason": "key_link", "note": "sole maker of the part"}
    first = client.post(address, body)
    assert first.status_code == 201
    assert first.json()["enterprise"] == {"uscc": firm.uscc, "name": firm.name}
    assert (first.json()["chain"], first.json()["decision"]) == ("automobiles", "undecided")
    assert first["ETag"] == tag(client, batch)
    again = client.post(address, {**body, "chain": "food", "reason": "livelihood"})
    assert (again.status_code, again.json()["id"], again.json()["chain"]) == (200, first.json()["id"], "food")
    assert client.delete(f"{address}{first.json()['id']}/").status_code == 204
    assert client.delete(f"{address}{first.json()['id']}/").status_code == 404
    assert client.get(address).json()["count"] == 0


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"action": "hide"}, ("/action", "invalid_choice")),
        ({"reason": "friendship"}, ("/reason", "invalid_choice")),
        ({"chain": "bicycles"}, ("/chain", "invalid_choice")),
        ({"field": "space"}, ("/field", "invalid_choice")),
        ({"note": "x" * 501}, ("/note", "max_length")),
        ({"enterprise": "91310000X"}, ("/enterprise", "does_not_exist")),
        ({"enterprise": ["91310000X"]}, ("/enterprise", "invalid")),
        ({"enterprise": None}, ("/enterprise", "null")),
        ({"decision": "accepted"}, ("/decision", "invalid")),
    ],
)
def test_a_wrong_line_names_its_field(make, shanghai, api, changed, fault):
    batch = make.batch("draft", enterprises=[])
    body = {"action": "add", "enterprise": make.enterprise().uscc, "reason": "key_link", **changed}
    refused = api(shanghai).post(f"{ROOT}batches/{batch.pk}/lines/", body)
    assert refused.status_code == 400
    assert {pointer for pointer, _code in pointers(refused)} == {fault[0]}
    assert not batch.lines.exists()


def test_an_enterprise_of_another_province_is_as_unknown_as_a_wrong_code(make, shanghai, api):
    batch, stranger = make.batch("draft", enterprises=[]), make.enterprise("220102")
    address = f"{ROOT}batches/{batch.pk}/lines/"
    body = {"action": "add", "enterprise": stranger.uscc, "reason": "key_link"}
    outside = api(shanghai).post(address, body)
    unknown = api(shanghai).post(address, {**body, "enterprise": make.uscc("310115")})
    assert outside.status_code == unknown.status_code == 400
    assert outside.json()["errors"] == unknown.json()["errors"]


def test_many_lines_come_all_or_none(make, shanghai, api):
    batch = make.batch("draft", enterprises=[])
    good = [{"action": "add", "enterprise": make.enterprise().uscc, "reason": "key_link"} for _ in range(3)]
    client, address = api(shanghai), f"{ROOT}batches/{batch.pk}/lines/bulk/"
    refused = client.post(address, [*good, {**good[0], "reason": "friendship"}, good[1], 7])
    assert refused.status_code == 400
    assert pointers(refused) == {
        ("/3/reason", "invalid_choice"),
        ("/4/enterprise", "named_twice"),
        ("/5", "invalid"),
    }
    assert not batch.lines.exists()
    assert client.post(address, good).status_code == 201
    assert batch.lines.count() == 3
    assert client.post(f"{ROOT}batches/{batch.pk}/lines/", good).status_code == 201, "a list is taken there too"


def test_many_lines_each_with_its_own_result(make, shanghai, api):
    batch = make.batch("draft", enterprises=[])
    good = {"action": "add", "enterprise": make.enterprise().uscc, "reason": "key_link"}
    bad = {**good, "enterprise": "nobody"}
    answer = api(shanghai).post(f"{ROOT}batches/{batch.pk}/lines/bulk/?mode=each", [bad, good])
    assert answer.status_code == 207
    assert [each["status"] for each in answer.json()["results"]] == [400, 201]
    assert answer.json()["results"][0]["problem"]["errors"][0]["pointer"] == "/enterprise"
    assert batch.lines.count() == 1


def test_many_lines_cost_a_constant_number_of_queries(make, shanghai, api):
    client, counts = api(shanghai), []
    client.get(f"{ROOT}batches/")  # the first use of a token is noted
    for size in (2, 40):
        batch = make.batch("draft", enterprises=[])
        items = [{"action": "add", "enterprise": make.enterprise().uscc, "reason": "key_link"} for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            assert client.post(f"{ROOT}batches/{batch.pk}/lines/bulk/", items).status_code == 201
        counts.append(len(queries))
    assert counts[0] == counts[1]
