"""Verbs on daily reports. One validator serves page, grid, workbook and API."""

from dataclasses import dataclass
from datetime import date

from django.core.validators import slug_re
from django.db import connection, transaction
from django.db.models import Q

from enterprises.register.models import Enterprise, Material, SupplyLink
from enterprises.resumption.filing.judgement import Ground, StockLine
from enterprises.resumption.filing.revisions import VALUES
from enterprises.resumption.filing.services import CARRIED_DAYS, Filing, file_reports, require_filer
from enterprises.resumption.models import DailyReport, KeyMaterial, ReportDue, StockReading
from enterprises.resumption.words import Channel
from whitelist.core.codes import CODE, normalise
from whitelist.core.days import today


def open_questions(enterprise, day, values, stock, *, now=None):
    """What still wants a reason: unusual values, and a correction after the deadline. Accepted, but asked about."""
    return Ground([(enterprise.pk, day)]).open_questions(enterprise.pk, day, values, stock, now=now)


def deadline(enterprise, day):
    """When the report for a day is due: as frozen with the day, else by the earliest clock of its lists."""
    return Ground([(enterprise.pk, day)]).deadlines[enterprise.pk, day]


def file_report(enterprise, day, *, values, stock, by, channel=Channel.PAGE, now=None):
    """File or correct the report of a day. Returns `(report, made)`; the same content again changes nothing."""
    require_filer(enterprise, by=by)
    (filed,) = file_reports([Filing(enterprise, day, values, stock)], by=by, channel=channel, now=now)
    if filed.refusal:
        raise filed.refusal
    return filed.report, filed.made


FREEZE = """
INSERT INTO enterprises_reportdue (enterprise_id, day, due_at, report_id, carried_from_id)
SELECT listing.enterprise_id, %(day)s::date,
       min(((%(day)s::date + 1) + list.report_due) AT TIME ZONE 'Asia/Shanghai'),
       max(report.id), max(carried.id)
FROM enterprises_listing listing
JOIN enterprises_whitelist list ON list.id = listing.white_list_id
LEFT JOIN enterprises_dailyreport report ON report.enterprise_id = listing.enterprise_id AND report.day = %(day)s::date
LEFT JOIN LATERAL (
    SELECT id FROM enterprises_dailyreport past
    WHERE past.enterprise_id = listing.enterprise_id
      AND past.day < %(day)s::date AND past.day >= %(day)s::date - %(carried)s
    ORDER BY past.day DESC LIMIT 1
) carried ON true
WHERE listing.days @> %(day)s::date AND list.ends_on > %(day)s::date
GROUP BY listing.enterprise_id
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def freeze_due(day):
    """Fix who owed a report for a day that is over: everybody listed on it. Once fixed, it stays. Returns how many."""
    if day >= today() or ReportDue.objects.filter(day=day).exists():
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('freeze_due'))")
        cursor.execute(FREEZE, {"day": day, "carried": CARRIED_DAYS})
        return cursor.rowcount


def prefill(enterprise, day):
    """The last report before a day and its stock lines, to start the day's form from; None where there is none."""
    return (
        DailyReport.objects.filter(enterprise=enterprise, day__lt=day)
        .order_by("-day")
        .prefetch_related("stock__material")
        .first()
    )


@dataclass
class Start:
    """What the form of a day starts from: the day's own report where there is one, else the last one before it."""

    enterprise: Enterprise
    day: date
    report: DailyReport | None
    last: DailyReport | None
    values: dict
    lines: list

    @property
    def source(self):
        return self.report or self.last

    @property
    def stock(self):
        """The lines that say something, ready to be filed again."""
        return [line for line in self.lines if line.on_hand is not None]


def start_of(enterprise, day):
    """Everything prefilled: nobody types what was said yesterday. Arrivals that have come since are stock."""
    report = DailyReport.objects.filter(enterprise=enterprise, day=day).prefetch_related("stock__material").first()
    last = prefill(enterprise, day)
    source = report or last
    values = {name: getattr(source, name) for name in VALUES} if source else {"staff_due": enterprise.staff_total}
    if report is None:
        values["reason"] = ""
    told = {line.material_id: line for line in source.stock.all()} if source else {}
    lines = []
    for material in key_materials_of(enterprise, source):
        line = told.get(material.pk)
        if line is None:
            lines.append(StockLine(material, None, None))
            continue
        coming = sorted(
            (each for each in line.arrivals if str(each["on"]) > str(day)), key=lambda each: str(each["on"])
        )
        lines.append(StockLine(material, line.on_hand, line.daily_use, coming, line.stopped_for_want))
    return Start(enterprise, day, report, last, values, lines)


def key_materials_of(enterprise, source):
    """The materials a report tells of: the key ones, those of the last report, and those it buys by a supply link."""
    key = KeyMaterial.objects.filter(enterprise=enterprise).values("material")
    bought = SupplyLink.objects.filter(buyer=enterprise).values("material")
    told = StockReading.objects.filter(report=source).values("material")
    return Material.objects.filter(Q(pk__in=key) | Q(pk__in=bought) | Q(pk__in=told)).for_table()


def other_materials(enterprise, known):
    """What else an enterprise of this chain could begin to tell of."""
    return (
        Material.objects.filter(chain__in=("", enterprise.chain))
        .exclude(pk__in=[each.pk for each in known])
        .for_table()
    )


def stock_in(reports):
    """The stock lines of these reports, by material."""
    lines = StockReading.objects.filter(report__in=[report.pk for report in reports])
    return lines.select_related("material").order_by("material__code")


def named_in(items, *, by):
    """What the items of a bulk request name, looked up at once: `enterprises` and `materials` by their codes."""
    items = [item for item in items if isinstance(item, dict)]
    codes = {normalise(item["enterprise"]) for item in items if isinstance(item.get("enterprise"), str)}
    codes = {code for code in codes if CODE.fullmatch(code)}
    lists = [item["stock"] for item in items if isinstance(item.get("stock"), list)]
    told = [line.get("material") for lines in lists for line in lines if isinstance(line, dict)]
    told = {code for code in told if isinstance(code, str) and slug_re.match(code)}
    found = Enterprise.objects.visible_to(by).filter(Q(uscc__in=codes) | Q(registration_no__in=codes))
    known = {code: firm for firm in found for code in (firm.uscc, firm.registration_no) if code}
    materials = Material.objects.visible_to(by).filter(code__in=told)
    return {"enterprises": known, "materials": {material.code: material for material in materials}}


def enterprise_named(code, *, by):
    """The enterprise with this code among those the user sees; None outside the scope."""
    return Enterprise.objects.visible_to(by).named(code).first()
