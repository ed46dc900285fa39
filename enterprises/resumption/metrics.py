"""The registry of figures: one definition each, used by page, export, API and the rows behind a number.

Every figure is over the enterprises that owed a report for a day (frozen in `ReportDue`), within the user's scope.
Definitions are those of product section 5; check values: 578 of 666 is 86.8 %, 49 of 50 is 98.0 %.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DecimalField,
    F,
    Func,
    OuterRef,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Concat, Left
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register.words import Chain, Field, Size, Tag
from enterprises.resumption.models import Answer, ReportDue
from enterprises.resumption.words import RESUMED, State
from enterprises.whitelists.models import Batch, Listing, WhiteList
from whitelist.accounts.models import Division

REACHED_SHARE = Decimal("0.8")
REGIONS = {
    "yangtze": (_("Yangtze River Delta"), ("31", "32", "33", "34")),
    "pearl": (_("Pearl River Delta"), ("4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420")),
    "capital": (_("Beijing-Tianjin-Hebei"), ("11", "12", "13")),
}
MUNICIPALITIES = ("11", "12", "31", "50")

SHOULD_WORK = ~Q(shown_state=State.PLANNED_STOP) | Q(shown_state=None)
REPORTED = Q(answer__in=(Answer.ON_TIME, Answer.LATE))
WITH_OUTPUT = REPORTED & Q(
    report__output__isnull=False, enterprise__normal_output__gt=0, enterprise__output_value__gt=0
)
WITH_STAFF = REPORTED & Q(report__staff_due__isnull=False, report__staff_on_duty__isnull=False)
WITH_POWER = REPORTED & Q(report__electricity__isnull=False, enterprise__electricity_baseline__gt=0)
_AMOUNT = DecimalField(max_digits=30, decimal_places=6)


@dataclass(frozen=True)
class Metric:
    """A figure: its id, name, definition, the rows of numerator and denominator, and in `sums` what is added up."""

    id: str
    name: object
    definition: object
    numerator: Q
    denominator: Q
    sums: tuple | None = None
    is_estimate: bool = False


METRICS = {
    metric.id: metric
    for metric in (
        Metric(
            "resumed",
            _("Resumption rate"),
            _("enterprises in state normal or partial ÷ enterprises that should work (listed less planned stops)"),
            Q(shown_state__in=RESUMED),
            SHOULD_WORK,
        ),
        Metric(
            "reached",
            _("Production reached"),
            _("enterprises with output of at least four fifths of normal ÷ enterprises that should work"),
            SHOULD_WORK
            & Q(enterprise__normal_output__gt=0, shown_output__gte=F("enterprise__normal_output") * REACHED_SHARE),
            SHOULD_WORK,
        ),
        Metric(
            "on_duty",
            _("Staff on duty"),
            _("staff on duty ÷ staff due, of those that reported"),
            WITH_STAFF,
            WITH_STAFF,
            sums=(F("report__staff_on_duty"), F("report__staff_due")),
        ),
        Metric(
            "capacity",
            _("Capacity use"),
            _(
                "output today ÷ normal daily output, both weighted by output value, of those that reported; "
                "an operational estimate"
            ),
            WITH_OUTPUT,
            WITH_OUTPUT,
            sums=(
                F("report__output") / F("enterprise__normal_output") * F("enterprise__output_value"),
                F("enterprise__output_value"),
            ),
            is_estimate=True,
        ),
        Metric(
            "power",
            _("Electricity recovery"),
            _("electricity today ÷ normal daily electricity, of those that reported"),
            WITH_POWER,
            WITH_POWER,
            sums=(F("report__electricity"), F("enterprise__electricity_baseline")),
        ),
    )
}


def by_division(prefix):
    """The key one level below a prefix: provinces of the nation, prefectures of a province, counties of those.

    A municipality has no prefectures but in the code: right below it stand its districts.
    """
    digits = 2 if not prefix else 4 if len(prefix) == 2 and prefix not in MUNICIPALITIES else 6
    return Concat(Left("enterprise__division_id", digits), Value("0" * (6 - digits)), output_field=CharField())


def listings_of_the_day():
    """The listings of a row's enterprise on the row's day."""
    return Listing.objects.in_force(OuterRef("day")).filter(enterprise=OuterRef("enterprise"))


def _listing(field):
    """Every white list or batch an enterprise stands on that day: it counts once in each of them."""
    return Func(ArraySubquery(listings_of_the_day().values(field)), function="unnest", output_field=BigIntegerField())


def _region():
    cases = []
    for key, (_name, prefixes) in REGIONS.items():
        inside = Q()
        for prefix in prefixes:
            inside |= Q(enterprise__division__code__startswith=prefix)
        cases.append(When(inside, then=Value(key)))
    return Case(*cases, default=Value(""), output_field=CharField())


def groups(prefix=""):
    """What a table of figures can be broken down by: id → the key of a row."""
    return {
        "division": by_division(prefix),
        "chain": F("enterprise__chain"),
        "field": F("enterprise__field"),
        "size": F("enterprise__size"),
        "list": _listing("white_list_id"),
        "batch": _listing("opened_by_id"),
        "tag": Func(F("enterprise__tags"), function="unnest", output_field=CharField()),
        "region": _region(),
    }


WORDS = {"chain": Chain, "field": Field, "size": Size, "tag": Tag}


def names_of(by, keys, user):
    """What the keys of a breakdown are called, key → name; a list or batch outside the user's scope is not named."""
    if by in WORDS:
        return {value: str(label) for value, label in WORDS[by].choices}
    if by == "region":
        return {key: str(name) for key, (name, _prefixes) in REGIONS.items()}
    if by == "division":
        return {each.code: str(each) for each in Division.objects.filter(code__in=keys)}
    if by == "list":
        known = {each.pk: each.title for each in WhiteList.objects.visible_to(user).filter(pk__in=keys)}
        return {key: known.get(key) or translate("A list of another office") for key in keys}
    known = {each.pk: each.title for each in Batch.objects.visible_to(user).filter(pk__in=keys)}
    return {key: known.get(key) or translate("A batch of another office") for key in keys}


