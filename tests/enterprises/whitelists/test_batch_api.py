"""Batches over REST: two people, the tags they read, the signed file."""

import hashlib
from datetime import date

from enterprises.models import Batch, Listing
from tests.enterprises.whitelists.asking import ROOT, pointers, step, tag
from whitelist.core import seal
from whitelist.core.days import today

DAY = date(2022, 5, 1)


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
