"""Taking an import of lines back while the batch is a draft."""

import pytest

from enterprises.models import Batch, Enterprise
from enterprises.whitelists import lines as writing
from enterprises.whitelists import services as lists
from tests.enterprises.whitelists.test_sheet import imported, row
from tests.sheets.workbooks import work
from whitelist.audit.models import AuditEntry
from whitelist.sheets.models import SheetImport
from whitelist.sheets.undo import services as undoing

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(make, editor):
    return make.batch("draft", on=make.white_list(), editor=editor, enterprises=[])


def told(batch):
    return list(batch.lines.order_by("enterprise").values_list("enterprise", *writing.LINE))


def undone(made, by):
    undoing.undo(made, by=by)
    work()
    return SheetImport.objects.get(pk=made.pk)


def test_the_draft_is_as_it_was(api, make, editor, batch):
    kept, changed, new = (make.enterprise(chain="food", field="strategic") for _n in range(3))
    wishes = [{"enterprise": firm, "action": "add", "reason": "key_link", "note": "先前"} for firm in (kept, changed)]
    writing.put_lines(batch, wishes, by=editor)
    before = told(batch)
    made = imported([row(of=kept, note="先前"), row(of=changed, note="新"), row(of=new)], batch, editor)
    assert told(batch) != before
    does = {"restored": 1, "removed": 1, "kept": 0}
    assert api(editor).get(f"/api/v1/imports/{made.pk}/undo/").json() == {**does, "rows": []}
    made = undone(made, editor)
    assert (made.state, made.undone, told(batch)) == ("undone", does, before)
    notes = AuditEntry.objects.about(batch).filter(verb__in=["lines put", "lines dropped"]).order_by("-pk")[:2]
    assert [made.file_name in entry.note for entry in notes] == [True, True]


def test_what_somebody_changed_or_dropped_since_is_kept_and_told(page, api, make, editor, batch):
    firms = [make.enterprise() for _n in range(3)]
    made = imported([row(of=firm, note="进口") for firm in firms], batch, editor)
    wish = {"enterprise": firms[0], "action": "add", "reason": "key_link", "note": "另行说明"}
    writing.put_lines(batch, [wish], by=editor)
    writing.drop_lines(batch, [batch.lines.get(enterprise=firms[1]).pk], by=editor)
    answer = api(editor).get(f"/api/v1/imports/{made.pk}/undo/").json()
    assert (answer["restored"], answer["removed"], answer["kept"]) == (0, 1, 2)
    assert [(each["row"], each["reason"]) for each in answer["rows"]] == [(2, "changed"), (3, "gone")]
    shown = page(editor).get(f"/imports/{made.pk}/undo/").content.decode()
    assert "另行说明" in shown and "进口" in shown
    assert undone(made, editor).undone == {"restored": 0, "removed": 1, "kept": 2}
    assert batch.lines.get().note == "另行说明"


def test_only_while_the_batch_is_a_draft_is_anything_taken_back(page, api, make, editor, approver, batch):
    made = imported([row(of=make.enterprise())], batch, editor)
    lists.submit_batch(batch, by=editor)
    before = told(batch)
    answer = api(editor).get(f"/api/v1/imports/{made.pk}/undo/").json()
    assert (answer["restored"], answer["removed"], answer["kept"]) == (0, 0, 1)
    assert answer["rows"][0]["reason"] == "no_draft"
    assert page(editor).get(f"/imports/{made.pk}/undo/").status_code == 200
    made = undone(made, editor)
    assert (made.state, told(batch)) == ("done", before) and made.refusal
    lists.return_batch(Batch.objects.get(pk=batch.pk), reason="incomplete", by=approver)
    lists.redraft_batch(Batch.objects.get(pk=batch.pk), by=editor)
    assert undone(made, editor).undone == {"restored": 0, "removed": 1, "kept": 0}
    assert not batch.lines.exists()


def test_a_line_that_somebody_put_again_is_theirs(make, editor, batch):
    firm = make.enterprise()
    made = imported([row(of=firm)], batch, editor)
    line = batch.lines.values(*writing.LINE).get()
    writing.drop_lines(batch, batch.lines.values_list("pk", flat=True), by=editor)
    other = make.user("310000", username="colleague")
    writing.put_lines(batch, [line | {"enterprise": firm}], by=other)
    assert undone(made, editor).undone == {"restored": 0, "removed": 0, "kept": 1}
    assert batch.lines.get().edited_by == other


def test_blanks_are_given_back_as_blanks(make, editor, batch):
    firm = make.enterprise(field="", chain="")
    writing.put_lines(batch, [{"enterprise": firm, "action": "add", "reason": "key_link"}], by=editor)
    Enterprise.objects.filter(pk=firm.pk).update(field="strategic", chain="food")
    before = told(batch)
    made = imported([row(of=firm, note="新")], batch, editor)
    assert batch.lines.get().field == "strategic"
    assert undone(made, editor).undone == {"restored": 1, "removed": 0, "kept": 0}
    assert told(batch) == before


def test_whoever_may_no_longer_write_in_the_batch_is_told_so(make, editor, batch):
    made = imported([row(of=make.enterprise())], batch, editor)
    undoing.undo(made, by=editor)
    editor.duties = ["view"]
    editor.save()
    work()
    made.refresh_from_db()
    assert (made.state, batch.lines.count()) == ("done", 1) and made.refusal
