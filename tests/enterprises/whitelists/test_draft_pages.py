"""The workspace of a draft: enterprises found and pasted, lines changed and taken out."""

import pytest

from enterprises.models import Batch
from enterprises.whitelists import services
from tests.enterprises.whitelists.showing import HTMX, line_of, said, text

# Starting and finding


def test_a_batch_is_started_in_the_office_of_its_list(make, page, editor, ministry, jilin):
    white_list = make.white_list()
    address = f"/lists/{white_list.pk}/batches/add/"
    answer = page(editor).post(address, {"title": "Supplement of May"})
    assert answer.url == f"/batches/{Batch.objects.get().pk}/"
    assert page(editor).post(address, {"title": ""}).status_code == 400
    assert page(ministry).get(address).status_code == 403
    assert page(ministry).post(address, {"title": "Ours"}).status_code == 403
    assert page(jilin).get(address).status_code == 404


def test_batches_are_found_by_state_and_by_who_decides(make, page, editor, approver):
    waiting = make.batch("submitted", editor=editor)
    draft = make.batch("draft", editor=editor)
    client = page(approver)
    mine = text(client.get("/batches/?mine=true"))
    assert waiting.title in mine and draft.title not in mine
    assert waiting.title not in text(client.get("/batches/?status=draft"))
    assert "No batch fits" in text(client.get("/batches/?q=nothing+like+that"))
    rows = b"".join(client.get("/batches/?export=csv&sort=-age").streaming_content).decode().splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == [draft.title, waiting.title]


def test_other_provinces_do_not_find_a_batch_and_the_ministry_only_reads(page, draft, jilin, ministry):
    for address in (f"/batches/{draft.pk}/", f"/batches/{draft.pk}/submit/", f"/batches/{draft.pk}/file/"):
        assert page(jilin).get(address).status_code == 404
    assert page(jilin).post(f"/batches/{draft.pk}/put/").status_code == 404
    seen = text(page(ministry).get(f"/batches/{draft.pk}/"))
    assert "Alpha" in seen and "Submit" not in seen and 'id="add"' not in seen
    assert page(ministry).get(f"/batches/{draft.pk}/submit/").status_code == 403
    for step in ("submit", "withdraw", "put", "drop", "decide", "rename"):
        typed = {"add": draft.lines.first().enterprise.uscc, "reason": "key_link", "title": "x", "lines": "1"}
        answer = page(ministry).post(f"/batches/{draft.pk}/{step}/", typed | {"bulk": "accept"})
        assert answer.status_code == 403, step


# Drafting


