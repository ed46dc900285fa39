"""Sheets of daily reports: whose and of which day each row is, and what it would say there."""

from datetime import date
from itertools import groupby, islice

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Enterprise
from enterprises.register.supply.finding import Finder
from enterprises.resumption import policies
from enterprises.resumption.filing import revisions
from enterprises.resumption.filing.judgement import Ground, StockLine, faults_in
from enterprises.resumption.filing.revisions import VALUES, typed
from enterprises.resumption.filing.services import Filing, file_reports, hold
from enterprises.resumption.models import DailyReport, ReportRevision
from enterprises.resumption.words import Channel
from enterprises.resumption.workbooks.columns import REPORT_COLUMNS
from enterprises.resumption.workbooks.undoing import AT_ONCE, UndoneByRevision
from whitelist.core.days import yesterday
from whitelist.core.templatetags.face import moment
from whitelist.sheets.files.cells import BadCell
from whitelist.sheets.kinds import Stale
from whitelist.sheets.models import WRITTEN, Outcome
from whitelist.sheets.tables.upsert import ModelSheet, chunks

MOST_CHANGES = 5


def told_by(report):
    """What a report says, as values and stock lines that can be changed; of no report, nothing."""
    if report is None:
        return dict.fromkeys(VALUES), []
    stock = [
        StockLine(x.material, x.on_hand, x.daily_use, list(x.arrivals), x.stopped_for_want) for x in report.stock.all()
    ]
    return {name: getattr(report, name) for name in VALUES}, stock


