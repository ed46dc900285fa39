"""How things stand on one day for one office's division: everything the board and its export show, asked for once.

Sums are additive, so the day's total, its provinces and its chains come from one query over the reports due; the days
before it, for the lines and the change, from a second one that is kept for a while, since they rarely change.
"""

from datetime import timedelta
from functools import cached_property

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Value
from django.db.models.functions import Concat

from alerts.models import Assessment
from alerts.warnings import figures as warned
from enterprises.models import Batch, ReportDue
from enterprises.resumption import metrics
from whitelist.core.days import ONE, days_between, today

DAYS = 30  # of the three rates together
SPARK = 14  # days of the small lines
SETTLED = 4  # days after which hardly any report comes in or is corrected
HALF = 50  # per cent reported, below which a rate is not shown as known
NEWEST = 8  # newly red rows shown; the rest is one click away


def added(all_figures):
    """The figures of several rows as one."""
    sums = {}
    for figures in all_figures:
        for name, value in figures.sums.items():
            sums[name] = (sums.get(name) or 0) + (value or 0)
    return metrics.Figures(None, sums or dict.fromkeys(metrics.aggregates(), 0))


def grouped(figures, place):
    """Figures with a pair as key, added up by one of its two places: {key: figures}."""
    found = {}
    for each in figures:
        found.setdefault(each.key[place], []).append(each)
    return {key: added(rows) for key, rows in sorted(found.items())}


def past_figures(rows, prefix, days):
    """Figures of days that are over, each kept by itself: an hour for old ones, a minute where reports still come in.

    {day: figures}, without the days on which nobody owed a report. One query for all days that are not kept.
    """
    keys = {day: f"board-day-{prefix}-{day}" for day in days}
    kept = cache.get_many(keys.values())
    found = {day: kept[key] for day, key in keys.items() if key in kept}
    wanted = [day for day in days if day not in found]
    if wanted:
        counted = {figures.key: figures for figures in metrics.series(rows.filter(day__in=wanted))}
        settled_until = today() - SETTLED * ONE
        for is_old in (True, False):
            fresh = {keys[day]: counted.get(day) for day in wanted if (day < settled_until) == is_old}
            cache.set_many(fresh, settings.COUNTS_KEPT_SECONDS * (120 if is_old else 2))
        found |= {day: counted.get(day) for day in wanted}
    return {day: figures for day, figures in found.items() if figures}


def keep_warm():
    """Have the nation's days at hand before the ministry asks."""
    day = today() - ONE
    past_figures(ReportDue.objects.all(), "", days_between(day - DAYS * ONE, day - ONE))


class Situation:
    """One day of one scope. `run` is the day's run or None; `back` the days that changes are measured over."""

    def __init__(self, user, *, day, run, back=1):
        self.user, self.day, self.run, self.back = user, day, run, back
        self.prefix = user.prefix
        self.before = day - timedelta(days=back)
        self.first = day - timedelta(days=DAYS - 1)

    @cached_property
    def reports(self):
        """The day's figures by division below and chain, one query."""
        rows = ReportDue.objects.visible_to(self.user).on(self.day).judged()
        below = metrics.groups(self.prefix)["division"]
        key = Concat(below, Value("/"), F("enterprise__chain"))
        found = rows.values(key=key).annotate(**metrics.aggregates()).order_by("key")
        return [metrics.Figures(tuple(row.pop("key").split("/")), row) for row in found]

    @cached_property
    def total(self):
        return added(self.reports)

    @property
    def reported(self):
        """How many reported, of how many, in per cent."""
        coverage = self.total.coverage
        return {
            "count": coverage["on_time"] + coverage["late"],
            "due": coverage["due"],
            "share": self.total.reported_share,
        }

    @cached_property
    def by_division(self):
        return grouped(self.reports, 0)

    @cached_property
    def by_chain(self):
        return {key: figures for key, figures in grouped(self.reports, 1).items() if key}

    @cached_property
    def past(self):
        """The figures of the days before, by day."""
        rows = ReportDue.objects.visible_to(self.user)
        return past_figures(rows, self.prefix, days_between(self.first, self.day - ONE))

    @cached_property
    def days(self):
        """Every day from the first with figures to the shown one, with its figures or None."""
        begun = min([*self.past, self.day])
        span = [begun + timedelta(days=n) for n in range((self.day - begun).days + 1)]
        return [(day, self.total if day == self.day else self.past.get(day)) for day in span]

    def rate_before(self, metric):
        """The rate on the day of comparison, None where it is not known."""
        then = self.past.get(self.before)
        return then.rate(metric) if then else None

    def change(self, metric):
        """Percentage points since the day of comparison, None where either is not known."""
        now, then = self.total.rate(metric), self.rate_before(metric)
        return None if now is None or then is None else now - then

    @cached_property
    def assessments(self):
        return Assessment.objects.visible_to(self.user).warned()

    @cached_property
    def warned_days(self):
        """Warnings by level for each day of the lines: {day: counts}."""
        return {
            each.key: each for each in warned.series(self.assessments.filter(day__gte=self.first, day__lte=self.day))
        }

    @cached_property
    def warned_total(self):
        return self.warned_days.get(self.day) or warned.Counts(None, dict.fromkeys(warned.aggregates(), 0))

    @cached_property
    def warned_cross(self):
        """Warnings of the day by division below and chain, one query."""
        return warned.cross(self.assessments.on(self.day), "division", "chain", self.prefix)

    def _warned_by(self, place):
        found = {}
        for each in self.warned_cross:
            sums = found.setdefault(each.key[place], dict.fromkeys(each.numbers, 0))
            for name, number in each.numbers.items():
                sums[name] += number
        return {key: warned.Counts(key, numbers) for key, numbers in found.items()}

    @cached_property
    def warned_by_division(self):
        return self._warned_by(0)

    @cached_property
    def warned_by_chain(self):
        return self._warned_by(1)

    @cached_property
    def newly_red(self):
        """The first newly red lines, the shortest cover first, each with its buyers and the number of all."""
        rows = self.assessments.on(self.day).with_news(self.day).filter(warned.RED, is_new=True)
        return list(rows.counted().with_story().with_buyers().for_table()[:NEWEST])

    @property
    def new_count(self):
        return self.newly_red[0].all_rows if self.newly_red else 0

    @property
    def week_ago(self):
        """How many were listed a week before, None where nobody kept count yet."""
        then = self.past.get(self.day - timedelta(days=7))
        return then and then.sums["due"]

    @property
    def last_week_from(self):
        return self.day - timedelta(days=6)

    @cached_property
    def batches(self):
        """How many batches took effect in the week up to the day."""
        week = (self.last_week_from, self.day)
        return Batch.objects.visible_to(self.user).published().filter(effective_on__range=week).count()
