"""Taking an import of rows back: which of them are still as it left them, and what they were before."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.db.models import Count
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from whitelist.audit.bulk import record_selected
from whitelist.audit.models import AuditEntry
from whitelist.sheets.kinds import Row
from whitelist.sheets.models import Outcome, SheetRow

MOST_TOLD = 200


@dataclass(frozen=True)
class Kept:
    """A row that an undo leaves as it is, and why: `who` did what since, and `changes` as (label, before, after)."""

    number: int
    key: str
    title: str
    reason: str
    said: str
    who: str = ""
    at: datetime | None = None
    changes: tuple = ()


@dataclass(frozen=True)
class UndoPreview:
    """What an undo would do: rows restored, removed and kept; of those kept the first ones are told."""

    restored: int
    removed: int
    kept: int
    rows: list = field(default_factory=list)

    @property
    def untold(self):
        """How many rows are kept that are not listed one by one."""
        return self.kept - len(self.rows)


def relations(model):
    """Every foreign key that points to this model, also those without a name for the way back."""
    related = model._meta.get_fields(include_hidden=True)
    return [
        each for each in related if each.auto_created and not each.concrete and (each.one_to_many or each.one_to_one)
    ]


class Revertible:
    """The part of a ModelSheet that undoes. Rows that changed since the import are kept, and so are those of its new
    rows that something refers to; the others become what they were, or go.
    """

    can_undo = True
    model: type

    def matches(self):
        """SQL conditions, each finding some of the stored rows `e` that the rows `r` of the file created."""
        return [f"e.{name} = r.key" for name in self.keys]

    def _fates(self):
        """SQL for (number, id, fate) of every row that the import wrote; the fate of a kept one says why.

        Each row looks its twin up for itself: joined as two sets, rows that were just stored, and of which there are no
        statistics yet, would be compared each with each.
        """
        table = self.model._meta.db_table
        fields = {each.column for each in self.model._meta.local_concrete_fields}
        same = "AND e.created_at BETWEEN %(since)s AND %(until)s" if "created_at" in fields else ""
        found = " UNION ALL ".join(
            f"SELECT e.id, e.version FROM {table} e WHERE r.outcome = '{outcome}' AND {match} {limit}"
            for outcome, match, limit in (
                ("updated", "e.id = r.row_id", ""),
                *(("created", match, same) for match in self.matches()),
            )
        )
        referred = " OR ".join(
            f'EXISTS (SELECT 1 FROM "{each.related_model._meta.db_table}" t WHERE t."{each.field.column}" = f.id)'
            for each in relations(self.model)
        )
        return f"""SELECT r.number, f.id, CASE
                WHEN f.id IS NULL THEN 'gone'
                WHEN f.version <> CASE r.outcome WHEN 'created' THEN 1 ELSE r.row_version + 1 END THEN 'changed'
                WHEN r.outcome = 'updated' THEN 'restored'
                WHEN {referred or "false"} THEN 'referred'
                ELSE 'removed' END AS fate
            FROM sheets_sheetrow r LEFT JOIN LATERAL ({found}) f ON true
            WHERE r.sheet_import_id = %(import)s AND r.outcome IN ('created', 'updated')"""

    def _named(self, sheet_import):
        finished = (
            AuditEntry.objects.about(sheet_import).filter(verb="finish").order_by("-pk").values_list("at", flat=True)
        )
        return {"import": sheet_import.pk, "since": sheet_import.confirmed_at, "until": finished.first()}

    def undo_preview(self, sheet_import):
        """What undoing would do now. Nothing is locked: somebody may change a row before it is done."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT fate, count(*) FROM ({self._fates()}) x GROUP BY fate", self._named(sheet_import))
            counts = dict(cursor.fetchall())
            cursor.execute(
                f"""SELECT number, id, fate FROM ({self._fates()}) x
                WHERE fate NOT IN ('restored', 'removed') ORDER BY number LIMIT {MOST_TOLD}""",
                self._named(sheet_import),
            )
            kept = cursor.fetchall()
        restored, removed = counts.pop("restored", 0), counts.pop("removed", 0)
        return UndoPreview(restored, removed, sum(counts.values()), self._told(sheet_import, kept))

    def _told(self, sheet_import, kept):
        lines = {line.number: line for line in sheet_import.lines.filter(number__in=[number for number, *_x in kept])}
        changed = self._last_changes([pk for _number, pk, fate in kept if fate == "changed"])
        referring = self._referring([pk for _number, pk, fate in kept if fate == "referred"])
        told = []
        for number, pk, fate in kept:
            line, entry = lines[number], changed.get(pk) if fate == "changed" else None
            said = {
                "gone": _("It is no longer found under this code."),
                "changed": _("Somebody changed it since."),
                "referred": _("It is used: %(what)s.") % {"what": ", ".join(referring.get(pk, ()))},
            }[fate]
            since = {"who": entry.who, "at": entry.at, "changes": tuple(entry.changes)} if entry else {}
            told.append(Kept(number, self.key_of(line), self.title_of(line), fate, said, **since))
        return told

    def _last_changes(self, ids):
        """The newest entry about each of these rows, in words."""
        entries = AuditEntry.objects.filter(subject=self.model._meta.label_lower, subject_id__in=map(str, ids))
        newest = entries.order_by("subject_id", "-at", "-pk").distinct("subject_id").select_related("actor")
        return {int(entry.subject_id): entry.told for entry in newest}

    def _referring(self, ids):
        """What refers to each of these rows, by its name and number: {id: ["12 daily reports", …]}."""
        found = defaultdict(list)
        for each in relations(self.model) if ids else ():
            name = each.field.name
            counted = each.related_model._base_manager.filter(**{f"{name}__in": ids}).order_by()
            for pk, number in counted.values_list(name).annotate(number=Count("pk")):
                found[pk].append(f"{capfirst(each.related_model._meta.verbose_name)} ({number})")
        return found

    def undo(self, sheet_import, *, by):
        """Lock what the import wrote in the order of its ids, then restore and remove what is still as it was left.

        Returns the numbers of rows restored, removed and kept.
        """
        named = self._named(sheet_import)
        table = self.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT e.id FROM {table} e JOIN ({self._fates()}) x ON x.id = e.id ORDER BY e.id FOR UPDATE OF e",
                named,
            )
            cursor.fetchall()
            cursor.execute("DROP TABLE IF EXISTS undo_fates, undo_derived")
            cursor.execute(f"CREATE TEMPORARY TABLE undo_fates ON COMMIT DROP AS {self._fates()}", named)
            cursor.execute('CREATE TEMPORARY TABLE undo_derived (number int, "values" jsonb) ON COMMIT DROP')
            cursor.execute("ANALYZE undo_fates")
            sheet_import.report_progress(0.3)
            self._derive_again(sheet_import, cursor)
            self._restore(sheet_import, cursor)
            sheet_import.report_progress(0.6)
            self._record_undone(sheet_import, by=by)
            cursor.execute(f"DELETE FROM {table} e USING undo_fates f WHERE f.id = e.id AND f.fate = 'removed'")
            sheet_import.report_progress(0.9)
            cursor.execute("SELECT fate, count(*) FROM undo_fates GROUP BY fate")
            counts = dict(cursor.fetchall())
            cursor.execute("DROP TABLE undo_fates, undo_derived")
        restored, removed = counts.pop("restored", 0), counts.pop("removed", 0)
        return {"restored": restored, "removed": removed, "kept": sum(counts.values())}

    def _derive_again(self, sheet_import, cursor):
        """Compute what the import computed from its values, from the values before it."""
        if not self.derived:
            return
        cursor.execute("SELECT number, id FROM undo_fates WHERE fate = 'restored'")
        ids = dict(cursor.fetchall())
        lines = SheetRow.objects.of(sheet_import).filter(outcome=Outcome.UPDATED, values__has_any_keys=[*self.derived])
        again = []
        for some in _in_groups(line for line in lines.iterator(2000) if line.number in ids):
            stored = self.model._base_manager.in_bulk([ids[line.number] for line in some])
            for line in some:
                before = {name: old for name, (old, _new) in line.changes.items()}
                row = Row(line.number, before, key=line.key)
                derived = self.derive(row, stored[ids[line.number]])
                again.append((line.number, json.dumps(derived, ensure_ascii=False)))
        with cursor.copy('COPY undo_derived (number, "values") FROM STDIN') as copy:
            for each in again:
                copy.write_row(each)

    def _restore(self, sheet_import, cursor):
        typed = ", ".join(f'"{name}" {kind}' for name, _column, kind in self.written())
        sets = ", ".join(
            f'"{column}" = CASE WHEN jsonb_exists(b.before, \'{name}\') THEN v."{name}" ELSE e."{column}" END'
            for name, column, _kind in self.written()
        )
        touched = ", updated_at = now()" if "updated_at" in {f.column for f in self.model._meta.fields} else ""
        cursor.execute(
            f"""UPDATE {self.model._meta.db_table} e SET {sets}, version = e.version + 1{touched}
            FROM undo_fates f JOIN sheets_sheetrow r ON r.number = f.number AND r.sheet_import_id = %(import)s
            LEFT JOIN undo_derived d ON d.number = f.number,
            LATERAL (
                SELECT coalesce(jsonb_object_agg(c.key, c.value->0), '{{}}') || coalesce(d."values", '{{}}') AS before
                FROM jsonb_each(r.changes) c) b,
            LATERAL jsonb_to_record(b.before) AS v({typed})
            WHERE e.id = f.id AND f.fate = 'restored'""",
            {"import": sheet_import.pk},
        )

    def _record_undone(self, sheet_import, *, by):
        """One entry about each row that is restored or removed, in the same transaction."""
        hidden = ", ".join(f"'{name}'" for name in self.derived)
        old, new = (
            f"(SELECT coalesce(jsonb_object_agg(c.key, c.value->{place}), '{{}}') FROM jsonb_each(r.changes) c)"
            for place in (0, 1)
        )
        told = {
            "restored": (
                f"jsonb_build_object('version', e.version - 1) || {new}",
                f"jsonb_build_object('version', e.version) || {old}",
            ),
            "removed": (
                f"(r.values - ARRAY[{hidden}]::text[]) || jsonb_build_object('version', e.version)",
                "'{}'::jsonb",
            ),
        }
        for fate, (before, after) in told.items():
            record_selected(
                self.model,
                "undone",
                by=by,
                place=self.place,
                label=self.title,
                before=before,
                after=after,
                note="%(note)s || r.number",
                source=f"""undo_fates f JOIN {self.model._meta.db_table} e ON e.id = f.id
                    JOIN sheets_sheetrow r ON r.number = f.number AND r.sheet_import_id = %(import)s
                    WHERE f.fate = %(fate)s""",
                values={"import": sheet_import.pk, "fate": fate, "note": f"{sheet_import.file_name}, "},
            )


def _in_groups(items, size=2000):
    group = []
    for each in items:
        group.append(each)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
