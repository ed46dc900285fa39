"""Verbs on daily reports. One validator serves page, grid, workbook and API."""

import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Avg, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Enterprise, Material, SupplyLink
from enterprises.resumption.models import DailyReport, KeyMaterial, ReportDue, ReportRevision, StockReading
from enterprises.resumption.policies import may_file_report_of
from enterprises.resumption.revisions import VALUES, snapshot
from enterprises.resumption.words import RESUMED, Channel, State
from enterprises.whitelists.models import WhiteList
from whitelist.audit.services import record
from whitelist.core.days import due_at, today
from whitelist.core.errors import DomainError, Fault, NotAllowed

CARRIED_DAYS = 3  # a missing day is carried forward at most so long, then the state is unknown (product section 5)
OLDEST_DAYS = 31  # reports further back than this are history, not scheduling
ABSURD = Decimal(3)  # output beyond this multiple of the normal one is refused
UNUSUAL = Decimal(2)  # a value this far from the firm's own last week asks for a reason
FARTHEST_ARRIVAL = 366  # days ahead: a confirmed arrival beyond that is a mistyped year


@dataclass
class StockLine:
    """One material's stock in a report; `arrivals` are {"on": "YYYY-MM-DD", "quantity": "decimal"}."""

    material: Material
    on_hand: Decimal
    daily_use: Decimal
    arrivals: list = field(default_factory=list)
    stopped_for_want: bool = False


def faults_of_day(day):
    """Why no report is taken for this day: it is yet to come, or it is history."""
    now = today()
    if day > now:
        return [
            Fault(
                "day",
                "in_the_future",
                _("A report tells of a day that has been; %(day)s is yet to come.") % {"day": day},
            )
        ]
    if (now - day).days > OLDEST_DAYS:
        return [
            Fault("day", "too_old", _("Reports further back than %(days)s days are closed.") % {"days": OLDEST_DAYS})
        ]
    return []


def faults_in(enterprise, day, values, stock):
    """Everything that refuses a report, each naming its field; two fields where two contradict each other."""
    faults = faults_of_day(day)
    if faults:
        return faults
    due, on_duty, in_loop = (values.get(name) for name in ("staff_due", "staff_on_duty", "staff_in_loop"))
    if due is not None and on_duty is not None and on_duty > due:
        told = _("Staff on duty (%(on_duty)s) cannot exceed staff due (%(due)s).") % {"on_duty": on_duty, "due": due}
        faults += [Fault("staff_on_duty", "above_due", told), Fault("staff_due", "below_on_duty", told)]
    if on_duty is not None and in_loop is not None and in_loop > on_duty:
        told = _("Staff in closed loop (%(in_loop)s) are among those on duty (%(on_duty)s).")
        told = told % {"in_loop": in_loop, "on_duty": on_duty}
        faults += [Fault("staff_in_loop", "above_on_duty", told), Fault("staff_on_duty", "below_in_loop", told)]
    output, normal = values.get("output"), enterprise.normal_output
    if output is not None and normal and output > ABSURD * normal:
        told = _("Output today (%(output)s) is more than three times the normal daily output (%(normal)s).")
        faults.append(Fault("output", "far_above_normal", told % {"output": output, "normal": normal}))
    for name in ("staff_due", "staff_on_duty", "staff_in_loop", "output", "electricity", "epidemic_cases"):
        if values.get(name) is not None and values[name] < 0:
            faults.append(Fault(name, "negative", _("This cannot be below zero.")))
    seen = set()
    for place, line in enumerate(stock):
        here = f"stock/{place}"
        if line.material.pk in seen:
            faults.append(Fault(here, "twice", _("“%(material)s” stands here twice.") % {"material": line.material}))
        seen.add(line.material.pk)
        for name in ("on_hand", "daily_use"):
            if getattr(line, name) < 0:
                told = _("“%(material)s”: stock and use are not below zero.") % {"material": line.material}
                faults.append(Fault(f"{here}/{name}", "negative", told))
        faults += _faults_of_arrivals(line, day, here)
    return faults


