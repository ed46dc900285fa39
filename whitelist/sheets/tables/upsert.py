"""A sheet whose rows are rows of one table, found again by a natural key: compared in memory, written by statements."""

from django.contrib.postgres.indexes import GinIndex
from django.db import IntegrityError, connection
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from whitelist.audit.bulk import record_selected
from whitelist.sheets.kinds import SheetKind, Stale
from whitelist.sheets.models import Outcome
from whitelist.sheets.tables import versions
from whitelist.sheets.tables.reverting import Revertible

CHUNK = 5000
MOST_NAMED = 10


def chunks(items, size=CHUNK):
    items = list(items)
    return (items[start : start + size] for start in range(0, len(items), size))


def shared(pairs):
    """Of pairs of a name and a row: the first row of each name, and all rows of the names that several have."""
    firsts, several = {}, {}
    for name, row in pairs:
        first = firsts.setdefault(name, row)
        if first is not row:
            several.setdefault(name, [first]).append(row)
    return firsts, several


def may_hold(sheet_import, outcome):
    """Whether a preview has rows of an outcome; where they were not counted, it may."""
    return sheet_import.counts.get(outcome) != 0


class ModelSheet(Revertible, SheetKind):
    """Creates and updates rows of `model`, which counts its versions in `version`.

    `fields` are the model fields a sheet may set; `keys` those whose values together find a row again: each one unique,
    one of them filled. Only what stands in the file is changed; a blank cell changes nothing.
    """

    model: type
    fields: tuple = ()
    keys: tuple = ()
    derived: tuple = ()  # fields computed from others, written but not shown as changes
    place, title = "''", "''"  # SQL over the stored row `e`: its division and its name, for the trail

    def judge(self, rows, *, by, target, told):
        exported = versions.take(rows)
        self.look_up(rows, by=by, target=target, told=told)
        taken, groups = self.agreed(rows)
        self.compare_all(taken, by=by)
        if exported:
            versions.guard([groups.get(first.key, [first]) for first in taken], exported, model=self.model)
        self.look_across([first for first in taken if not first.is_rejected], by=by)
        for first in taken:
            if first.key in groups:
                self.settle(first, groups[first.key][1:])
        for row in rows:
            if row.is_rejected:
                row.outcome = Outcome.REJECTED

    def agreed(self, rows):
        """The first row of each key whose rows do not contradict each other; and all rows of keys that several have."""
        firsts, groups = shared((row.key, row) for row in rows if not row.is_rejected)
        for same in groups.values():
            self.agree(same)
        return [first for first in firsts.values() if not first.is_rejected], groups

    def look_up(self, rows, *, by, target, told):
        """Resolve what cells name elsewhere and give each row its `key` and its `values` by field name."""
        raise TypeError(f"{type(self).__name__} does not look up")

    def look_across(self, rows, *, by):
        """Warn about what only shows when rows are seen together, or fault it."""

    def compare_all(self, rows, *, by):
        """Compare rows of different keys with what is stored."""
        present = self.present([row.key for row in rows])
        for row in rows:
            self.compare(row, present.get(row.key), by=by)

    def present(self, keys):
        """The stored rows with these keys, as {key: row}."""
        found = {}
        for name in self.keys:
            for stored in self.model._base_manager.filter(**{f"{name}__any_of": keys}):
                found[getattr(stored, name)] = stored
        return found

    def refuse_present(self, row, stored, *, by):
        """Fault a row whose stored twin this user may not change this way."""

    def missing(self, row, *, by):
        """Fault a row that lacks what a new row needs."""

    def agree(self, rows):
        """One key, several rows: the first takes over what only the others say. If two contradict each other, which of
        them is right cannot be told, so none is taken.
        """
        first, joined = rows[0], dict(rows[0].values)
        for row in rows[1:]:
            for name, value in row.values.items():
                holds = self.join(name, joined.get(name), value)
                if holds is None:
                    return self.contradict(rows)
                joined[name] = holds
        first.values = joined
        return None

    def join(self, name, stands, said):
        """What holds if a field stands as one thing and is said to be another; None if they contradict each other."""
        return said if stands is None or stands == said else None

    def contradict(self, rows):
        """Each row names the first other one that contradicts it, or the first of them if none does."""
        detail = _("Row %(row)s has the same code but says “%(there)s” where this says “%(here)s” (%(column)s).")
        for row in rows:
            for other in rows:
                against = [n for n, value in row.values.items() if self.join(n, other.values.get(n), value) is None]
                for name in against:
                    said = {"here": self.show(name, row.values[name]), "there": self.show(name, other.values[name])}
                    told = detail % {"row": other.number, "column": self.field_label(name), **said}
                    row.fault(self.key_column, "contradicts_row", told)
                if against:
                    break
            else:
                others = _("The rows with this code contradict each other: %(rows)s.")
                shown = ", ".join(str(other.number) for other in rows[:MOST_NAMED])
                row.fault(self.key_column, "contradicts_row", others % {"rows": shown})

    def settle(self, first, repeats):
        """What becomes of rows whose key stood further up: nothing more than the first row becomes."""
        for row in repeats:
            if first.is_rejected:
                detail = _("Row %(row)s has the same code and cannot be imported.")
                row.fault(self.key_column, "repeats_rejected", detail % {"row": first.number})
            else:
                detail = _("This repeats row %(row)s; whatever only stands here was taken over into that row.")
                row.warn(self.key_column, "duplicate_row", detail % {"row": first.number})
                row.outcome = Outcome.UNCHANGED

    def show(self, name, value):
        """A value as people read it."""
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def compare(self, row, stored, *, by):
        """Give the row its outcome against the stored one, with old and new of what would change."""
        if stored is None:
            self.missing(row, by=by)
            row.outcome = Outcome.CREATED
            return
        row.row_id, row.row_version = stored.pk, stored.version
        self.refuse_present(row, stored, by=by)
        if row.is_rejected:
            return
        for name in self.fields:
            if name in row.values and name not in self.keys:
                old = self.plain(stored, name)
                if not self.same(name, old, row.values[name]):
                    row.changes[name] = [old, row.values[name]]
        row.outcome = Outcome.UPDATED if row.changes else Outcome.UNCHANGED
        row.values = {name: new for name, (_old, new) in row.changes.items()}
        if row.changes:
            row.values |= self.derive(row, stored)

    def finish(self, rows):
        if created := [row for row in rows if row.outcome == Outcome.CREATED]:
            self.complete(created)

    def derive(self, row, stored):
        """Fields of a stored row computed from the others, such as what a search looks in."""
        return {}

    def complete(self, rows):
        """Give one or more new rows the values of such fields."""

    @staticmethod
    def plain(stored, name):
        """A stored value in the form in which rows carry it: text, whole number or list."""
        value = getattr(stored, stored._meta.get_field(name).attname)
        return value if value is None or isinstance(value, (int, str, list)) else str(value)

    def same(self, name, old, new):
        """Whether saying `new` changes nothing about `old`."""
        return sorted(old) == sorted(new) if isinstance(old, list) else old == new

    def field_label(self, name):
        return capfirst(self.model._meta.get_field(name).verbose_name)

    @property
    def hidden(self):
        return (*self.keys, *self.derived)

    def wording(self, rows):
        named = {name: {} for name in self.fields if self.model._meta.get_field(name).is_relation}
        for name, found in named.items():
            said = [value for row in rows for value in (row.values.get(name), *row.changes.get(name, ()))]
            model = self.model._meta.get_field(name).related_model
            if any(said):
                others = model._base_manager.in_bulk(set(filter(None, said)))
                found |= {pk: f"{other} {pk}" if isinstance(pk, str) else str(other) for pk, other in others.items()}

        def say(name, value):
            if value in (None, "", []):
                return ""
            field = self.model._meta.get_field(name)
            if name in named:
                return named[name].get(value, value)
            if isinstance(value, bool):
                return _("yes") if value else _("no")
            if isinstance(value, list):
                words = dict(field.base_field.flatchoices)
                return ", ".join(str(words.get(each, each)) for each in value)
            return str(dict(field.flatchoices).get(value, value))

        return say

    def stale(self, sheet_import):
        return sorted({*self.changed_meanwhile(sheet_import), *self.taken_meanwhile(sheet_import)})

    def changed_meanwhile(self, sheet_import):
        """The numbers of rows that would update what is no longer as the preview showed it."""
        if not may_hold(sheet_import, Outcome.UPDATED):
            return []
        return self._numbers(
            f"""SELECT r.number FROM sheets_sheetrow r LEFT JOIN {self.model._meta.db_table} e ON e.id = r.row_id
            WHERE r.sheet_import_id = %s AND r.outcome = 'updated' AND e.version IS DISTINCT FROM r.row_version""",
            sheet_import,
        )

    def taken_meanwhile(self, sheet_import):
        """The numbers of rows that would create what is there by now."""
        if not may_hold(sheet_import, Outcome.CREATED):
            return []
        there = " OR ".join(
            f"EXISTS (SELECT FROM {self.model._meta.db_table} e WHERE {match})" for match in self.matches()
        )
        return self._numbers(
            f"""SELECT r.number FROM sheets_sheetrow r
            WHERE r.sheet_import_id = %s AND r.outcome = 'created' AND ({there})""",
            sheet_import,
        )

    @staticmethod
    def _numbers(statement, sheet_import):
        with connection.cursor() as cursor:
            cursor.execute(statement, [sheet_import.pk])
            return [number for (number,) in cursor.fetchall()]

    def apply(self, sheet_import, *, by):
        """Lock what is changed in the order of its keys, see that it is as it was, then write everything at once.

        Each row that is written has its entry in the trail, written by the same statement or right after it.
        """
        self.lock(sheet_import)
        if numbers := self.changed_meanwhile(sheet_import):
            raise Stale(numbers)
        sheet_import.report_progress(0.2)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL gin_pending_list_limit = '64MB'; SET LOCAL work_mem = '64MB'")
        if may_hold(sheet_import, Outcome.UPDATED):
            self.update(sheet_import, by=by)
        sheet_import.report_progress(0.5)
        if may_hold(sheet_import, Outcome.CREATED):
            self.insert(sheet_import, by=by)

    def lock(self, sheet_import):
        if not may_hold(sheet_import, Outcome.UPDATED):
            return 0
        ids = sheet_import.lines.filter(outcome=Outcome.UPDATED).values("row_id")
        locked = self.model._base_manager.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
        return len(locked.values_list("pk", flat=True))

    def written(self):
        """The columns a sheet writes, as (field name, column, database type)."""
        fields = [self.model._meta.get_field(name) for name in (*self.fields, *self.derived)]
        return [(each.name, each.column, each.db_type(connection)) for each in fields]

    def update(self, sheet_import, *, by):
        table = self.model._meta.db_table
        typed = ", ".join(f'"{name}" {kind}' for name, _column, kind in self.written())
        sets = ", ".join(
            f'"{column}" = CASE WHEN jsonb_exists(r.values, \'{name}\') THEN v."{name}" ELSE e."{column}" END'
            for name, column, _kind in self.written()
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"""UPDATE {table} e SET {sets}, version = e.version + 1, updated_at = now()
                FROM sheets_sheetrow r, jsonb_to_record(r.values) AS v({typed})
                WHERE e.id = r.row_id AND r.sheet_import_id = %s AND r.outcome = 'updated'""",
                [sheet_import.pk],
            )
        before = "jsonb_build_object('version', r.row_version) || (SELECT jsonb_object_agg(c.key, c.value->0)"
        self.record(
            sheet_import,
            by=by,
            before=f"{before} FROM jsonb_each(r.changes) c)",
            source=f"""sheets_sheetrow r JOIN {table} e ON e.id = r.row_id
                WHERE r.sheet_import_id = %(import)s AND r.outcome = 'updated'""",
        )

    def insert(self, sheet_import, *, by):
        """Insert in the order of the keys; a key that somebody else took meanwhile makes the preview stale."""
        table, own = self.model._meta.db_table, self.model._meta.pk.column
        written = {column: (name, kind) for name, column, kind in self.written()}
        typed = ", ".join(f'"{name}" {kind}' for name, kind in written.values())
        columns, values, fixed = [], [], {}
        for each in self.model._meta.local_concrete_fields:
            if each.primary_key:
                continue
            name, kind = written.get(each.column, (None, each.db_type(connection)))
            default = f"%({each.column})s::{kind}"
            columns.append(f'"{each.column}"')
            values.append(f'coalesce(v."{name}", {default})' if name else default)
            fixed[each.column] = each.get_db_prep_save(each.get_default(), connection)
        statement = f"""WITH r AS MATERIALIZED (
                SELECT nextval((SELECT pg_get_serial_sequence('{table}', '{own}')::regclass)) AS id, sorted.* FROM (
                    SELECT number, values FROM sheets_sheetrow
                    WHERE sheet_import_id = %(import)s AND outcome = 'created' ORDER BY key) sorted
            ), e AS (
                INSERT INTO {table} AS e ("{own}", {", ".join(columns)}) SELECT r.id, {", ".join(values)}
                FROM r, jsonb_to_record(r.values) AS v({typed})
                RETURNING e."{own}" AS id, e.version, {self.place} AS place, {self.title} AS title
            )"""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_nestloop = off")  # a preview just stored has no statistics yet
            told = {"during": statement, "source": "e JOIN r ON r.id = e.id", "place": "e.place", "label": "e.title"}
            self.record(sheet_import, by=by, values=fixed, **told)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
        except IntegrityError as refusal:
            if isinstance(refusal.__cause__, UniqueViolation):
                raise Stale([]) from refusal
            raise

    def record(self, sheet_import, *, by, source, values=None, **parts):
        """One entry about each row that was written, in the same transaction."""
        hidden = ", ".join(f"'{name}'" for name in self.derived)
        return record_selected(
            self.model,
            "imported",
            by=by,
            **{"place": self.place, "label": self.title, **parts},
            after=f"(r.values - ARRAY[{hidden}]::text[]) || jsonb_build_object('version', e.version)",
            note="%(note)s || r.number",
            source=source,
            values={**(values or {}), "import": sheet_import.pk, "note": f"{sheet_import.file_name}, "},
        )

    def text_indexes(self):
        return [index.name for index in self.model._meta.indexes if isinstance(index, GinIndex)]

    def tidy(self):
        """Sort what `apply` left in the waiting list of the text indexes, so that searches need not look through it."""
        with connection.cursor() as cursor:
            for name in self.text_indexes():
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [name])
