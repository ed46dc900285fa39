"""Batches as they would have come about: written with their own times, step by step, under the database's own guards.

The services write what happens now. A past cannot be made with them, so this module takes the same steps in the same
order with the day they are said to have happened on; content hash, listings, file and signature come from the room.
"""

from dataclasses import dataclass, field
from datetime import time, timedelta

from alerts.board.demonstration.bulk import copy_in, run_sql
from enterprises.models import Batch, BatchLine, ListClosing, WhiteList
from enterprises.whitelists import publication, services
from enterprises.whitelists.closing.words import ClosingStatus
from enterprises.whitelists.words import Action, BatchStatus, Decision, ListKind, Reason
from whitelist.audit.models import LONGEST_LABEL, AuditEntry, subject_of
from whitelist.core.days import ONE, at

LINE = ("batch", "action", "enterprise", "field", "chain", "reason", "note", "edited_by")


@dataclass
class Wish:
    """A line: what shall happen to an invented enterprise on the list."""

    firm: object
    action: str = Action.ADD
    reason: str = Reason.KEY_LINK
    chain: str = ""
    note: str = ""


@dataclass
class Trail:
    """Audit entries of the past, collected and written at the end in order of time."""

    entries: list = field(default_factory=list)

    def add(self, row, verb, *, by, at, before=None, after=None, note=""):
        self.entries.append(
            AuditEntry(
                at=at, actor=by, verb=verb, subject=subject_of(row), subject_id=str(row.pk),
                label=str(row)[:LONGEST_LABEL], place=row.place, before=before or {}, after=after or {}, note=note,
            )
        )  # fmt: skip

    def write(self):
        self.entries.sort(key=lambda entry: entry.at)
        AuditEntry.objects.bulk_create(self.entries, batch_size=2000)


def open_list(office, *, title, opened_on, ends_on, by, trail, kind=ListKind.KEY_INDUSTRY):
    number = copy_in(
        WhiteList,
        ("office", "kind", "title", "opened_on", "ends_on"),
        [(office.pk, str(kind), title, opened_on, ends_on)],
    )
    made = WhiteList.objects.select_related("office").get(pk=number)
    after = {"title": title, "opened_on": opened_on, "ends_on": ends_on}
    trail.add(made, "opened", by=by, at=at(opened_on, time(9, 5)), after=after)
    return made


def close_list(white_list, end, *, proposer, confirmer, trail):
    """End a list on a day that is over, as its service would have on that day, refused by the same guards."""
    when, note = at(end - ONE, time(10, 15)), "疫情平稳，名单到期"
    closing = ListClosing.objects.create(
        white_list=white_list, ends_on=end, note=note, proposed_by=proposer, proposed_at=when
    )
    trail.add(white_list, "closing proposed", by=proposer, at=when, after={"ends_on": str(end)}, note=note)
    when += timedelta(hours=5)
    changes = {"status": ClosingStatus.CONFIRMED, "confirmed_by": confirmer, "confirmed_at": when}
    ListClosing.objects.filter(pk=closing.pk).update(**changes)
    run_sql(f"UPDATE enterprises_listing SET days = daterange(lower(days), '{end}') "
            f"WHERE white_list_id = {white_list.pk} AND upper_inf(days)")  # fmt: skip
    before = {"ends_on": str(white_list.ends_on), "closed_on": None}
    WhiteList.objects.filter(pk=white_list.pk).update(ends_on=end, closed_on=end)
    trail.add(
        white_list, "closed", by=confirmer, at=when, before=before, after={"ends_on": str(end), "closed_on": str(end)}
    )


