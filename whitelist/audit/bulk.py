"""The pen for many rows at once: one entry each, by one statement inside the transaction that changes the rows."""

from django.db import connection
from django.utils import timezone

from whitelist.audit.models import LONGEST_LABEL
from whitelist.core.requests import current_request_id


def record_selected(
    model, verb, *, by, source, values, place, label, before="'{}'::jsonb", after, note="''", during=""
):
    """Write an entry for every row `e` of `model` in `source`; returns how many.

    `source` is the text after FROM, in which the rows are named `e`; `place`, `label`, `before`, `after` and `note` are
    SQL expressions over it, written by the caller and never taken from an input; `values` are their parameters.
    `during` is a WITH clause to read from: there rows can be written and recorded by the same statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""{during} INSERT INTO audit_auditentry
                (at, actor_id, verb, subject, subject_id, label, place, before, after, note, request_id)
            SELECT %(at)s, %(actor)s, %(verb)s, %(subject)s, e.id::text, left({label}, {LONGEST_LABEL}), {place},
                {before}, {after}, {note}, %(request)s
            FROM {source}""",
            {
                **values,
                "at": timezone.now(),
                "actor": by.pk,
                "verb": verb,
                "subject": model._meta.label_lower,
                "request": current_request_id(),
            },
        )
        return cursor.rowcount