def _faults_of_arrivals(line, day, here):
    """What arrived up to the day's end is stock already; what is confirmed has a day after it and a quantity."""
    for place, each in enumerate(line.arrivals):
        on = date.fromisoformat(str(each["on"]))
        if on <= day:
            told = _("“%(material)s”: what arrived by %(day)s is stock on hand; a confirmed arrival lies after it.")
            yield Fault(f"{here}/arrivals/{place}/on", "not_to_come", told % {"material": line.material, "day": day})
        elif (on - day).days > FARTHEST_ARRIVAL:
            told = _("“%(material)s”: %(on)s is more than a year away. Is the year right?")
            yield Fault(f"{here}/arrivals/{place}/on", "too_far", told % {"material": line.material, "on": on})
        if Decimal(str(each["quantity"])) <= 0:
            told = _("“%(material)s”: an arrival is more than nothing.") % {"material": line.material}
            yield Fault(f"{here}/arrivals/{place}/quantity", "nothing", told)


def questions_about(enterprise, day, values):
    """Values far from the firm's own last week: accepted, but they ask for a reason. The last one told needs none."""
    last = DailyReport.objects.filter(enterprise=enterprise, day__lt=day).order_by("-day").first()
    week = DailyReport.objects.filter(enterprise=enterprise, day__lt=day, day__gte=day - timedelta(days=7)).exclude(
        state__in=(State.STOPPED, State.PLANNED_STOP)
    )
    usual = week.aggregate(output=Avg("output"), staff_on_duty=Avg("staff_on_duty"))
    asked = []
    for name in ("output", "staff_on_duty"):
        before, now = usual[name], values.get(name)
        if last is not None and getattr(last, name) == now:
            continue
        if before and now is not None and values.get("state") in RESUMED:
            before = Decimal(before)
            if now > UNUSUAL * before or now * UNUSUAL < before:
                told = _("%(value)s is far from the last week's %(usual)s. Please give the reason.")
                asked.append(Fault(name, "unusual", told % {"value": now, "usual": round(before)}))
    return asked


def open_questions(enterprise, day, values, stock, *, now=None):
    """What still wants a reason: unusual values, and a correction after the deadline. Accepted, but asked about.

    The same content again, and values that came with a reason, leave nothing open.
    """
    present = DailyReport.objects.filter(enterprise=enterprise, day=day).first()
    if faults_of_day(day) or (present is not None and _content(present) == _content_of(values, stock)):
        return []
    reason = values.get("reason") or ""
    asked = [] if reason else questions_about(enterprise, day, values)
    if present is not None and (now or timezone.now()) > deadline(enterprise, day) and reason in ("", present.reason):
        told = _("The deadline has passed; please say why the report is corrected.")
        asked.append(Fault("reason", "late_correction", told))
    return asked


def deadline(enterprise, day):
    """When the report for a day is due: as frozen with the day, else by the earliest clock of its lists."""
    frozen = ReportDue.objects.filter(enterprise=enterprise, day=day).first()
    if frozen:
        return frozen.due_at
    lists = WhiteList.objects.filter(listings__enterprise=enterprise, listings__days__contains=day)
    clock = lists.aggregate(first=Min("report_due"))["first"]
    return due_at(day, clock) if clock else due_at(day)


def require_filer(enterprise, *, by):
    """Refuse whoever may not file for this enterprise, before anything of the report is read."""
    if not may_file_report_of(by, enterprise):
        raise NotAllowed(
            _("Reports of %(enterprise)s are filed by itself or by an editor of an office above it."),
            enterprise=enterprise,
        )


