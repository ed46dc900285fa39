"""The workspace of a submitted batch: lines decided by a second person, then approved and published."""

import hashlib
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Batch, Listing
from enterprises.whitelists import services
from tests.enterprises.whitelists.showing import HTMX, line_of, said, text
from whitelist.core import seal
from whitelist.core.days import today

# Deciding


def test_the_page_says_who_is_waited_for(page, submitted, editor, approver):
    assert "Wang Shen" in text(page(editor).get(f"/batches/{submitted.pk}/"))
    assert "needs a second person: you" in text(page(approver).get(f"/batches/{submitted.pk}/"))


def test_an_office_without_a_second_person_is_told_so(make, page):
    alone = make.user("310000")
    draft = make.batch("draft", editor=alone)
    assert "there is nobody yet" in text(page(alone).get(f"/batches/{draft.pk}/"))
    assert "Ask its administrator" in text(page(alone).get(f"/batches/{draft.pk}/submit/"))


def test_a_line_is_accepted_in_place(page, submitted, approver):
    line = line_of(submitted, "Alpha")
    answer = page(approver).post(f"/batches/{submitted.pk}/decide/", {"accept": line.pk}, headers=HTMX)
    shown = text(answer)
    assert shown.startswith(f'<tr id="line-{line.pk}" data-done>') and "<html" not in shown
    assert "Approve: 2 still undecided" in shown and 'id="batch-figures"' in shown
    line.refresh_from_db()
    assert (line.decision, line.decided_by) == ("accepted", approver)


def test_the_same_without_script_keeps_the_filters(page, submitted, approver):
    line = line_of(submitted, "Alpha")
    typed = {"accept": line.pk, "back": "decision=undecided&chain=automobiles"}
    answer = page(approver).post(f"/batches/{submitted.pk}/decide/", typed)
    assert answer.url == f"/batches/{submitted.pk}/?decision=undecided&chain=automobiles"
    assert line_of(submitted, "Alpha").decision == "accepted"


def test_a_rejection_asks_for_its_reason_and_remembers_it(page, submitted, approver):
    line, client, address = line_of(submitted, "Alpha"), page(approver), f"/batches/{submitted.pk}/"
    asked = text(client.get(f"{address}lines/{line.pk}/?how=reject", headers=HTMX))
    assert 'value="not_key" checked' in asked
    assert "Why is it rejected?" in text(client.get(f"{address}?reject={line.pk}")), "the same without script"
    client.post(f"{address}decide/", {"reject": line.pk})
    assert said(client, address) == ["A rejection needs a reason."]
    answer = client.post(f"{address}decide/", {"reject": line.pk, "reason": "no_evidence", "note": "?"}, headers=HTMX)
    assert "Evidence missing" in text(answer)
    other = line_of(submitted, "Beta")
    assert 'value="no_evidence" checked' in text(client.get(f"{address}lines/{other.pk}/?how=reject", headers=HTMX))


def test_many_are_decided_at_once(page, submitted, approver):
    client, address = page(approver), f"/batches/{submitted.pk}/"
    ticked = [line_of(submitted, name).pk for name in ("Alpha", "Beta")]
    client.post(f"{address}decide/", {"bulk": "reject", "lines": ticked, "reason": "duplicate"})
    assert said(client, address) == ["2 lines rejected."]
    client.post(f"{address}decide/", {"bulk": "undo", "lines": ticked[:1]})
    assert said(client, address) == ["1 line open again."]
    client.post(f"{address}decide/", {"bulk": "accept_rest"})
    assert said(client, address) == ["2 lines accepted."]
    assert [line_of(submitted, name).decision for name in ("Alpha", "Beta", "Gamma")] == [
        "accepted",
        "rejected",
        "accepted",
    ]
    client.post(f"{address}decide/", {"bulk": "accept"})
    assert said(client, address) == ["Select the lines first."]


def test_with_htmx_a_refusal_loads_the_page_anew(make, page, approver, editor):
    published = make.batch("published", editor=editor)
    line = published.lines.get()
    answer = page(approver).post(f"/batches/{published.pk}/decide/", {"accept": line.pk}, headers=HTMX)
    assert answer["HX-Redirect"] == f"/batches/{published.pk}/"


