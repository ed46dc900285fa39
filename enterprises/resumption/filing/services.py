"""Filing reports: one or thousands, by the same few statements, in one transaction."""

import secrets
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Enterprise
from enterprises.resumption.filing.judgement import Ground, content, content_of, faults_in
from enterprises.resumption.filing.revisions import VALUES, snapshot
from enterprises.resumption.models import DailyReport, KeyMaterial, ReportDue, ReportRevision, StockReading
from enterprises.resumption.policies import may_file_report_of
from whitelist.audit.bulk import record_selected
from whitelist.core.errors import DomainError, NotAllowed

TOLD = ("receipt", "revision", *VALUES)  # what the trail keeps of a report that is withdrawn
CARRIED_DAYS = 3  # a missing day is carried forward at most so long, then the state is unknown (product section 5)


@dataclass
class Filing:
    """A report to be filed, and what became of it: the `report`, new if `made`; or the `refusal`, then nothing.

    `origin` says in the trail where it came from, such as the row of a file; `why` it is corrected, if not for the
    reason that it gives itself; `questions` want a reason.
    """

    enterprise: Enterprise
    day: date
    values: dict
    stock: list
    origin: str = ""
    why: str = ""
    report: DailyReport | None = None
    made: bool = False
    refusal: Exception | None = None
    questions: list = field(default_factory=list)

    @property
    def pair(self):
        return self.enterprise.pk, self.day


def require_filer(enterprise, *, by):
    """Refuse whoever may not file for this enterprise, before anything of the report is read."""
    if not may_file_report_of(by, enterprise):
        raise NotAllowed(
            _("Reports of %(enterprise)s are filed by itself or by an editor of an office above it."),
            enterprise=enterprise,
        )


@transaction.atomic
def file_reports(filings, *, by, channel, asking=False, now=None):
    """File or correct the reports of many days and enterprises; what is refused says so and holds up nothing else.

    The same content again changes nothing. Several filings for one report are taken in their order. `asking` fills in
    the questions that are left open.
    """
    now, accepted = now or timezone.now(), []
    for filing in filings:
        filing.values = {name: filing.values.get(name) for name in VALUES}
        filing.values["reason"] = filing.values["reason"] or ""
        try:
            require_filer(filing.enterprise, by=by)
            if faults := faults_in(filing.enterprise, filing.day, filing.values, filing.stock):
                raise DomainError(_("The report is not accepted yet."), errors=faults)
            accepted.append(filing)
        except DomainError as refusal:
            filing.refusal = refusal
    if accepted:
        hold(filing.pair for filing in accepted)
    for round_of in rounds(accepted):
        _file(round_of, by=by, channel=channel, asking=asking, now=now)
    return filings


def rounds(filings):
    """Cut into parts in which no report occurs twice, in the order given; nearly always that is one."""
    parts: list = []
    counted: dict = {}
    for filing in filings:
        place = counted[filing.pair] = counted.get(filing.pair, -1) + 1
        if place == len(parts):
            parts.append([])
        parts[place].append(filing)
    return parts


