"""The lines of a draft: what a line is, what keeps it from fitting the list, and how lines come in and go."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from enterprises.register.words import Standing
from enterprises.whitelists import policies
from enterprises.whitelists.models import Batch, BatchAuthor, BatchLine
from enterprises.whitelists.words import Action, BatchStatus, Decision
from whitelist.audit.services import record
from whitelist.core.errors import DomainError, Fault, NotAllowed, WrongState

LINE = ("action", "field", "chain", "reason", "note")


def locked(batch):
    return (
        Batch.objects.select_for_update(of=("self",))
        .select_related("white_list__office")
        .order_by("pk")
        .get(pk=batch.pk)
    )


def check_edit(batch, *, by):
    """Refuse whoever may not write in the batch, and everybody once it is no draft."""
    if not policies.may_draft_batch(by, batch):
        raise NotAllowed
    if batch.status != BatchStatus.DRAFT:
        raise WrongState(_("Only a draft can be edited; this batch is %(state)s."), state=batch.get_status_display())


def for_edit(batch, by):
    batch = locked(batch)
    check_edit(batch, by=by)
    return batch


def touch(batch):
    batch.version += 1
    batch.save(update_fields=["version"])


def line_of(batch, line, *, by):
    """The line that a wish becomes; without a field or a chain of its own it has those of the register."""
    enterprise = line["enterprise"]
    return BatchLine(
        batch=batch,
        enterprise=enterprise,
        action=line["action"],
        field=line.get("field") or enterprise.field,
        chain=line.get("chain") or enterprise.chain,
        reason=line["reason"],
        note=line.get("note", ""),
        edited_by=by,
    )


@transaction.atomic
def put_lines(batch, lines, *, by, written_by=None, note=""):
    """Write lines into a draft: one per enterprise, a later wish for the same enterprise replaces the earlier.

    Each line is a dict with `enterprise` and the names of LINE. Whoever wrote them elsewhere, `written_by`, is an
    author of the batch as well. Returns the stored lines.
    """
    batch = for_edit(batch, by)
    if not lines:
        raise DomainError(_("No enterprise was chosen."))
    wishes = {line["enterprise"].pk: line for line in lines}
    if written_by is not None:
        author = BatchAuthor(batch=batch, person_id=written_by.person_id)
        BatchAuthor.objects.bulk_create([author], ignore_conflicts=True)
    return _store(batch, [line_of(batch, line, by=by) for line in wishes.values()], by=by, note=note)


@transaction.atomic
def restore_lines(batch, lines, *, by, note=""):
    """Give lines of a draft back what they said before, blanks too; each is a dict as `put_lines` takes it."""
    batch = for_edit(batch, by)
    return _store(batch, [BatchLine(batch=batch, edited_by=by, **line) for line in lines], by=by, note=note)


def _store(batch, rows, *, by, note):
    BatchLine.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["batch", "enterprise"],
        update_fields=[*LINE, "edited_by"],
        batch_size=2000,
    )
    touch(batch)
    codes = [row.enterprise.code for row in rows]
    record(batch, "lines put", by=by, after={"count": len(rows), "enterprises": codes[:50]}, note=note)
    return batch.lines.filter(enterprise__in=[row.enterprise_id for row in rows])


@transaction.atomic
def drop_lines(batch, line_ids, *, by, note=""):
    batch = for_edit(batch, by)
    dropped = batch.lines.filter(pk__in=line_ids).select_related("enterprise")
    codes = [line.enterprise.code for line in dropped]
    batch.lines.filter(pk__in=line_ids).delete()
    touch(batch)
    record(batch, "lines dropped", by=by, before={"count": len(codes), "enterprises": codes[:50]}, note=note)
    return len(codes)


def wording_of(white_list, reason):
    """How a coded reason was last worded on this list: what the note of the next rejection begins with."""
    said = BatchLine.objects.filter(
        batch__white_list=white_list, decision=Decision.REJECTED, decision_reason=reason
    ).exclude(decision_note="")
    return said.order_by("-pk").values_list("decision_note", flat=True).first() or ""


def fault_of(line):
    """What keeps a line `with_listed` from being published as the list stands now, None where nothing does."""
    is_adding = line.action == Action.ADD
    if line.decision == Decision.REJECTED:
        return None
    if is_adding and line.is_listed:
        code, told = "already_listed", _("%(name)s is on the list already; amend it instead.")
    elif is_adding and line.enterprise.status != Standing.ACTIVE:
        code, told = "not_active", _("%(name)s is no longer active in the register.")
    elif not is_adding and not line.is_listed:
        code, told = "not_listed", _("%(name)s is not on the list.")
    else:
        return None
    return Fault(f"/lines/{line.pk}", code, told % {"name": line.enterprise.name})


def faults_in(batch):
    """What would keep the batch from being published as the list stands now."""
    rows = batch.lines.exclude(decision=Decision.REJECTED).unfit().select_related("enterprise").order_by("pk")
    return [fault for fault in map(fault_of, rows) if fault]