class Replay:
    """One batch on its way: each method is a step, taken on the day it is given."""

    def __init__(self, white_list, wishes, *, title, editor, approver, day, trail):
        self.editor, self.approver, self.trail = editor, approver, trail
        drafted = at(day, time(10, 20))
        number = copy_in(
            Batch,
            ("white_list", "title", "drafted_by", "created_at"),
            [(white_list.pk, title, editor.pk, drafted)],
        )
        self.batch = Batch.objects.select_related("white_list__office").get(pk=number)
        self.note("drafted", editor, drafted, after={"title": title})
        self.write_lines(wishes, drafted + timedelta(minutes=35))

    def write_lines(self, wishes, when):
        copy_in(
            BatchLine,
            LINE,
            [
                (
                    self.batch.pk, str(w.action), w.firm.id, str(w.firm.field), str(w.chain or w.firm.kind.chain),
                    str(w.reason), w.note, self.editor.pk,
                )
                for w in wishes
            ],
        )  # fmt: skip
        run_sql(
            "ANALYZE enterprises_batch, enterprises_batchline, enterprises_listing"
        )  # fresh rows have no statistics yet
        codes = [wish.firm.code for wish in wishes[:50]]
        self.note("lines put", self.editor, when, after={"count": len(wishes), "enterprises": codes})

    def note(self, verb, by, when, **values):
        self.trail.add(self.batch, verb, by=by, at=when, **values)

    def step(self, verb, status, by, when, *, note="", **changes):
        """The update that the service would make, refused by the same guards, and its entry."""
        batch = self.batch
        before = {"status": batch.status} | {
            name: getattr(batch, name) for name in ("number", "effective_on") if name in changes
        }
        Batch.objects.filter(pk=batch.pk).update(status=status, version=batch.version + 1, **changes)
        batch.refresh_from_db()
        kept = {
            name: value
            for name, value in changes.items()
            if not name.startswith(("file", "content")) and not name.endswith("_by")
        }
        self.note(verb, by, when, before=before, after={"status": str(status), **kept}, note=note)
        return self

    def submit(self, day, note=""):
        when = at(day, time(17, 42))
        submitted = {"submitted_by": self.editor, "submitted_at": when, "content_hash": services.hash_of(self.batch)}
        return self.step("submit", BatchStatus.SUBMITTED, self.editor, when, note=note, **submitted)

    def return_(self, day, note):
        return self.step("return", BatchStatus.RETURNED, self.approver, at(day, time(11, 8)), note=note)

    def approve(self, day, *, rejected=(), reason=""):
        """Accept every line but those of the rejected firms, and approve."""
        when, lines = at(day, time(14, 30)), BatchLine.objects.filter(batch=self.batch)
        refused = lines.filter(enterprise__in=[firm.id for firm in rejected])
        refused.update(decision=Decision.REJECTED, decision_reason=reason, decided_by=self.approver)
        accepted = lines.filter(decision=Decision.UNDECIDED).update(
            decision=Decision.ACCEPTED, decided_by=self.approver
        )
        self.note("lines decided", self.approver, when, after={"decision": "accepted", "count": accepted, "reason": ""})
        if rejected:
            self.note(
                "lines decided",
                self.approver,
                when,
                after={"decision": "rejected", "count": len(rejected), "reason": reason},
            )
        when += timedelta(minutes=20)
        return self.step(
            "approve", BatchStatus.APPROVED, self.approver, when, approved_by=self.approver, approved_at=when
        )

    def publish(self, day, *, number, document_number, effective_on):
        """Open and close the listings, sign the file, take the number."""
        batch, when = self.batch, at(day, time(16, 5))
        batch.number, batch.document_number, batch.effective_on = number, document_number, effective_on
        publication.apply(batch)
        publication.leave_file(batch)
        batch.number = batch.effective_on = None
        changes = {"number": number, "document_number": document_number, "effective_on": effective_on}
        changes |= {"published_by": self.approver, "published_at": when}
        return self.step("publish", BatchStatus.PUBLISHED, self.approver, when, **changes)

    def through(self, day, *, number, document_number, **decision):
        """All steps to publication: submitted on the day, decided on the next, in force on the one after."""
        return self.submit(day).approve(day + ONE, **decision).publish(
            day + ONE, number=number, document_number=document_number, effective_on=day + 2 * ONE
        )  # fmt: skip