def hold(pairs):
    """Lock the enterprises, so that their reports come one by one; and hold off the freezing of a day still open."""
    pairs = list(pairs)
    firms, days = {firm for firm, _day in pairs}, {day for _firm, day in pairs}
    if set(ReportDue.objects.filter(day__in=days).values_list("day", flat=True).distinct()) != days:
        hold_off_freezing()
    locked = Enterprise.objects.filter(pk__in=firms)
    return list(locked.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def restore(filings, *, by):
    """Correct reports to what they said before; that was judged when they said it. The caller holds the enterprises."""
    _file(filings, by=by, channel=None, asking=False, now=timezone.now(), corrected="undone")


def withdraw(origins, *, by):
    """Remove reports that nobody corrected, as if they had never come: their days are unanswered again.

    `origins` says of each by its id where it came from; the trail keeps what it said. The caller holds the enterprises,
    and holds off freezing, which would let a report that goes stand in for a day.
    """
    ids = list(origins)
    said = ", ".join(f"'{name}', e.{name}" for name in TOLD)
    record_selected(
        DailyReport,
        "undone",
        by=by,
        before=f"jsonb_strip_nulls(jsonb_build_object({said}))",
        after="'{}'::jsonb",
        note="told.origin",
        **of_origin(origins),
    )
    with connection.cursor() as cursor:
        cursor.execute(CARRY_AGAIN, {"ids": ids, "days": CARRIED_DAYS})
    DailyReport.objects.filter(pk__in=ids).delete()


def forget_materials(lines):
    """Forget that materials are key where only lines made them so that are taken back now.

    `lines` are (report, material, the report's revision before), by their ids.
    """
    reports, materials, revisions = map(list, zip(*lines, strict=True)) if lines else ([], [], [])
    with connection.cursor() as cursor:
        cursor.execute(FORGET, {"reports": reports, "materials": materials, "revisions": revisions})


def hold_off_freezing():
    """Let no day be frozen until the transaction ends; asked before anything else is locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('freeze_due'))")


def _file(filings, *, by, channel, asking, now, corrected="corrected"):
    ground = Ground(filing.pair for filing in filings)
    if asking:
        _ask(filings, ground, now)
    kept, changed = [], []
    for filing in filings:
        filing.report = ground.reports.get(filing.pair)
        filing.made = filing.report is None
        if filing.made:
            filing.report = DailyReport(
                enterprise=filing.enterprise,
                day=filing.day,
                receipt=receipt(filing.day),
                is_on_time=now <= ground.deadlines[filing.pair],
                channel=channel,
                filed_by=by,
                filed_at=now,
                **filing.values,
            )
        elif content_of(filing.report) == content(filing.values, filing.stock):
            filing.report.enterprise = filing.enterprise
            continue
        else:
            kept.append(_revision(filing, by=by, now=now))
            filing.report.enterprise = filing.enterprise
            filing.report.revision += 1
            for name, value in filing.values.items():
                setattr(filing.report, name, value)
        changed.append(filing)
    ReportRevision.objects.bulk_create(kept)
    if changed:
        _write(changed)
        link_due([filing.report.pk for filing in changed])
        _record(changed, by=by, corrected=corrected)


def _ask(filings, ground, now):
    for filing in filings:
        ground.add(*filing.pair, filing.values)
    for filing in filings:
        filing.questions = ground.open_questions(*filing.pair, filing.values, filing.stock, now=now)


def receipt(day):
    return f"R{day:%y%m%d}-{secrets.token_hex(4).upper()}"


def _revision(filing, *, by, now):
    report = filing.report
    return ReportRevision(
        report=report,
        revision=report.revision,
        values=snapshot(report, report.stock.all()),
        replaced_by=by,
        replaced_at=now,
        reason=filing.why or filing.values["reason"],
    )


def _write(filings):
    """The reports themselves, then their stock in place of what stood there."""
    DailyReport.objects.bulk_create(filing.report for filing in filings if filing.made)
    corrected = [filing.report for filing in filings if not filing.made]
    if corrected:
        DailyReport.objects.bulk_create(
            corrected, update_conflicts=True, unique_fields=["pk"], update_fields=[*VALUES, "revision"]
        )
        StockReading.objects.filter(report__in=corrected).delete()
    readings = [
        StockReading(
            report=filing.report,
            enterprise=filing.enterprise,
            material=line.material,
            day=filing.day,
            on_hand=line.on_hand,
            daily_use=line.daily_use,
            arrivals=[{"on": str(each["on"]), "quantity": str(each["quantity"])} for each in line.arrivals],
            stopped_for_want=line.stopped_for_want,
        )
        for filing in filings
        for line in filing.stock
    ]
    StockReading.objects.bulk_create(readings)
    key = [KeyMaterial(enterprise=x.enterprise, material=x.material, since_on=x.day) for x in readings]
    KeyMaterial.objects.bulk_create(key, ignore_conflicts=True)


LINK = """
UPDATE enterprises_reportdue due SET report_id = report.id FROM enterprises_dailyreport report
WHERE report.id = ANY(%(ids)s) AND due.enterprise_id = report.enterprise_id AND due.day = report.day
"""
CARRY = """
UPDATE enterprises_reportdue due SET carried_from_id = newest.report_id FROM (
    SELECT DISTINCT ON (later.id) later.id, report.id AS report_id, report.day
    FROM enterprises_dailyreport report JOIN enterprises_reportdue later
      ON later.enterprise_id = report.enterprise_id AND later.day > report.day AND later.day <= report.day + %(days)s
    WHERE report.id = ANY(%(ids)s) ORDER BY later.id, report.day DESC
) newest
WHERE due.id = newest.id AND NOT EXISTS (
    SELECT FROM enterprises_dailyreport old WHERE old.id = due.carried_from_id AND old.day >= newest.day
)
"""


CARRY_AGAIN = """
UPDATE enterprises_reportdue due SET carried_from_id = (
    SELECT report.id FROM enterprises_dailyreport report
    WHERE report.enterprise_id = due.enterprise_id AND report.day < due.day AND report.day >= due.day - %(days)s
      AND report.id <> ALL(%(ids)s)
    ORDER BY report.day DESC LIMIT 1
)
WHERE due.carried_from_id = ANY(%(ids)s)
"""

FORGET = """
DELETE FROM enterprises_keymaterial key
USING unnest(%(reports)s::bigint[], %(materials)s::bigint[], %(revisions)s::int[]) AS told(report, material, revision)
JOIN enterprises_dailyreport report ON report.id = told.report
JOIN enterprises_material material ON material.id = told.material
WHERE key.enterprise_id = report.enterprise_id AND key.material_id = material.id AND key.since_on = report.day
  AND NOT EXISTS (
    SELECT FROM enterprises_stockreading said
    WHERE said.enterprise_id = report.enterprise_id AND said.material_id = material.id)
  AND NOT EXISTS (
    SELECT FROM enterprises_reportrevision past WHERE past.report_id = report.id AND past.revision <= told.revision
    AND past.values->'stock' @> jsonb_build_array(jsonb_build_object('material', material.code)))
"""


def link_due(ids):
    """The reports answer their days, and stand in for silent days after them."""
    with connection.cursor() as cursor:
        cursor.execute(LINK, {"ids": ids})
        cursor.execute(CARRY, {"ids": ids, "days": CARRIED_DAYS})


def _record(filings, *, by, corrected):
    for verb, made in (("filed", True), (corrected, False)):
        told = {filing.report.pk: filing.origin for filing in filings if filing.made == made}
        if not told:
            continue
        record_selected(
            DailyReport,
            verb,
            by=by,
            after="jsonb_build_object('receipt', e.receipt, 'revision', e.revision)",
            note="concat_ws(' · ', nullif(e.reason, ''), nullif(told.origin, ''))",
            **of_origin(told),
        )


def of_origin(origins):
    """Where the trail finds reports with their origins, given by their ids, and how it calls them."""
    return {
        "place": "firm.division_id",
        "label": "firm.name || ' ' || e.day",
        "source": """unnest(%(ids)s::bigint[], %(origins)s::text[]) AS told(id, origin)
            JOIN enterprises_dailyreport e ON e.id = told.id
            JOIN enterprises_enterprise firm ON firm.id = e.enterprise_id""",
        "values": {"ids": list(origins), "origins": list(origins.values())},
    }