def aggregates():
    """Every sum and count that any figure needs, in one pass."""
    wanted = {
        "due": Count("pk"),
        "should_work": Count("pk", filter=SHOULD_WORK),
        "carried": Count("pk", filter=Q(is_carried=True)),
        "unknown": Count("pk", filter=Q(shown_state=None)),
    }
    for answer in Answer.values:
        wanted[f"answer_{answer}"] = Count("pk", filter=Q(answer=answer))
    for metric in METRICS.values():
        over, under = metric.sums or (None, None)
        for part, rows, amount in (("over", metric.numerator, over), ("under", metric.denominator, under)):
            name = f"{metric.id}_{part}"
            wanted[name] = (
                Count("pk", filter=rows) if amount is None else Sum(amount, filter=rows, output_field=_AMOUNT)
            )
    return wanted


@dataclass(frozen=True)
class Figures:
    """One row of a table of figures: a key (division, chain, …, or a day) and everything added up for it."""

    key: object
    sums: dict

    def part(self, metric_id):
        """(numerator, denominator) of a figure."""
        return self.sums[f"{metric_id}_over"] or 0, self.sums[f"{metric_id}_under"] or 0

    def rate(self, metric_id):
        """The figure in per cent with one decimal; None where there is nothing to divide by."""
        return percent(*self.part(metric_id))

    @property
    def coverage(self):
        """How many owed a report, and what became of it; the four sum to `due`."""
        return {"due": self.sums["due"]} | {answer: self.sums[f"answer_{answer}"] for answer in Answer.values}

    @property
    def reported_share(self):
        return percent(self.sums["answer_on_time"] + self.sums["answer_late"], self.sums["due"])

    def shares(self):
        """The four answers in per cent of those due, rounded so that they sum to exactly 100."""
        due = self.sums["due"]
        if not due:
            return dict.fromkeys(Answer.values)
        exact = {answer: Decimal(self.sums[f"answer_{answer}"]) * 1000 / due for answer in Answer.values}
        tenths = {answer: int(share) for answer, share in exact.items()}
        for answer in sorted(exact, key=lambda answer: tenths[answer] - exact[answer])[: 1000 - sum(tenths.values())]:
            tenths[answer] += 1
        return {answer: (Decimal(share) / 10).quantize(Decimal("0.1")) for answer, share in tenths.items()}


def percent(over, under):
    if not under:
        return None
    return (Decimal(over) * 100 / Decimal(under)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _figures(rows, key):
    return [Figures(row.pop("key"), row) for row in rows.values(key=key).annotate(**aggregates()).order_by("key")]


def total(rows):
    """The figures of all rows of a queryset of ReportDue."""
    return Figures(None, rows.judged().aggregate(**aggregates()))


def table(rows, by, prefix=""):
    """The figures of rows of ReportDue broken down by one of `groups`, one query. Rows without a key stay out."""
    return [each for each in _figures(rows.judged(), groups(prefix)[by]) if each.key not in (None, "")]


def series(rows):
    """The figures of a queryset of ReportDue day by day, one query."""
    return _figures(rows.judged(), F("day"))


def rows_behind(rows, metric_id, part):
    """The very rows that a figure's numerator, denominator or `rest` (denominator but not numerator) counts."""
    metric, judged = METRICS[metric_id], rows.judged()
    if part == "numerator":
        return judged.filter(metric.numerator)
    denominator = judged.filter(metric.denominator)
    return (
        denominator
        if part == "denominator"
        else denominator.exclude(pk__in=judged.filter(metric.numerator).values("pk"))
    )


def due_on(user, day):
    """Who owed a report for a day, as far as the user sees."""
    return ReportDue.objects.visible_to(user).on(day)
