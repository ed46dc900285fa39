"""What a report is judged by, whichever way it comes in: what refuses it, and what asks for a reason."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Material
from enterprises.resumption.filing.revisions import VALUES
from enterprises.resumption.models import DailyReport, ReportDue
from enterprises.resumption.words import RESUMED, State
from enterprises.whitelists.models import Listing
from whitelist.core.days import due_at, today
from whitelist.core.errors import Fault

OLDEST_DAYS = 31  # reports further back than this are history, not scheduling
ABSURD = Decimal(3)  # output beyond this multiple of the normal one is refused
UNUSUAL = Decimal(2)  # a value this far from the firm's own last week asks for a reason
WEEK = timedelta(days=7)
FARTHEST_ARRIVAL = 366  # days ahead: a confirmed arrival beyond that is a mistyped year
IDLE = (State.STOPPED, State.PLANNED_STOP)


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


def content(values, stock):
    """Everything a report says, in the form in which two of them are compared."""
    lines = [(x.material.pk, x.on_hand, x.daily_use, _coming(x.arrivals), bool(x.stopped_for_want)) for x in stock]
    return {name: values.get(name) for name in VALUES} | {"reason": values.get("reason") or ""}, sorted(lines)


def content_of(report):
    return content({name: getattr(report, name) for name in VALUES}, report.stock.all())


def _coming(arrivals):
    return tuple(sorted((str(each["on"]), Decimal(str(each["quantity"]))) for each in arrivals))


class Told(NamedTuple):
    """What a report of the past said, as far as later ones are compared with it."""

    day: date
    state: str
    output: Decimal | None
    staff_on_duty: int | None


class Ground:
    """What reports are judged against, read at once for any number of them; a pair is an enterprise's id and a day.

    `reports` are those that were filed already, by their pair, each with its stock.
    """

    def __init__(self, pairs):
        self.pairs = set(pairs)
        self.firms, self.days = {firm for firm, _day in self.pairs}, {day for _firm, day in self.pairs}
        found = DailyReport.objects.filter(enterprise__in=self.firms, day__in=self.days)
        self.reports = {
            (report.enterprise_id, report.day): report
            for report in found.prefetch_related("stock__material")
            if (report.enterprise_id, report.day) in self.pairs
        }

    @cached_property
    def deadlines(self):
        """When each report is due: as frozen with its day, else by the earliest clock of the enterprise's lists."""
        frozen = ReportDue.objects.filter(enterprise__in=self.firms, day__in=self.days)
        known = {(firm, day): at for firm, day, at in frozen.values_list("enterprise", "day", "due_at")}
        if open_pairs := self.pairs - known.keys():
            clocks: dict = {}
            listings = Listing.objects.filter(enterprise__in={firm for firm, _day in open_pairs})
            listings = listings.filter(days__overlap=(min(self.days), max(self.days) + timedelta(days=1)))
            for firm, days, clock in listings.values_list("enterprise", "days", "white_list__report_due"):
                clocks.setdefault(firm, []).append((days, clock))
            for firm, day in open_pairs:
                known[firm, day] = due_at(day, *sorted(c for days, c in clocks.get(firm, ()) if day in days)[:1])
        return known

    @cached_property
    def past(self):
        """What each enterprise said up to a week before the days in question, oldest first."""
        said: dict = {firm: [] for firm in self.firms}
        recent = DailyReport.objects.filter(
            enterprise__in=self.firms, day__gte=min(self.days) - WEEK, day__lt=max(self.days)
        )
        for firm, *told in recent.order_by("day").values_list("enterprise", *Told._fields):
            said[firm].append(Told(*told))
        return said

    def add(self, firm, day, values):
        """Count a report that is about to be filed among what was said, for the days after it."""
        said = [each for each in self.past[firm] if each.day != day]
        told = Told(day, *(values.get(name) for name in Told._fields[1:]))
        self.past[firm] = sorted([*said, told], key=lambda each: each.day)

    def questions(self, firm, day, values):
        """Values far from the firm's last week: accepted, but they ask for a reason. The last one told needs none."""
        week = [each for each in self.past[firm] if day - WEEK <= each.day < day]
        if not week or values.get("state") not in RESUMED:
            return []
        asked = []
        for name in ("output", "staff_on_duty"):
            told = [getattr(each, name) for each in week if each.state not in IDLE]
            told = [value for value in told if value is not None]
            now = values.get(name)
            if now is None or not told or getattr(week[-1], name) == now:
                continue
            usual = Decimal(sum(told)) / len(told)
            if usual and (now > UNUSUAL * usual or now * UNUSUAL < usual):
                said = _("%(value)s is far from the last week's %(usual)s. Please give the reason.")
                asked.append(Fault(name, "unusual", said % {"value": now, "usual": round(usual)}))
        return asked

    def open_questions(self, firm, day, values, stock, *, now=None):
        """What still wants a reason: unusual values, and a correction after the deadline. Accepted, but asked about.

        The same content again, and values that came with a reason, leave nothing open.
        """
        present = self.reports.get((firm, day))
        if faults_of_day(day) or (present is not None and content_of(present) == content(values, stock)):
            return []
        reason = values.get("reason") or ""
        asked = [] if reason else self.questions(firm, day, values)
        is_late = present is not None and (now or timezone.now()) > self.deadlines[firm, day]
        if is_late and reason in ("", present.reason):
            told = _("The deadline has passed; please say why the report is corrected.")
            asked.append(Fault("reason", "late_correction", told))
        return asked
