"""The only door for status, and the only pen for the trail."""

from functools import cache

from django.db import transaction

from whitelist.audit.models import LONGEST_LABEL, AuditEntry, subject_of
from whitelist.core.compiled import Compiled
from whitelist.core.requests import current_request_id


def record(row, verb, *, by, before=None, after=None, note=""):
    """Write one entry about a row. Call it inside the transaction that changes the row.

    A row says where it belongs by `place`, a division code; without one only the actor and the nation see the entry.
    """
    return AuditEntry.objects.create(
        actor=by,
        verb=verb,
        subject=subject_of(row),
        subject_id=str(row.pk),
        label=str(row)[:LONGEST_LABEL],
        place=getattr(row, "place", ""),
        before=before or {},
        after=after or {},
        note=note,
        request_id=current_request_id(),
    )


def record_export(taken, *, form):
    """Write one entry about rows that leave as a file: who took how many of what, and by which filters."""
    office = taken.by.office
    return AuditEntry.objects.create(
        actor=taken.by,
        verb="exported",
        subject=taken.model._meta.label_lower,
        label=str(taken.title)[:LONGEST_LABEL],
        place=office.division_id if office else "",
        after={"rows": taken.total, "form": form, "filters": taken.filters_in_words},
        request_id=current_request_id(),
    )


@transaction.atomic
def advance(row, flow, name, *, by, note="", **changes):
    """Take one step of a flow: lock the row, check policy and state, write, record. Returns the locked row.

    Nothing else assigns a flow field. `changes` are further fields that the step sets.
    """
    row = type(row)._base_manager.select_for_update(of=("self",)).order_by("pk").get(pk=row.pk)
    step = flow.check(row, name, by=by)
    touched = {flow.field: step.target, **changes}
    before = {field: getattr(row, row._meta.get_field(field).attname) for field in touched}
    for field, value in touched.items():
        setattr(row, field, value)
    if hasattr(row, "version"):
        row.version += 1
        row.save(update_fields=[*touched, "version"])
    else:
        row.save(update_fields=list(touched))
    after = {field: getattr(row, row._meta.get_field(field).attname) for field in touched}
    record(row, name, by=by, before=before, after=after, note=note)
    return row


def timeline(row):
    """What happened to a row, newest first, as the part `timeline` shows it."""
    about = {A_ROW.subject: subject_of(row), A_ROW.subject_id: str(row.pk)}
    return [entry.told for entry in _entries().objects(lambda mark: about.get(mark, mark))]


A_ROW = AuditEntry(subject="a kind of row", subject_id="its key")  # places in the compiled query


@cache
def _entries():
    """Every page about one row asks it: compiled once."""
    found = AuditEntry.objects.filter(subject=A_ROW.subject, subject_id=A_ROW.subject_id)
    return Compiled(found.for_table())
