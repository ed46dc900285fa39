"""Rates over REST: of a day by group, or day by day."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework.response import Response

from enterprises.resumption import metrics, policies, services
from enterprises.resumption.filters import TraitsFilter
from enterprises.resumption.models import ReportDue
from enterprises.resumption.statistics.serializers import (
    ReportingSerializer,
    ReportingSeriesSerializer,
    SeriesSerializer,
    StatisticsSerializer,
)
from whitelist.accounts.models import Division
from whitelist.core.api import Endpoint
from whitelist.core.days import SHANGHAI, days_between, parse_day, yesterday
from whitelist.core.errors import DomainError, Fault


def either(name, *shapes):
    """An answer of one shape or the other: that of one day, or with `from` and `to` that of a series."""
    return PolymorphicProxySerializer(name, shapes, resource_type_field_name=None)


def parameter(name, description, **kwargs):
    return OpenApiParameter(name, description=description, **kwargs)


STATISTICS = [
    parameter("day", "the day; yesterday unless given"),
    parameter("as_of", "the same as day"),
    parameter("from", "with `to`: a series day by day"),
    parameter("to", "last day of the series"),
    parameter("by", "what to break down by", enum=list(metrics.groups())),
]


class StatisticsEndpoint(Endpoint):
    """Rates with numerator, denominator and coverage, for a day by group, or day by day."""

    model = ReportDue
    access = policies.may_read_reports
    filterset_class = TraitsFilter
    extra_parameters = frozenset({"day", "as_of", "from", "to", "by", "metric"})
    LONGEST = 366  # days of a series

    @extend_schema(
        parameters=[*STATISTICS, parameter("metric", "the figure", enum=list(metrics.METRICS))],
        responses=either("ResumptionStatistics", StatisticsSerializer, SeriesSerializer),
    )
    def resumption(self, request):
        metric = metrics.METRICS[self.chosen("metric", metrics.METRICS, "resumed")]
        head = {"metric": metric.id, "name": str(metric.name), "definition": str(metric.definition)}

        def told(figures):
            over, under = (plain(part) if metric.sums else part for part in figures.part(metric.id))
            return {"numerator": over, "denominator": under, "rate": text(figures.rate(metric.id))}

        return Response(head | self.broken_down(told))

    @extend_schema(
        parameters=STATISTICS, responses=either("ReportingStatistics", ReportingSerializer, ReportingSeriesSerializer)
    )
    def reporting(self, request):
        definition = _("on time, late, empty and none: four shares of the enterprises that owed a report")
        head = {"metric": "reporting", "name": str(_("Coverage")), "definition": str(definition)}

        def told(figures):
            came = figures.sums["answer_on_time"] + figures.sums["answer_late"]
            shares = {answer: text(share) for answer, share in figures.shares().items()}
            rate = text(figures.reported_share)
            return {"numerator": came, "denominator": figures.sums["due"], "rate": rate, "shares": shares}

        return Response(head | self.broken_down(told))

    def broken_down(self, told):
        """The rows of the asked day and breakdown, or of the asked series, and the total."""
        rows = self.filter_queryset(self.get_queryset())
        as_of = timezone.now().astimezone(SHANGHAI).isoformat(timespec="seconds")
        asked = self.request.query_params
        if "from" in asked or "to" in asked:
            first, last = self.period()
            services.freeze_due(yesterday())
            by_day = {each.key: each for each in metrics.series(rows.filter(day__range=(first, last)))}
            nothing = metrics.total(rows.none())
            shown = [
                {"day": str(day), **self.whole(by_day.get(day, nothing), told)} for day in days_between(first, last)
            ]
            return {"from": str(first), "to": str(last), "as_of": as_of, "rows": shown}
        day, by = self.day(), self.chosen("by", metrics.groups(), "division")
        services.freeze_due(day)
        rows = rows.on(day)
        figures = metrics.table(rows, by, self.prefix())
        names = metrics.names_of(by, [each.key for each in figures], self.request.user)
        shown = [
            {"key": str(each.key), "name": names.get(each.key, str(each.key)), **self.whole(each, told)}
            for each in figures
        ]
        total = {"key": None, "name": str(_("Total")), **self.whole(metrics.total(rows), told)}
        return {"day": str(day), "as_of": as_of, "by": by, "rows": shown, "total": total}

    def whole(self, figures, told):
        counted = {"carried": figures.sums["carried"], "unknown": figures.sums["unknown"]}
        return told(figures) | {"coverage": figures.coverage} | counted

    def prefix(self):
        """Below which division the breakdown looks: the one filtered for, else the user's own."""
        division = self.request.query_params.get("division")
        return Division(code=division).prefix if division else self.request.user.prefix or ""

    def day(self):
        asked = {
            name: parse_day(self.request.query_params[name], field=name)
            for name in ("day", "as_of")
            if self.request.query_params.get(name)
        }
        if len(set(asked.values())) > 1:
            told = _("day and as_of name two different days.")
            raise DomainError(told, errors=[Fault("as_of", "two_days", told)])
        return next(iter(asked.values()), yesterday())

    def period(self):
        first, last = (parse_day(self.request.query_params.get(name, ""), field=name) for name in ("from", "to"))
        if not 0 <= (last - first).days < self.LONGEST:
            told = _("A series runs over 1 to %(most)s days, from the earlier to the later.") % {"most": self.LONGEST}
            raise DomainError(told, errors=[Fault("to", "period", told)])
        return first, last

    def chosen(self, name, known, default):
        value = self.request.query_params.get(name) or default
        if value not in known:
            told = _("“%(value)s” is not known. Known are: %(known)s.") % {
                "value": value[:40],
                "known": ", ".join(known),
            }
            raise DomainError(told, errors=[Fault(name, "unknown", told)])
        return value


def plain(number):
    """A quantity as a decimal string without needless zeros."""
    return f"{number.normalize():f}" if number else "0"


def text(rate):
    return None if rate is None else str(rate)