def test_lines_are_filtered_in_the_address(make, page, submitted, approver):
    client, address = page(approver), f"/batches/{submitted.pk}/"
    services.decide_lines(submitted, [line_of(submitted, "Alpha").pk], decision="accepted", by=approver)
    make.batch("draft", on=submitted.white_list, enterprises=[line_of(submitted, "Beta").enterprise])

    def shown(query):
        return [row.enterprise.name for row in client.get(f"{address}?{query}").context["rows"]]

    assert shown("decision=undecided") == ["Beta", "Gamma"]
    assert shown("conflict=true") == ["Beta"]
    assert shown("q=alph") == ["Alpha"]
    assert shown("action=remove") == []
    assert shown("sort=-name") == ["Gamma", "Beta", "Alpha"]
    assert shown("division=310115&chain=automobiles") == ["Alpha", "Beta", "Gamma"]
    rows = b"".join(client.get(f"{address}?decision=undecided&export=csv").streaming_content).decode()
    assert "Alpha" not in rows and "Beta" in rows


def test_the_conflict_with_another_open_batch_leads_there(make, page, submitted, approver):
    other = make.batch("draft", on=submitted.white_list, enterprises=[line_of(submitted, "Beta").enterprise])
    shown = text(page(approver).get(f"/batches/{submitted.pk}/"))
    assert "Also in" in shown and f'<a href="/batches/{other.pk}/">{other.title}</a>' in shown


def test_the_author_neither_decides_nor_approves(page, submitted, editor):
    client, address = page(editor), f"/batches/{submitted.pk}/"
    shown = text(client.get(address))
    assert 'data-key="a"' not in shown and "approve/" not in shown
    assert client.post(f"{address}decide/", {"bulk": "accept_rest"}).status_code == 403
    assert client.post(f"{address}approve/").status_code == 403
    assert client.get(f"{address}return/").status_code == 403
    assert not submitted.lines.exclude(decision="undecided").exists()


def test_undecided_lines_disable_the_approval_and_say_why(page, submitted, approver):
    client, address = page(approver), f"/batches/{submitted.pk}/"
    assert "3 lines are not decided yet." in text(client.get(address))
    client.post(f"{address}approve/")
    assert said(client, address) == ["3 lines are not decided yet."]


def test_what_changed_after_the_page_was_opened_is_not_approved(make, page, submitted, approver):
    client, address = page(approver), f"/batches/{submitted.pk}/"
    client.post(f"{address}decide/", {"bulk": "accept_rest"})
    seen = client.get(address).context["batch"].version
    services.decide_lines(
        submitted, [line_of(submitted, "Beta").pk], decision="rejected", reason="other", by=make.user("310000")
    )
    client.post(f"{address}approve/", {"version": seen})
    assert said(client, address) == ["The batch has changed since you opened it. Look at it again; nothing was done."]
    assert Batch.objects.get(pk=submitted.pk).status == "submitted"


def test_a_batch_goes_back_with_a_reason_and_comes_again(page, submitted, editor, approver):
    client, address = page(approver), f"/batches/{submitted.pk}/"
    assert client.post(f"{address}return/", {"note": "no reason"}).status_code == 400
    client.post(f"{address}return/", {"reason": "incomplete", "note": "Where is the contract?"})
    shown = text(page(editor).get(address))
    assert "Returned: incomplete" in shown and "Where is the contract?" in shown and "Take up again" in shown
    page(editor).post(f"{address}redraft/")
    page(editor).post(f"{address}submit/", {"note": "here it is"})
    assert Batch.objects.get(pk=submitted.pk).status == "submitted"


# Approved and published


def test_two_people_publish_a_batch_in_six_clicks(make, page, editor, approver):
    batch = make.batch("draft", editor=editor)
    address = f"/batches/{batch.pk}/"
    assert page(editor).get(f"{address}submit/").status_code == 200
    page(editor).post(f"{address}submit/", {"note": ""})
    client = page(approver)
    client.post(f"{address}decide/", {"bulk": "accept_rest"})
    assert "Approve 1 accepted line" in text(client.get(address))
    client.post(f"{address}approve/")
    asked = text(client.get(address))
    assert "1 listings begin" in asked and f'value="{today()}"' in asked
    client.post(f"{address}publish/", {"document_number": "No. 7", "effective_on": str(today())})
    assert said(client, address) == ["Published as batch 1 of the list."]
    assert Listing.objects.in_force(today()).count() == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"document_number": ""}, "This field is required."),
        ({"effective_on": "2021-01-01"}, "The list runs from 2022-03-01 to 2032-12-30."),
        ({"effective_on": "tomorrow"}, "Enter a valid date."),
    ],
)
def test_what_is_wrong_with_a_publication_stands_at_its_field(make, page, editor, approver, changed, sentence):
    batch = make.batch("approved", editor=editor, approver=approver)
    typed = {"document_number": "No. 7", "effective_on": "2022-05-01"} | changed
    answer = page(approver).post(f"/batches/{batch.pk}/publish/", typed)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert Batch.objects.get(pk=batch.pk).status == "approved"


