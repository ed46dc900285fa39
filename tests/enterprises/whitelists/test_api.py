"""Lists and batches over REST: the same rules as on the pages, in JSON, with tags."""

import hashlib
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Batch, Listing, WhiteList
from enterprises.whitelists import services
from whitelist.core import seal
from whitelist.core.days import today

ROOT = "/api/v1/"
DAY = date(2022, 5, 1)


@pytest.fixture
def editor(make):
    return make.user("310000", username="editor")


@pytest.fixture
def approver(make):
    return make.user("310000", username="approver")


def tag(client, batch):
    return client.get(f"{ROOT}batches/{batch.pk}/")["ETag"]


def step(client, batch, name, body=None, match=None):
    """A step with the tag that was just read."""
    return client.post(
        f"{ROOT}batches/{batch.pk}/{name}/", body or {}, headers={"If-Match": match or tag(client, batch)}
    )


def pointers(response):
    return {(fault["pointer"], fault["code"]) for fault in response.json()["errors"]}


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


# Tags


def test_a_change_needs_the_present_tag(make, shanghai, api):
    batch, client = make.batch("draft"), api(shanghai)
    address, seen = f"{ROOT}batches/{batch.pk}/", tag(client, batch)
    assert client.patch(address, {"title": "New"}).status_code == 428
    assert client.post(f"{address}submit/", {}).status_code == 428
    renamed = client.patch(address, {"title": "New"}, headers={"If-Match": seen})
    assert (renamed.status_code, renamed.json()["title"]) == (200, "New")
    assert renamed["ETag"] != seen
    assert step(client, batch, "submit", match=seen).status_code == 412
    assert step(client, batch, "submit", match=renamed["ETag"]).status_code == 200


def test_a_stale_tag_is_refused_for_every_step(make, editor, approver, api):
    batch = make.batch("submitted", editor=editor)
    client, seen = api(approver), tag(api(approver), batch)
    lines = [line.pk for line in batch.lines.all()]
    assert step(client, batch, "decide", {"lines": lines, "decision": "accept"}).status_code == 200
    bodies = {
        "decide": {"lines": lines, "decision": "accept"},
        "return": {"reason": "incomplete"},
        "approve": {},
        "publish": {"document_number": "D", "effective_on": "2022-05-01"},
    }
    for name, body in bodies.items():
        assert step(client, batch, name, body, match=seen).status_code == 412, name
        assert client.post(f"{ROOT}batches/{batch.pk}/{name}/", body).status_code == 428, name
    for name in ("submit", "withdraw", "redraft"):
        assert step(api(editor), batch, name, match=seen).status_code == 412, name


def test_a_tag_is_honoured_for_lines_but_not_demanded(make, shanghai, api):
    batch, client = make.batch("draft"), api(shanghai)
    seen = tag(client, batch)
    body = {"action": "add", "enterprise": make.enterprise().uscc, "reason": "key_link"}
    assert client.post(f"{ROOT}batches/{batch.pk}/lines/", body).status_code == 201
    line = batch.lines.first()
    address = f"{ROOT}batches/{batch.pk}/lines/"
    assert client.post(address, body, headers={"If-Match": seen}).status_code == 412
    assert client.delete(f"{address}{line.pk}/", headers={"If-Match": seen}).status_code == 412
    assert client.delete(f"{address}{line.pk}/", headers={"If-Match": tag(client, batch)}).status_code == 204


# Two people


def test_two_people_bring_a_batch_to_publication(make, editor, approver, api):
    first, second = api(editor), api(approver)
    made = first.post(f"{ROOT}batches/", {"white_list": make.white_list().pk, "title": "May"}).json()
    batch = Batch.objects.get(pk=made["id"])
    firm = make.enterprise()
    body = {"action": "add", "enterprise": firm.uscc, "reason": "sole_supplier"}
    assert first.post(f"{ROOT}batches/{batch.pk}/lines/", body).status_code == 201
    assert step(first, batch, "submit", {"note": "please decide"}).json()["status"] == "submitted"
    line = batch.lines.get()
    decided = step(second, batch, "decide", {"lines": [line.pk, 999999], "decision": "accept", "reason": ""})
    assert decided.status_code == 207
    assert [each["status"] for each in decided.json()["results"]] == [200, 404]
    assert step(second, batch, "approve", {"note": "agreed"}).json()["status"] == "approved"
    published = step(second, batch, "publish", {"document_number": "No. 7", "effective_on": str(today())})
    assert published.status_code == 200
    assert (published.json()["number"], published.json()["document_number"]) == (1, "No. 7")
    assert Listing.objects.in_force(today()).get().enterprise == firm


