"""Taking an import of reports back: what it corrected says again what it said before, what it filed is withdrawn."""

from collections import Counter
from datetime import date
from functools import partial

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as translate

from enterprises.register.models import Material
from enterprises.resumption.filing import revisions
from enterprises.resumption.filing.judgement import StockLine
from enterprises.resumption.filing.revisions import VALUES, typed
from enterprises.resumption.filing.services import Filing, forget_materials, hold, hold_off_freezing, restore, withdraw
from enterprises.resumption.models import DailyReport, ReportRevision, StockReading
from whitelist.audit.words import Told
from whitelist.core.errors import DomainError
from whitelist.sheets.models import WRITTEN
from whitelist.sheets.tables.upsert import chunks

AT_ONCE = 2000  # reports written together; a file of 200,000 rows does not stand in memory whole


def said_in(revision, materials):
    """The values and the stock lines of a revision, as they can be filed; `materials` are by their codes."""
    lines = [typed(StockReading, line) for line in revision.values["stock"]]
    if gone := {line["material"] for line in lines} - materials.keys():
        told = translate("Before the import reports told of materials that are no longer in the vocabulary: %(codes)s.")
        raise DomainError(told % {"codes": ", ".join(sorted(gone))})
    stock = [StockLine(**{**line, "material": materials[line["material"]]}) for line in lines]
    return typed(DailyReport, {name: revision.values.get(name) for name in VALUES}), stock


class UndoneByRevision:
    """The part of a sheet of reports that undoes. A report is kept if anybody corrected it since the import, whatever
    row of the file it was; the others say again what they said before, by one more revision, or are withdrawn.
    """

    def _fates(self):
        """SQL for (number, id, fate) of every row that the import wrote; `id` is that of the report."""
        return """SELECT r.number, e.id, CASE
                WHEN e.id IS NULL THEN 'gone'
                WHEN e.revision <> coalesce(r.row_version, 0) + 1 THEN 'changed'
                WHEN r.row_version IS NULL THEN 'removed'
                ELSE 'restored' END AS fate
            FROM sheets_sheetrow r LEFT JOIN enterprises_dailyreport e
              ON e.enterprise_id = (r.values->>'enterprise')::bigint AND e.day = (r.values->>'day')::date
              AND (e.id = r.row_id OR r.row_id IS NULL AND e.filed_at BETWEEN %(since)s AND %(until)s)
            WHERE r.sheet_import_id = %(import)s AND r.outcome IN ('created', 'updated')"""

    def _last_changes(self, ids):
        """The newest correction of each of these reports, in words."""
        newest = ReportRevision.objects.filter(report__in=ids).order_by("report", "-revision").distinct("report")
        reports = DailyReport.objects.prefetch_related("stock__material").in_bulk(ids)
        newest = list(newest.select_related("replaced_by"))
        changes = revisions.changes_since([(each.values, reports[each.report_id]) for each in newest])
        return {
            each.report_id: Told(each.replaced_at, str(each.replaced_by or ""), "", each.reason, changed)
            for each, changed in zip(newest, changes, strict=True)
        }

    def undo(self, sheet_import, *, by):
        """Hold the enterprises whose reports the import wrote, then take back those that are still as it left them.

        Returns the numbers of rows restored, removed and kept.
        """
        lines = sheet_import.lines.filter(outcome__in=WRITTEN).values_list("values__enterprise", "values__day")
        pairs = {(firm, date.fromisoformat(day)) for firm, day in lines.distinct()}
        hold_off_freezing()
        hold(pairs)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""SELECT x.id, x.fate, array_agg(r.number ORDER BY r.number),
                    array_remove(array_agg((r.values->>'material')::bigint), NULL), min(r.row_version)
                FROM ({self._fates()}) x JOIN sheets_sheetrow r
                  ON r.sheet_import_id = %(import)s AND r.number = x.number
                GROUP BY x.id, x.fate ORDER BY x.id""",
                self._named(sheet_import),
            )
            fates = cursor.fetchall()
        rows: Counter = Counter()
        origins: dict = {"restored": {}, "removed": {}}
        for pk, fate, numbers, *_stock in fates:
            rows[fate] += len(numbers)
            if fate in origins:
                origins[fate][pk] = f"{sheet_import.file_name}, {', '.join(map(str, numbers))}"
        done, why = 0, translate("Import undone: %(file)s") % {"file": sheet_import.file_name}
        for fate, take_back in (("restored", partial(self._restore_reports, why=why)), ("removed", withdraw)):
            for some in chunks(origins[fate].items(), AT_ONCE):
                take_back(dict(some), by=by)
                done += len(some)
                sheet_import.report_progress(done / max(len(fates), 1))
        forget_materials(
            [
                (pk, material, before)
                for pk, fate, _numbers, materials, before in fates
                if fate == "restored"
                for material in materials
            ]
        )
        restored, removed = rows.pop("restored", 0), rows.pop("removed", 0)
        return {"restored": restored, "removed": removed, "kept": rows.total()}

    @staticmethod
    def _restore_reports(origins, *, by, why):
        reports = DailyReport.objects.select_related("enterprise").in_bulk(origins)
        past = ReportRevision.objects.filter(report__in=origins, revision=F("report__revision") - 1)
        before = {each.report_id: each for each in past}
        codes = {line["material"] for each in before.values() for line in each.values["stock"]}
        materials = {each.code: each for each in Material.objects.filter(code__in=codes)}
        filings = [
            Filing(
                reports[pk].enterprise,
                reports[pk].day,
                *said_in(before[pk], materials),
                origin=origin,
                why=why,
            )
            for pk, origin in origins.items()
        ]
        restore(filings, by=by)