def test_a_published_batch_shows_its_file_and_is_undone_by_another(make, page, editor, approver):
    batch = make.batch("published", editor=editor, approver=approver)
    client, address = page(editor), f"/batches/{batch.pk}/"
    shown = text(client.get(address))
    assert batch.file_hash in shown and batch.file_signature in shown and "/.well-known/whitelist/keys.json" in shown
    file = client.get(f"{address}file/")
    assert hashlib.sha256(file.content).hexdigest() == batch.file_hash == file["X-Content-SHA256"]
    assert seal.is_genuine(file.content, file["X-Signature"])
    assert "attachment" in file["Content-Disposition"]
    answer = client.post(f"{address}revert/", {"note": "wrong"})
    undo = Batch.objects.get(reverts=batch)
    assert answer.url == f"/batches/{undo.pk}/"
    assert "This batch undoes" in text(client.get(answer.url))
    assert client.get(f"/batches/{undo.pk}/file/").status_code == 404
    assert client.get(f"/batches/{undo.pk}/revert/").status_code == 409


def test_a_step_out_of_turn_is_refused(make, page, editor, approver):
    published = make.batch("published", editor=editor, approver=approver)
    client, address = page(approver), f"/batches/{published.pk}/"
    for step in ("submit", "withdraw", "publish"):
        assert client.get(f"{address}{step}/").status_code == 409, step
    client.post(f"{address}approve/")
    assert said(client, address) == ["“Approve” is not possible: this is published now."]
    typed = {"document_number": "No. 8", "effective_on": str(date(2022, 6, 1))}
    assert client.post(f"{address}publish/", typed).status_code == 409


# The page itself


def test_the_workspace_costs_the_same_for_2_and_for_40_lines(make, page, editor, approver):
    client, counts = page(approver), []
    for size in (2, 40):
        batch = make.batch("submitted", editor=editor, enterprises=[make.enterprise() for _ in range(size)])
        address = f"/batches/{batch.pk}/"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(address).context["rows"]) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("status", ["draft", "submitted", "approved", "published"])
def test_the_workspace_is_drawn_in_both_languages(make, page, editor, approver, status, language):
    batch = make.batch(status, editor=editor, approver=approver)
    steps = {
        "draft": ["submit", "withdraw"],
        "submitted": ["return"],
        "approved": ["return", "publish"],
        "published": ["revert"],
    }
    for user in (editor, approver):
        client = page(user)
        client.cookies["language"] = language
        assert client.get(f"/batches/{batch.pk}/").status_code == 200
    for step in steps[status]:
        assert client.get(f"/batches/{batch.pk}/{step}/").status_code == 200
    assert client.get("/batches/").status_code == 200


def test_a_reason_keeps_the_wording_it_had_last_on_this_list(page, approver, submitted):
    client, address = page(approver), f"/batches/{submitted.pk}/decide/"
    first, second = line_of(submitted, "Alpha"), line_of(submitted, "Beta")
    row = f"/batches/{submitted.pk}/lines/{second.pk}/?how=reject"
    assert 'value="Second tier, not a key link"' not in text(client.get(row, headers=HTMX))
    client.post(address, {"reject": first.pk, "reason": "not_key", "note": "Second tier, not a key link"})
    opened = text(client.get(row, headers=HTMX))
    assert 'value="Second tier, not a key link"' in opened, "the wording is offered and can be edited"
    client.post(address, {"reject": second.pk, "reason": "not_key", "note": "Worded anew"})
    second.refresh_from_db()
    assert (second.decision_reason, second.decision_note) == ("not_key", "Worded anew")