@transaction.atomic
def file_report(enterprise, day, *, values, stock, by, channel=Channel.PAGE, now=None):
    """File or correct the report of a day. Returns `(report, made)`; the same content again changes nothing."""
    require_filer(enterprise, by=by)
    faults = faults_in(enterprise, day, values, stock)
    if faults:
        raise DomainError(_("The report is not accepted yet."), errors=faults)
    enterprise = _hold(enterprise, day)
    now = now or timezone.now()
    values = {name: values.get(name) for name in VALUES} | {"reason": values.get("reason") or ""}
    report = DailyReport.objects.filter(enterprise=enterprise, day=day).first()
    if report is None:
        report = DailyReport.objects.create(
            enterprise=enterprise,
            day=day,
            receipt=_receipt(day),
            is_on_time=now <= deadline(enterprise, day),
            channel=channel,
            filed_by=by,
            filed_at=now,
            **values,
        )
        made = True
    else:
        if _content(report) == _content_of(values, stock):
            return report, False
        _keep_revision(report, by=by, reason=values["reason"], now=now)
        for name, value in values.items():
            setattr(report, name, value)
        report.revision += 1
        report.save(update_fields=[*values, "revision"])
        made = False
    _write_stock(report, stock)
    _link_due(enterprise, day, report)
    record(
        report,
        "filed" if made else "corrected",
        by=by,
        after={"receipt": report.receipt, "revision": report.revision},
        note=values["reason"],
    )
    return report, made


def _hold(enterprise, day):
    """Lock the enterprise, so that its reports come one by one; and hold off the freezing of a day still open."""
    if not ReportDue.objects.filter(day=day).exists():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('freeze_due'))")
    return Enterprise.objects.select_for_update(no_key=True).order_by("pk").get(pk=enterprise.pk)


def _receipt(day):
    return f"R{day:%y%m%d}-{secrets.token_hex(4).upper()}"


def _stock_content(lines):
    return sorted(
        (line.material_id, line.on_hand, line.daily_use, _arrivals(line), line.stopped_for_want) for line in lines
    )


def _arrivals(line):
    return tuple(sorted((str(each["on"]), Decimal(str(each["quantity"]))) for each in line.arrivals))


def _content(report):
    return {name: getattr(report, name) for name in VALUES}, _stock_content(report.stock.all())


def _content_of(values, stock):
    lines = [
        StockReading(
            material=x.material,
            on_hand=x.on_hand,
            daily_use=x.daily_use,
            arrivals=x.arrivals,
            stopped_for_want=x.stopped_for_want,
        )
        for x in stock
    ]
    return {name: values.get(name) for name in VALUES} | {"reason": values.get("reason") or ""}, _stock_content(lines)


def _keep_revision(report, *, by, reason, now):
    ReportRevision.objects.create(
        report=report, revision=report.revision, values=snapshot(report), replaced_by=by, replaced_at=now, reason=reason
    )


def _write_stock(report, stock):
    report.stock.all().delete()
    StockReading.objects.bulk_create(
        StockReading(
            report=report,
            enterprise_id=report.enterprise_id,
            material=line.material,
            day=report.day,
            on_hand=line.on_hand,
            daily_use=line.daily_use,
            arrivals=[{"on": str(each["on"]), "quantity": str(each["quantity"])} for each in line.arrivals],
            stopped_for_want=line.stopped_for_want,
        )
        for line in stock
    )
    KeyMaterial.objects.bulk_create(
        [
            KeyMaterial(enterprise_id=report.enterprise_id, material=line.material, since_on=report.day)
            for line in stock
        ],
        ignore_conflicts=True,
    )


def _link_due(enterprise, day, report):
    """The report answers its day, and stands in for silent days after it."""
    ReportDue.objects.filter(enterprise=enterprise, day=day).update(report=report)
    later = ReportDue.objects.filter(enterprise=enterprise, day__gt=day, day__lte=day + timedelta(days=CARRIED_DAYS))
    later.filter(Q(carried_from=None) | Q(carried_from__day__lt=day)).update(carried_from=report)


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
WHERE listing.days @> %(day)s::date
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


def enterprise_named(code, *, by):
    """The enterprise with this code among those the user sees; None outside the scope."""
    return Enterprise.objects.visible_to(by).named(code).select_related("division__parent").first()
