"""Taking an import of batch lines back, as long as the batch is a draft: afterwards it is reverted by a batch."""

from collections import Counter

from django.utils.translation import gettext as translate

from enterprises.register.models import Enterprise
from enterprises.whitelists import lines, policies, services
from enterprises.whitelists.models import Batch
from enterprises.whitelists.words import BatchStatus
from whitelist.core.errors import DomainError
from whitelist.sheets.models import WRITTEN, Outcome
from whitelist.sheets.tables.reverting import MOST_TOLD, Kept, UndoPreview

FATES = {Outcome.CREATED: "removed", Outcome.UPDATED: "restored"}


class LinesTakenBack:
    """The part of the sheet of batch lines that undoes: lines that still say what the import made them say."""

    def undo_preview(self, sheet_import):
        """What undoing would do now. Nothing is locked: somebody may change a line before it is done."""
        batch = Batch.objects.defer("file").get(pk=sheet_import.target["batch"])
        fates = self._fated(sheet_import, batch)
        counts = Counter(fate for _row, _line, fate in fates)
        kept = [each for each in fates if each[2] not in FATES.values()]
        told = [self._kept(*each, batch) for each in kept[:MOST_TOLD]]
        return UndoPreview(counts["restored"], counts["removed"], len(kept), told)

    def _fated(self, sheet_import, batch):
        """The rows that the import wrote, each with its line as it stands, or None, and what undoing makes of it."""
        stands = {line.enterprise_id: line for line in batch.lines.all()}
        fated = []
        for row in sheet_import.lines.filter(outcome__in=WRITTEN).order_by("number"):
            line, fate = stands.get(row.values["enterprise"]), FATES[row.outcome]
            if batch.status != BatchStatus.DRAFT:
                fate = "no_draft"
            elif line is None:
                fate = "gone"
            elif self._is_another(line, row, sheet_import):
                fate = "changed"
            fated.append((row, line, fate))
        return fated

    @staticmethod
    def _is_another(line, row, sheet_import):
        """Whether a line is no longer the one that the import wrote, or no longer says what it wrote."""
        if line.edited_by_id != sheet_import.confirmed_by_id or row.row_id not in (None, line.pk):
            return True
        return any(getattr(line, name) != row.values[name] for name in lines.LINE)

    def _kept(self, row, line, fate, batch):
        said = {
            "gone": translate("The batch has no such line any more."),
            "changed": translate("Somebody changed it since."),
            "no_draft": _no_draft(batch),
        }[fate]
        changes = ()
        if fate == "changed":
            say = self.wording([])
            told = [(self.field_label(n), say(n, row.values[n]), say(n, getattr(line, n))) for n in lines.LINE]
            changes = tuple(each for each in told if each[1] != each[2])
        return Kept(row.number, self.key_of(row), self.title_of(row), fate, said, changes=changes)

    def undo(self, sheet_import, *, by):
        """Hold the batch, then drop the lines that the import put and give the others what they said before.

        Returns the numbers of rows restored, removed and kept.
        """
        batch = Batch.objects.defer("file").get(pk=sheet_import.target["batch"])
        batch = services.hold(batch, by=by, may=policies.may_draft_batch)
        if batch.status != BatchStatus.DRAFT:  # it may become one again, and then the import can be undone
            raise DomainError(_no_draft(batch))
        fates = self._fated(sheet_import, batch)
        dropped = [line.pk for _row, line, fate in fates if fate == "removed"]
        before = {
            row.values["enterprise"]: row.values | {name: old for name, (old, _new) in row.changes.items()}
            for row, _line, fate in fates
            if fate == "restored"
        }
        note = translate("Import undone: %(file)s") % {"file": sheet_import.file_name}
        if dropped:
            lines.drop_lines(batch, dropped, by=by, note=note)
        if before:
            firms = Enterprise.objects.in_bulk(before)
            wishes = [wish | {"enterprise": firms[pk]} for pk, wish in before.items()]
            lines.restore_lines(batch, wishes, by=by, note=note)
        return {"restored": len(before), "removed": len(dropped), "kept": len(fates) - len(before) - len(dropped)}


def _no_draft(batch):
    told = translate(
        "The batch is %(state)s. Its lines are taken back only while it is a draft; a published one is reverted by a "
        "new batch."
    )
    return told % {"state": batch.get_status_display()}