def test_an_enterprise_is_found_by_any_part_of_its_name_and_added_by_one_click(make, page, editor):
    batch = make.batch("draft", editor=editor, enterprises=[])
    firm = make.enterprise(name="上海蓝新薄膜（虚构）")
    make.enterprise("220102", name="吉林蓝新薄膜（虚构）")
    client, address = page(editor), f"/batches/{batch.pk}/"
    found = text(client.get(f"{address}find/?find=lxbm", headers=HTMX))
    assert firm.name in found and "吉林" not in found and "<html" not in found
    assert firm.name in text(client.get(f"{address}?find=蓝新")), "the same without script"
    answer = client.post(f"{address}put/", {"add": firm.uscc, "reason": "sole_supplier", "find": "蓝新"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'id="batch-lines"' in text(answer) and 'hx-swap-oob="true"' in text(answer)
    line = batch.lines.get()
    assert (line.enterprise, line.action, line.reason) == (firm, "add", "sole_supplier")
    assert "in this batch" in text(client.get(f"{address}?find=蓝新"))
    assert client.post(f"{address}put/", {"add": firm.uscc, "reason": "key_link"}).status_code == 302


def test_a_listed_enterprise_is_offered_to_be_amended_or_removed(make, page, editor):
    listing = make.listing()
    batch = make.batch("draft", on=listing.white_list, editor=editor, enterprises=[])
    found = text(page(editor).get(f"/batches/{batch.pk}/?find={listing.enterprise.uscc}"))
    assert 'name="amend"' in found and 'name="remove"' in found and 'name="add" value' not in found


def test_an_enterprise_outside_the_scope_is_as_unknown_as_a_wrong_code(make, page, editor, draft):
    client, address = page(editor), f"/batches/{draft.pk}/"
    for code in (make.enterprise("220102").uscc, "nonsense"):
        client.post(f"{address}put/", {"add": code, "reason": "key_link"})
        assert said(client, address) == ["There is no enterprise with this code in your division."]
    assert draft.lines.count() == 2


def test_a_line_is_changed_in_its_row(page, editor, draft):
    line = line_of(draft, "Alpha")
    client, address = page(editor), f"/batches/{draft.pk}/"
    row = text(client.get(f"{address}lines/{line.pk}/?how=edit", headers=HTMX))
    assert row.startswith(f'<tr id="line-{line.pk}"') and 'name="chain"' in row
    typed = {"line": line.pk, "enterprise": line.enterprise.uscc, "action": "add", "reason": "livelihood"}
    answer = client.post(f"{address}put/", typed | {"chain": "food", "field": "", "note": "bread"}, headers=HTMX)
    assert f'<tr id="line-{line.pk}"' in text(answer) and "Food" in text(answer)
    line.refresh_from_db()
    assert (line.chain, line.reason, line.note) == ("food", "livelihood", "bread")
    assert client.get(f"{address}lines/{line.pk}/?how=edit").url == f"{address}?edit={line.pk}#line-{line.pk}"


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_wrong_change_keeps_what_was_typed(page, editor, draft, headers):
    line = line_of(draft, "Alpha")
    typed = {"line": line.pk, "enterprise": line.enterprise.uscc, "action": "add", "reason": "friendship"}
    answer = page(editor).post(f"/batches/{draft.pk}/put/", typed | {"note": "kept words"}, headers=headers)
    assert answer.status_code == (200 if headers else 400)
    assert "Select a valid choice." in text(answer) and "kept words" in text(answer)


def test_pasted_codes_get_a_verdict_each_and_nothing_typed_is_lost(make, page, editor, draft):
    new, old = make.enterprise(name="Delta"), line_of(draft, "Alpha").enterprise
    stranger = make.enterprise("220102").uscc
    codes = f"{new.uscc.lower()}\n\n{old.uscc}\n{new.uscc}\n{stranger}\nnonsense\n"
    answer = page(editor).post(
        f"/batches/{draft.pk}/paste/", {"codes": codes, "action": "add", "reason": "recommended"}
    )
    shown = text(answer)
    assert answer.status_code == 200
    assert [verdict.is_taken for verdict in answer.context["verdicts"]] == [True, True, False, False, False]
    assert "its line was replaced" in shown and "stands further up already" in shown
    assert answer.context["paste"]["codes"].value() == f"{stranger}\nnonsense"
    assert line_of(draft, "Delta").reason == "recommended"
    assert draft.lines.count() == 3


def test_nothing_pasted_is_refused_at_its_field(page, editor, draft):
    answer = page(editor).post(f"/batches/{draft.pk}/paste/", {"codes": " \n ", "action": "add", "reason": "other"})
    assert answer.status_code == 400 and "This field is required." in text(answer)
    assert page(editor).get(f"/batches/{draft.pk}/paste/?page=2").url == f"/batches/{draft.pk}/?page=2"


def test_ticked_lines_are_taken_out(page, editor, draft):
    client, address = page(editor), f"/batches/{draft.pk}/"
    client.post(f"{address}drop/", {})
    assert said(client, address) == ["Select the lines first."]
    client.post(f"{address}drop/", {"lines": [line_of(draft, "Alpha").pk, "9" * 30]})
    assert said(client, address) == ["Select a valid choice. %s is not one of the available choices." % ("9" * 30)]
    client.post(f"{address}drop/", {"lines": [line_of(draft, "Alpha").pk]})
    assert [line.enterprise.name for line in draft.lines.all()] == ["Beta"]


def test_lines_that_do_not_fit_are_marked_in_their_row_and_hold_the_submission(make, page, editor):
    listing = make.listing()
    batch = make.batch("draft", on=listing.white_list, editor=editor, enterprises=[listing.enterprise])
    client, address = page(editor), f"/batches/{batch.pk}/"
    shown = text(client.get(address))
    assert "is on the list already; amend it instead." in shown
    assert "1 line does not fit the list as it stands." in shown
    refused = client.post(f"{address}submit/", {"note": ""})
    assert refused.status_code == 400
    assert "is on the list already" in text(refused)
    assert listing.enterprise.name in text(client.get(f"{address}?unfit=true"))


def test_a_draft_is_renamed_and_withdrawn(page, editor, draft):
    client, address = page(editor), f"/batches/{draft.pk}/"
    client.post(f"{address}rename/", {"title": "Better words"})
    assert "Better words" in text(client.get(address))
    assert "is given up for good" in text(client.get(f"{address}withdraw/"))
    client.post(f"{address}withdraw/", {"note": "wrong list"})
    draft.refresh_from_db()
    assert draft.status == "withdrawn"
    assert client.get(f"{address}withdraw/").status_code == 409
    client.post(f"{address}put/", {"add": draft.lines.first().enterprise.uscc, "reason": "other"})
    assert said(client, address) == ["Only a draft can be edited; this batch is withdrawn."]


def test_the_figures_say_what_the_batch_does(make, page, editor):
    listing = make.listing()
    batch = make.batch("draft", on=listing.white_list, editor=editor)
    services.put_lines(
        batch, [{"enterprise": listing.enterprise, "action": "remove", "reason": "retired"}], by=batch.drafted_by
    )
    figures = page(editor).get(f"/batches/{batch.pk}/").context["figures"]
    assert (figures["adding"], figures["removing"], figures["before"], figures["after"]) == (1, 1, 1, 1)
