"""Warnings, the limits behind them, the runs that make them, and their numbers, for other systems."""

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from alerts.models import Assessment, Warning, WarningRule, WarningRun
from alerts.rules.policies import may_read_rules
from alerts.warnings import around, figures, policies, serializers, services
from alerts.warnings.filters import WarningFilter
from alerts.warnings.models import WORST_FIRST
from alerts.warnings.why import hundredths
from enterprises.resumption.api import DailyReportEndpoint
from whitelist.accounts.models import prefix_of
from whitelist.core.api import Endpoint, step_action
from whitelist.core.days import parse_day
from whitelist.core.errors import DomainError, Fault

AS_OF = OpenApiParameter("as_of", str, description="How they stood on that day; by default the newest run's.")


class JudgedDay(Endpoint):
    """Rows of the newest run of a day or before it."""

    is_base = True
    model = Assessment
    access = policies.may_read_warnings
    filterset_class = WarningFilter
    day_parameter = "as_of"

    @cached_property
    def run(self):
        text = self.request.query_params.get(self.day_parameter)
        if not text:
            return services.newest_run()
        return services.newest_run_until(parse_day(text, field=self.day_parameter))

    def narrow(self, queryset):
        if self.run is None:
            return queryset.none()
        return queryset.on(self.run.day).warned().with_news(self.run.day)


@extend_schema(parameters=[AS_OF])
class WarningListEndpoint(JudgedDay):
    """Open episodes by the newest run, or as they stood on a past day."""

    serializer_class = serializers.WarningSerializer
    ordering = WORST_FIRST
    extra_parameters = frozenset({"as_of"})

    def narrow(self, queryset):
        return super().narrow(queryset).with_story().for_table()

    def list(self, request):
        answer = super().list(request)
        answer.data["as_of"] = self.run and self.run.day
        return answer


class WarningEndpoint(Endpoint):
    """One episode, open or past: as of the last day on which it stood."""

    model = Warning
    access = policies.may_read_warnings
    serializer_class = serializers.WarningSerializer

    def answer(self, row, **kwargs):
        return super().answer(services.last_judgement(row), **kwargs)

    @extend_schema(request=serializers.AcknowledgeShape, responses=serializers.WarningSerializer)
    @step_action(serializers.AcknowledgeShape)
    def acknowledge(self, warning, *, by, note):
        return services.acknowledge(warning, by=by, note=note)

    @extend_schema(responses=serializers.WhySerializer)
    def why(self, request, **kwargs):
        return Response(serializers.WhySerializer(services.last_judgement(self.row)).data)

    @extend_schema(responses=serializers.DownstreamShape)
    def downstream(self, request, **kwargs):
        return Response({"results": serializers.LinkShape(around.downstream(self.row, request.user), many=True).data})

    @extend_schema(responses=serializers.AlternatesShape)
    def alternates(self, request, **kwargs):
        day = services.last_judgement(self.row).day
        found = around.alternates(self.row, request.user, day)[:200]
        return Response({"results": serializers.AlternateShape(found, many=True).data, "as_of": day})


class JudgedReportEndpoint(DailyReportEndpoint):
    """Daily reports whose receipt tells how long the stock lasts: each line with `cover` and `level`.

    The one stated exception to the doors between apps: judgement stands above the facts, and the answer to a report
    gives both, so the room that judges extends the endpoint of the room that takes reports.
    """

    def stocks_of(self, reports):
        judged: dict = {}
        for day in {report.day for report in reports}:
            firms = [report.enterprise_id for report in reports if report.day == day]
            found = services.stocks_now(firms, day)
            judged |= {(firm, day): found.get(firm, {}) for firm in firms}
        told = super().stocks_of(reports)
        for report in reports:
            known = judged[report.enterprise_id, report.day]
            told[report.pk] = [line | self.judgement(known.get(line["material"])) for line in told[report.pk]]
        return told

    @staticmethod
    def judgement(line):
        if line is None:
            return {"cover": None, "level": None}
        return {"cover": hundredths(line["cover"]), "level": line["raw_level"]}


class WarningRuleEndpoint(Endpoint):
    """The limits, every version with its first day."""

    model = WarningRule
    access = may_read_rules
    serializer_class = serializers.WarningRuleSerializer

    def narrow(self, queryset):
        return queryset.for_table()


class WarningRunEndpoint(Endpoint):
    """The runs of the days; asking for one queues it, and the worker does it at once."""

    model = WarningRun
    access = policies.may_read_runs
    serializer_class = serializers.WarningRunSerializer
    lookup_field = "day"
    ordering = ("-day",)

    @extend_schema(request=serializers.RunShape, responses={202: serializers.WarningRunSerializer})
    def create(self, request):
        day = self.checked(serializers.RunShape)["day"]
        return self.once(lambda: self.answer(services.ask_for_run(day, by=request.user), code=202))


STATISTICS = [
    OpenApiParameter("day", str, description="The day; by default the newest run's."),
    OpenApiParameter("by", str, enum=figures.BY, description="What the rows are; by default divisions."),
    OpenApiParameter("from", str, description="With `to`: a series of days instead of one day."),
    OpenApiParameter("to", str),
]


class WarningStatisticsEndpoint(JudgedDay):
    """Numbers of warnings by level: for one day broken down, or day by day."""

    serializer_class = serializers.WarningStatisticsShape
    extra_parameters = frozenset({"day", "by", "from", "to"})
    page_parameters: frozenset = frozenset()
    pagination_class = None

    @cached_property
    def span(self):
        """The first and last day of a series, None where one day is asked."""
        first, last = (self.request.query_params.get(name) for name in ("from", "to"))
        if not (first or last):
            return None
        if not (first and last):
            told = _("A series has both ends: from and to.")
            raise DomainError(told, errors=[Fault("to" if first else "from", "required", told)])
        return parse_day(first, field="from"), parse_day(last, field="to")

    @cached_property
    def run(self):
        text = self.request.query_params.get("day")
        return services.newest_run(parse_day(text) if text else None)

    def narrow(self, queryset):
        if self.span:
            return queryset.warned().filter(day__range=self.span)
        return super().narrow(queryset)

    @extend_schema(parameters=STATISTICS, responses=serializers.WarningStatisticsShape)
    def list(self, request):
        by = request.query_params.get("by", "division")
        if by not in figures.BY:
            told = _("by is one of %(known)s.") % {"known": ", ".join(figures.BY)}
            raise DomainError(told, errors=[Fault("by", "unknown_key", told)])
        rows = self.filter_queryset(self.get_queryset())
        if self.span:
            counted = figures.series(rows)
            named = {each.key: str(each.key) for each in counted}
            body = {"day": None, "as_of": None, "by": "day", "total": None}
        else:
            division = request.query_params.get("division")
            counted = figures.table(rows, by, prefix_of(division) if division else request.user.prefix or "")
            named = figures.names(by, [each.key for each in counted], request.user)
            total = figures.total(rows).numbers if self.run else None
            body = {
                "day": self.run and self.run.day,
                "as_of": self.run and self.run.finished_at,
                "by": by,
                "total": total,
            }
        told = [{"key": str(each.key), "name": str(named.get(each.key, each.key)), **each.numbers} for each in counted]
        return Response(serializers.WarningStatisticsShape({**body, "rows": told}).data)
