"""Lists over REST: what they contain on any day, what changed, and how many are asked for at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import WhiteList
from enterprises.whitelists import services
from tests.enterprises.whitelists.asking import ROOT, pointers
from whitelist.core.days import today

DAY = date(2022, 5, 1)


# Lists


def test_a_list_is_opened_by_an_approver_of_its_office(make, api):
    body = {"title": "Key industry", "kind": "key_industry", "opened_on": "2022-03-01", "ends_on": "2023-03-01"}
    made = api(make.user("310000")).post(f"{ROOT}white-lists/", body)
    assert made.status_code == 201
    assert {name: made.json()["office"][name] for name in ("division", "kind")} == {
        "division": "310000",
        "kind": "industry",
    }
    assert (made.json()["listed"], made.json()["last_batch"]) == (0, None)
    assert api(make.user("310000", duties=["view", "edit"])).post(f"{ROOT}white-lists/", body).status_code == 403


def test_a_list_is_refused_field_by_field(shanghai, api):
    client = api(shanghai)
    refused = client.post(f"{ROOT}white-lists/", {"title": "", "opened_on": "1 May", "extra": 1})
    assert refused.status_code == 400
    assert {pointer for pointer, _code in pointers(refused)} == {"/extra"}
    refused = client.post(f"{ROOT}white-lists/", {"title": "", "opened_on": "1 May"})
    assert {pointer for pointer, _code in pointers(refused)} == {"/title", "/opened_on", "/ends_on"}
    backwards = {"title": "T", "opened_on": "2022-05-01", "ends_on": "2022-04-01"}
    assert pointers(client.post(f"{ROOT}white-lists/", backwards)) == {("/ends_on", "before_opening")}


def test_the_same_title_twice_in_an_office_is_refused(make, shanghai, api):
    make.white_list("310000", title="Taken")
    body = {"title": "Taken", "opened_on": "2022-05-01", "ends_on": "2023-04-01"}
    assert pointers(api(shanghai).post(f"{ROOT}white-lists/", body)) == {("/title", "taken")}


def test_lists_are_seen_from_the_own_office_down(make, shanghai, jilin, changchun, ministry, api):
    white_list = make.white_list("220000")
    for user, status in ((jilin, 200), (ministry, 200), (shanghai, 404), (changchun, 404)):
        assert api(user).get(f"{ROOT}white-lists/{white_list.pk}/").status_code == status
    assert api(ministry).get(f"{ROOT}white-lists/?division=220000").json()["count"] == 1
    assert api(ministry).get(f"{ROOT}white-lists/?division=310000").json()["count"] == 0


def test_what_was_listed_on_any_day(make, shanghai, api):
    listing = make.listing(since=DAY)
    client, address = api(shanghai), f"{ROOT}white-lists/{listing.white_list_id}/listings/"
    answer = client.get(f"{address}?as_of=2022-05-01").json()
    assert answer["as_of"] == "2022-05-01"
    assert answer["results"] == [
        {
            "enterprise": {"uscc": listing.enterprise.uscc, "name": listing.enterprise.name},
            "from": "2022-05-01",
            "until": None,
            "batch": listing.opened_by_id,
            "field": "strategic",
            "chain": "automobiles",
        }
    ]
    assert client.get(f"{address}?as_of=2022-04-30").json()["results"] == []
    assert client.get(address).json()["as_of"] == str(today())
    assert client.get(f"{address}?q={listing.enterprise.uscc[5:12]}&chain=automobiles").json()["count"] == 1
    assert client.get(f"{address}?chain=food").json()["count"] == 0
    assert client.get(f"{address}?division=310115").json()["count"] == 1
    assert client.get(f"{address}?division=220000").json()["count"] == 0


@pytest.mark.parametrize("query", ["as_of=1 May", "as_of=", "chain=bicycles", "division=31", "sort=name", "nonsense=1"])
def test_a_filter_that_is_not_right_is_refused(make, shanghai, api, query):
    white_list = make.white_list()
    assert api(shanghai).get(f"{ROOT}white-lists/{white_list.pk}/listings/?{query}").status_code == 400


def test_an_enterprise_finds_itself_and_nobody_else(make, api):
    mine = make.listing()
    make.batch("published", on=mine.white_list, effective_on=DAY)
    client = api(make.clerk(mine.enterprise))
    found = client.get(f"{ROOT}white-lists/{mine.white_list_id}/listings/").json()["results"]
    assert [each["enterprise"]["uscc"] for each in found] == [mine.enterprise.uscc]
    assert client.get(f"{ROOT}white-lists/{make.white_list().pk}/listings/").status_code == 404
    assert client.get(f"{ROOT}batches/").status_code == 403


def test_the_difference_of_two_days_and_of_two_batches(make, shanghai, api):
    listing = make.listing(since=DAY)
    white_list = listing.white_list
    added = make.enterprise()
    second = make.batch("published", on=white_list, enterprises=[added], effective_on=date(2022, 5, 10))
    client, address = api(shanghai), f"{ROOT}white-lists/{white_list.pk}/diff/"
    by_days = client.get(f"{address}?from=2022-05-01&to=2022-05-10").json()
    assert by_days["counts"] == {"added": 1, "removed": 0, "amended": 0}
    assert [each["enterprise"]["uscc"] for each in by_days["added"]] == [added.uscc]
    assert (by_days["from"], by_days["to"], by_days["as_of"]) == ("2022-05-01", "2022-05-10", "2022-05-10")
    by_batches = client.get(f"{address}?from_batch={listing.opened_by_id}&to_batch={second.pk}").json()
    assert by_batches["counts"] == by_days["counts"]
    assert client.get(address).json()["to_batch"] == second.pk, "asked for nothing, it is the last batch"
    assert client.get(f"{address}?from=yesterday").status_code == 400
    assert client.get(f"{address}?to_batch=999999").status_code == 400
    assert client.get(f"{address}?since=2022-05-01").status_code == 400


def test_an_amendment_says_what_was(make, shanghai, api, editor, approver):
    listing = make.listing(since=DAY)
    batch = make.batch("draft", on=listing.white_list, enterprises=[], editor=editor)
    services.put_lines(
        batch,
        [{"enterprise": listing.enterprise, "action": "amend", "reason": "chain", "chain": "food"}],
        by=editor,
    )
    services.submit_batch(batch, by=editor)
    services.decide_lines(batch, None, decision="accepted", by=approver)
    services.approve_batch(batch, by=approver)
    services.publish_batch(batch, document_number="D 2", effective_on=date(2022, 6, 1), by=approver)
    found = api(shanghai).get(f"{ROOT}white-lists/{listing.white_list_id}/diff/?from=2022-05-31&to=2022-06-01").json()
    assert found["counts"] == {"added": 0, "removed": 0, "amended": 1}
    assert (found["amended"][0]["was"]["chain"], found["amended"][0]["chain"]) == ("automobiles", "food")


# Asking for many


def test_batches_are_found_by_state_list_and_who_decides(make, editor, approver, api):
    waiting, draft = make.batch("submitted", editor=editor), make.batch("draft", editor=editor)
    client = api(approver)

    def found(query):
        return [each["id"] for each in client.get(f"{ROOT}batches/?{query}").json()["results"]]

    assert found("mine=true") == [waiting.pk]
    assert found("mine=false") == [draft.pk]
    assert found("status=draft") == [draft.pk]
    assert found(f"white_list={waiting.white_list_id}") == [waiting.pk]
    assert api(editor).get(f"{ROOT}batches/?mine=true").json()["count"] == 0, "authors decide nothing of their own"
    for query in ("status=odd", "white_list=0", "mine=perhaps", "who=me"):
        assert client.get(f"{ROOT}batches/?{query}").status_code == 400


@pytest.mark.parametrize("what", ["lists", "listings", "batches", "lines"])
def test_lists_cost_a_constant_number_of_queries(make, shanghai, api, what):
    client, counts = api(shanghai), []
    client.get(f"{ROOT}batches/")  # the first use of a token is noted
    for size in (2, 40):
        if what == "lists":
            for _ in range(size):
                make.white_list()
            address = "white-lists/"
        elif what == "batches":
            for _ in range(size):
                make.batch("draft")
            address = "batches/"
        else:
            state = "submitted" if what == "lines" else "published"
            batch = make.batch(state, enterprises=[make.enterprise() for _ in range(size)])
            inside = f"batches/{batch.pk}/lines/" if what == "lines" else f"white-lists/{batch.white_list_id}/listings/"
            address = inside
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{ROOT}{address}?limit=200").json()["count"] >= size
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 8


def test_nobody_without_a_sign_in(make, api):
    batch = make.batch("draft")
    for address in ("white-lists/", "batches/", f"batches/{batch.pk}/", f"batches/{batch.pk}/lines/"):
        assert api().get(f"{ROOT}{address}").status_code == 401
    assert WhiteList.objects.count() == 1
