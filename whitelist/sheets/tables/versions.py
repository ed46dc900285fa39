"""The guard of files that were exported and come back: a row that somebody changed meanwhile is not overwritten."""

from collections import defaultdict

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from whitelist.audit.models import AuditEntry
from whitelist.audit.words import KEYS
from whitelist.core.templatetags.face import moment
from whitelist.sheets.files.cells import Number
from whitelist.sheets.kinds import Column
from whitelist.sheets.models import Outcome

MOST_CHANGES = 5
VERSION = Column(
    "version",
    _lazy("Version"),
    ("版本", "版本号", "行版本", "row version"),
    Number(9),
    is_exported=True,
    note=_lazy("Written by exports, so that nobody's later change is overwritten. Leave it as it is."),
)


def take(rows):
    """The versions at which the rows were exported, taken out of their values: {row number: version}."""
    if not rows or VERSION.key not in rows[0].columns:
        return {}
    return {row.number: row.values.pop(VERSION.key) for row in rows if VERSION.key in row.values}


def guard(groups, exported, *, model):
    """Fault the rows whose stored twin is not the one that was exported, unless they change nothing anyway.

    `groups` are rows of one key, the first of them compared already.
    """
    moved = []
    for same in groups:
        first, said = same[0], [exported[row.number] for row in same if row.number in exported]
        if first.is_rejected or not said:
            continue
        if first.outcome == Outcome.CREATED:
            first.fault(VERSION.key, "changed_since_export", _gone())
        elif first.outcome == Outcome.UPDATED and {*said} != {first.row_version}:
            moved.append((first, min(said)))
    entries = _entries([row.row_id for row, _version in moved], model)
    for row, version in moved:
        row.fault(VERSION.key, "changed_since_export", _told(version, row.row_version, entries[str(row.row_id)]))


def _gone():
    return _(
        "This row was exported from the register, and is no longer there. Leave it out, or delete the cell of the "
        "version to create it anew."
    )


def _entries(ids, model):
    """The trail of these rows, oldest first, by the row's id."""
    found = defaultdict(list)
    if ids:
        about = AuditEntry.objects.filter(subject=model._meta.label_lower, subject_id__in=list(map(str, ids)))
        for entry in about.order_by("pk").select_related("actor"):
            found[entry.subject_id].append(entry)
    return found


def _told(version, now, entries):
    """Who changed what and when since that version, and what can be done."""
    since = [entry for entry in entries if entry.before.get("version", -1) >= version] or entries[-1:]
    if not since:
        told = _(
            "This row was exported at version %(version)s and stands at %(now)s. Export it again, or delete the cell "
            "of the version to insist on yours."
        )
        return told % {"version": version, "now": now}
    told = _(
        "%(who)s changed this row on %(when)s, after it was exported: %(what)s. Export it again, or delete the cell of "
        "the version to insist on yours."
    )
    last = since[-1].told
    return told % {"who": last.who, "when": moment(last.at), "what": _changes(since) or last.verb}


def _changes(entries):
    """What the entries changed together, first value → last value."""
    moved: dict = {}
    for entry in entries:
        for label, before, after in entry.told.changes:
            moved[label] = (moved.get(label, (before,))[0], after)
    moved.pop(capfirst(str(KEYS["version"])), None)
    shown = [f"{label} {before or '∅'} → {after or '∅'}" for label, (before, after) in moved.items()]
    return "; ".join(shown[:MOST_CHANGES]) + (" …" if len(shown) > MOST_CHANGES else "")