class ReportsSheet(UndoneByRevision, ModelSheet):
    """Rows that say something of an enterprise's day. What a row leaves blank stays as the report says it already."""

    key_column, title_column = "code", "name"
    hidden = ("enterprise", "day", "material")
    seen = _("See the reports")
    fault_words = {
        **{
            "unknown_enterprise": _("unknown enterprise"),
            "ambiguous_enterprise": _("several enterprises of that name"),
        },
        **{"name_differs": _("name differs from the register"), "enterprise_required": _("no enterprise")},
        **{"not_yours": _("filed by others"), "day_required": _("no day"), "says_nothing": _("says nothing")},
        **{"in_the_future": _("day to come"), "too_old": _("day long past"), "state_required": _("no state")},
        **{"above_due": _("more on duty than due"), "below_on_duty": _("more on duty than due")},
        **{"above_on_duty": _("more in the loop than on duty"), "below_in_loop": _("more in the loop than on duty")},
        **{"far_above_normal": _("far above the normal output"), "unusual": _("far from the last week")},
        **{
            "late_correction": _("correction after the deadline"),
            "changed_since_export": _("changed since the export"),
        },
        **{"not_a_date": _("not a day"), "ambiguous_date": _("could be several days")},
        **{"impossible_date": _("day that does not exist"), "has_time": _("time of day")},
    }

    def may_import(self, user):
        return policies.may_file_reports(user) and user.office is not None

    def address(self, sheet_import):
        written = sheet_import.lines.filter(outcome__in=WRITTEN)
        days = list(written.values_list("values__day", flat=True).distinct()[:2])
        return reverse("report-list") + (f"?day={days[0]}" if len(days) == 1 else "")

    def read_rows(self, table, header, **kwargs):
        """Remembers whether the file itself has a column for the day (a correction of one row is none), and at which
        revision each report was exported: 0 where there was none.
        """
        self.has_days = "day" in header.places and "day" not in header.added
        rows = super().read_rows(table, header, **kwargs)
        self.exported = {id(row): row.values.pop("version", None) for row in rows}
        return rows

    def look_up(self, rows, *, by, target, told):
        """Whose and of which day each row is. Other offices' enterprises do not exist here."""
        named = {row.number: (row.values.pop("code", ""), row.values.pop("name", "")) for row in rows}
        finder = Finder(named.values(), by=by)
        firms = {row.number: self._firm(row, named[row.number], finder) for row in rows}
        own: dict = {}
        for some in chunks({firm.pk for firm, _remark in firms.values() if firm}):
            own |= Enterprise.objects.visible_to(by).in_bulk(some)
        self.places, self.overtaken, self.full = {}, [], {}
        for row in rows:
            found, remark = firms[row.number]
            firm = self._own(row, found and own.get(found.pk), named[row.number], remark, by) if found else None
            day = self._day(row, told)
            self.read(row)
            if firm and day:
                self.put_key(row, firm, day)

    def read(self, row):
        """What else of the row has to be looked up."""

    def put_key(self, row, firm, day):
        row.key = f"{firm.code} {day}"
        self.places[row.key] = firm, day

    def _firm(self, row, pair, finder):
        """(enterprise or None, remark on its name)."""
        if not any(pair):
            if not any(fault["key"] in ("code", "name") for fault in row.faults):
                row.fault(
                    "code", "enterprise_required", translate("Say whose report this is: the code or the exact name.")
                )
            return None, ""
        try:
            return finder.find(*pair)
        except BadCell as bad:
            if bad.code == "unknown_enterprise":
                self._unknown(row, pair)
            else:
                row.fault(bad.part, bad.code, bad.detail)
            return None, ""

    @staticmethod
    def _unknown(row, pair):
        told = translate("There is no enterprise “%(named)s” among those you see. Compare it with the register.")
        row.fault("code" if pair[0] else "name", "unknown_enterprise", told % {"named": (pair[0] or pair[1])[:60]})

    def _own(self, row, firm, pair, remark, by):
        """The enterprise, if this user may file for it."""
        if firm is None:
            self._unknown(row, pair)
            return None
        column = "code" if pair[0] else "name"
        if not policies.may_file_report_of(by, firm):
            told = translate("Reports of %(enterprise)s are filed by itself or by an editor of an office above it.")
            row.fault(column, "not_yours", told % {"enterprise": firm})
            return None
        if remark:
            row.warn(column, "name_differs", remark)
        return firm

    def _day(self, row, told):
        """The day of the row as text. A file without such a column tells of the day collected now."""
        if not self.has_days and "day" not in row.cells:
            told.count("yesterday_taken", "day")
            return str(yesterday())
        if "day" not in row.values and not any(fault["key"] == "day" for fault in row.faults):
            row.fault("day", "day_required", translate("Say of which day this tells, such as 2022-04-09."))
        return row.values.pop("day", None)

    def present(self, keys):
        """The reports that stand already, with everything that new ones are judged against."""
        pairs = {key: (firm.pk, date.fromisoformat(day)) for key, (firm, day, *_rest) in self.places.items()}
        self.ground = Ground(pairs[key] for key in keys)
        return {key: self.ground.reports.get(pairs[key]) for key in keys}

    def compare(self, row, stored, *, by):
        firm, day, *_rest = self.places[row.key]
        if not row.values.keys() - ({"reason"} if stored is None else set()):
            row.warn(self.key_column, "says_nothing", translate("Nothing is said here, so nothing is filed."))
            row.outcome, row.values = Outcome.UNCHANGED, {}
            return
        row.row_id, row.row_version = (stored.pk, stored.revision) if stored else (None, None)
        before, after = self.weigh(row, stored)
        if row.is_rejected:
            return
        row.outcome = Outcome.CREATED
        if before is not None:
            row.changes = {n: [before[n], new] for n, new in after.items() if not self.same(n, before[n], new)}
            row.outcome = Outcome.UPDATED if row.changes else Outcome.UNCHANGED
            after = {name: new for name, (_old, new) in row.changes.items()}
        row.values = after and after | self.whose(row)
        if row.outcome == Outcome.UNCHANGED:
            return
        values, stock = told_by(stored)
        self.put(values, stock, row.values)
        self.full[row.key] = values, stock
        for fault in faults_in(firm, date.fromisoformat(day), values, stock):
            row.fault(self.column_of(fault.pointer, row), fault.code, fault.detail)
        said = self.exported[id(row)]
        if said is not None and said != (stored.revision if stored else 0):
            self.overtaken.append((row, stored, said))

    def weigh(self, row, stored):
        """What stands, None if nothing does, and what the row says, both by field as plain data."""
        raise TypeError(f"{type(self).__name__} does not weigh")

    def put(self, values, stock, said):
        """Put what a row of the preview says into values and stock lines."""
        raise TypeError(f"{type(self).__name__} does not put")

    def whose(self, row):
        firm, day, *_rest = self.places[row.key]
        return {"enterprise": firm.pk, "day": day}

    def column_of(self, pointer, row):
        """The column that a fault of a report means."""
        return pointer

    def look_across(self, rows, *, by):
        """What rows were overtaken by others; and what asks for a reason, in the light of all that the file says."""
        self._overtaken()
        rows = [row for row in rows if row.outcome in WRITTEN and not row.is_rejected]
        for row in rows:
            self.ground.add(*self._pair(row), self.full[row.key][0])
        for row in rows:
            for asked in self.ground.open_questions(*self._pair(row), *self.full[row.key]):
                row.warn(self.column_of(asked.pointer, row), asked.code, asked.detail)

    def _pair(self, row):
        firm, day, *_rest = self.places[row.key]
        return firm.pk, date.fromisoformat(day)

    def _overtaken(self):
        """Fault the rows whose report is no longer of the version that was exported: who changed what, and when."""
        for row, report, _said in self.overtaken:
            if report is None:
                told = translate("This report was exported, but is not there any more.")
                row.fault("version", "changed_since_export", told)
        moved = [each for each in self.overtaken if each[1]]
        stored = [report for _row, report, _said in moved]
        kept = ReportRevision.objects.filter(report__in=stored).select_related("replaced_by")
        past = {(each.report_id, each.revision): each for each in kept}
        authors = DailyReport.objects.select_related("filed_by").in_bulk([report.pk for report in stored])
        before = [past.get((report.pk, said)) for _row, report, said in moved]
        changes = revisions.changes_since(
            [(was.values if was else {"stock": []}, report) for was, report in zip(before, stored, strict=True)]
        )
        for (row, report, _said), changed in zip(moved, changes, strict=True):
            last = past.get((report.pk, report.revision - 1))
            author = authors[report.pk]
            who, at = (last.replaced_by, last.replaced_at) if last else (author.filed_by, author.filed_at)
            told = translate(
                "%(who)s changed this report on %(at)s, after the export: %(what)s. "
                "Export it again, or clear the cell of the version to insist."
            )
            what = self._in_words(changed)
            row.fault("version", "changed_since_export", told % {"who": who or "?", "at": moment(at), "what": what})

    @staticmethod
    def _in_words(changes):
        """What was changed, in a sentence."""
        nothing = translate("nothing")
        shown = [f"{label}: {old or nothing} → {new or nothing}" for label, old, new in changes[:MOST_CHANGES]]
        return "; ".join(shown) + (" …" if len(changes) > MOST_CHANGES else "") or nothing

    def wording(self, rows):
        return lambda name, value: revisions.shown(value)

    def stale(self, sheet_import):
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT r.number FROM sheets_sheetrow r LEFT JOIN enterprises_dailyreport e
                ON e.enterprise_id = (r.values->>'enterprise')::bigint AND e.day = (r.values->>'day')::date
                WHERE r.sheet_import_id = %s AND r.outcome IN ('created', 'updated')
                  AND (e.id, e.revision) IS DISTINCT FROM (r.row_id, r.row_version) ORDER BY r.number""",
                [sheet_import.pk],
            )
            return [number for (number,) in cursor.fetchall()]

    def apply(self, sheet_import, *, by):
        """Lock the enterprises, see that the reports are as they were, then file them; each is recorded once."""
        lines = sheet_import.lines.filter(outcome__in=WRITTEN)
        pairs = lines.values_list("values__enterprise", "values__day").distinct()
        hold((firm, date.fromisoformat(day)) for firm, day in pairs)
        if numbers := self.stale(sheet_import):
            raise Stale(numbers)
        done = 0
        told = lines.order_by("values__enterprise", "values__day", "number").values_list("number", "values")
        grouped = groupby(told.iterator(AT_ONCE), key=lambda each: (each[1]["enterprise"], each[1]["day"]))
        reports = ((*pair, list(group)) for pair, group in grouped)
        while some := list(islice(reports, AT_ONCE)):
            self._file(sheet_import, some, by=by)
            done += sum(len(group) for _firm, _day, group in some)
            sheet_import.report_progress(done / max(sheet_import.writes, 1))

    def _file(self, sheet_import, some, *, by):
        firms = Enterprise.objects.in_bulk({firm for firm, _day, _group in some})
        ground = Ground((firm, date.fromisoformat(day)) for firm, day, _group in some)
        filings = []
        for firm, day, group in some:
            day = date.fromisoformat(day)
            values, stock = told_by(ground.reports.get((firm, day)))
            for _number, said in group:
                self.put(values, stock, said)
            origin = f"{sheet_import.file_name}, {', '.join(str(number) for number, _said in group)}"
            filings.append(Filing(firms[firm], day, values, stock, origin))
        file_reports(filings, by=by, channel=Channel.SHEET)
        if refused := [
            number
            for each, (*_pair, group) in zip(filings, some, strict=True)
            if each.refusal
            for number, _said in group
        ]:
            raise Stale(refused)


class DailyReportSheet(ReportsSheet):
    """One row is one enterprise's report of one day; its stock lines stay as they are."""

    name, label = "daily-reports", _("Daily reports")
    model, fields, columns = DailyReport, VALUES, REPORT_COLUMNS

    def weigh(self, row, stored):
        if stored is None and "state" not in row.values:
            row.fault("state", "state_required", translate("A new report says how production stands."))
        before = {name: self.plain(stored, name) for name in row.values} if stored else None
        return before, dict(row.values)

    def put(self, values, stock, said):
        values |= typed(DailyReport, {name: value for name, value in said.items() if name in VALUES})