def test_the_author_does_not_decide_and_does_not_approve(make, editor, api):
    batch, client = make.batch("submitted", editor=editor), api(editor)
    line = batch.lines.get().pk
    assert step(client, batch, "decide", {"lines": [line], "decision": "accept"}).status_code == 403
    refused = step(client, batch, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert step(client, batch, "return", {"reason": "other"}).status_code == 403


def test_a_system_is_the_same_person_as_who_is_responsible_for_it(make, approver, api):
    system = make.user("310000", is_system=True, responsible=approver)
    batch = make.batch("submitted", editor=system)
    assert step(api(approver), batch, "approve").status_code == 403


def test_a_step_in_the_wrong_state_is_a_conflict(make, editor, approver, api):
    draft, published = make.batch("draft", editor=editor), make.batch("published", editor=editor, approver=approver)
    assert step(api(approver), draft, "approve").status_code == 409
    assert step(api(approver), published, "approve").status_code == 409
    assert step(api(editor), published, "withdraw").status_code == 409
    client = api(editor)
    changed = client.patch(
        f"{ROOT}batches/{published.pk}/", {"title": "Other"}, headers={"If-Match": tag(client, published)}
    )
    assert (changed.status_code, changed.json()["code"]) == (409, "wrong_state")
    body = {"action": "add", "enterprise": make.enterprise().uscc, "reason": "key_link"}
    assert client.post(f"{ROOT}batches/{published.pk}/lines/", body).status_code == 409


def test_undecided_lines_hold_the_approval_back(make, editor, approver, api):
    batch = make.batch("submitted", editor=editor)
    refused = step(api(approver), batch, "approve")
    assert (refused.status_code, refused.json()["code"]) == (409, "undecided_lines")


def test_a_rejection_needs_its_reason(make, editor, approver, api):
    batch, client = make.batch("submitted", editor=editor), api(approver)
    lines = [batch.lines.get().pk]
    refused = step(client, batch, "decide", {"lines": lines, "decision": "reject"})
    assert pointers(refused) == {("/reason", "required")}
    assert step(client, batch, "decide", {"lines": lines, "decision": "shrug"}).status_code == 400
    assert step(client, batch, "decide", {"lines": [], "decision": "accept"}).status_code == 400
    assert step(client, batch, "decide", {"lines": ["one"], "decision": "accept"}).status_code == 400
    rejected = step(client, batch, "decide", {"lines": lines, "decision": "reject", "reason": "no_evidence"})
    assert rejected.json()["batch"]["counts"] == {"add": 0, "amend": 0, "remove": 0}
    refused = step(client, batch, "approve")
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_accepted")


def test_a_returned_batch_says_why_and_is_taken_up_again(make, editor, approver, api):
    batch = make.batch("submitted", editor=editor)
    assert step(api(approver), batch, "return", {"reason": "mood"}).status_code == 400
    returned = step(api(approver), batch, "return", {"reason": "incomplete", "note": "where is the contract?"}).json()
    assert (returned["status"], returned["return_reason"]) == ("returned", "incomplete")
    assert returned["return_note"] == "where is the contract?"
    assert step(api(editor), batch, "redraft").json()["status"] == "draft"


def test_lines_that_do_not_fit_are_named_at_submission(make, editor, api):
    listing = make.listing()
    batch = make.batch("draft", on=listing.white_list, enterprises=[listing.enterprise], editor=editor)
    refused = step(api(editor), batch, "submit")
    assert refused.status_code == 400
    assert pointers(refused) == {(f"/lines/{batch.lines.get().pk}", "already_listed")}


def test_a_line_that_no_longer_fits_is_not_approved(make, editor, approver, api):
    white_list, firm = make.white_list(), make.enterprise()
    late = make.batch("submitted", on=white_list, enterprises=[firm], editor=editor)
    make.batch("published", on=white_list, enterprises=[firm])
    client = api(approver)
    step(client, late, "decide", {"lines": [late.lines.get().pk], "decision": "accept"})
    refused = step(client, late, "approve")
    assert (refused.status_code, refused.json()["code"]) == (409, "lines_do_not_fit")


def test_a_day_outside_the_list_is_refused_at_its_field(make, editor, approver, api):
    batch = make.batch("approved", editor=editor, approver=approver)
    client = api(approver)
    body = {"document_number": "D", "effective_on": "2021-01-01"}
    assert pointers(step(client, batch, "publish", body)) == {("/effective_on", "impossible_day")}
    assert {p for p, _c in pointers(step(client, batch, "publish", {}))} == {"/document_number", "/effective_on"}


def test_the_conflict_with_another_open_batch_is_shown_on_both_sides(make, shanghai, api):
    white_list, firm = make.white_list(), make.enterprise()
    one = make.batch("draft", on=white_list, enterprises=[firm])
    other = make.batch("submitted", on=white_list, enterprises=[firm, make.enterprise()])
    client = api(shanghai)
    assert client.get(f"{ROOT}batches/{one.pk}/lines/").json()["results"][0]["conflict"] == other.pk
    found = client.get(f"{ROOT}batches/{other.pk}/lines/?conflict=true").json()["results"]
    assert [(each["enterprise"]["uscc"], each["conflict"]) for each in found] == [(firm.uscc, one.pk)]


# After publication


def test_the_file_comes_byte_for_byte_as_signed(make, shanghai, jilin, api):
    batch = make.batch("published")
    answer = api(shanghai).get(f"{ROOT}batches/{batch.pk}/file/")
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-SHA256"] == hashlib.sha256(answer.content).hexdigest() == batch.file_hash
    assert answer["X-Key-Id"] == seal.key_id()
    assert seal.is_genuine(answer.content, answer["X-Signature"])
    assert api(shanghai).get(f"{ROOT}batches/{make.batch('draft').pk}/file/").status_code == 404
    assert api(jilin).get(f"{ROOT}batches/{batch.pk}/file/").status_code == 404


def test_a_published_batch_is_undone_by_a_new_draft(make, shanghai, api):
    batch, client = make.batch("published"), api(shanghai)
    undo = client.post(f"{ROOT}batches/{batch.pk}/revert/", {"note": "wrong list"})
    assert undo.status_code == 201
    assert (undo.json()["reverts"], undo.json()["status"]) == (batch.pk, "draft")
    assert undo.json()["counts"] == {"add": 0, "amend": 0, "remove": 1}
    assert client.post(f"{ROOT}batches/{undo.json()['id']}/revert/", {}).status_code == 409
    stale = client.post(f"{ROOT}batches/{batch.pk}/revert/", {}, headers={"If-Match": '"batch-1-0"'})
    assert stale.status_code == 412


def test_a_repeated_request_is_answered_once(make, editor, api):
    client = api(editor)
    body, key = {"white_list": make.white_list().pk, "title": "Once"}, {"Idempotency-Key": "draft-1"}
    first, again = (client.post(f"{ROOT}batches/", body, headers=key) for _ in range(2))
    assert first.json() == again.json()
    assert Batch.objects.count() == 1
    batch = make.batch("draft", editor=editor)
    headers = {"Idempotency-Key": "submit-1", "If-Match": tag(client, batch)}
    answers = [client.post(f"{ROOT}batches/{batch.pk}/submit/", {}, headers=headers) for _ in range(2)]
    assert [each.status_code for each in answers] == [200, 200], "the answer is replayed although the tag is stale"


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
