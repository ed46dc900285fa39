"""Daily reports over REST: filed one by one and in bulk, read, and summed up; a room above may judge the stock."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema
from rest_framework import exceptions
from rest_framework.response import Response

from enterprises.resumption import judgement, metrics, policies, reminders, services
from enterprises.resumption.filters import DailyReportFilter, ReminderFilter, ReportFilter, StockFilter, TraitsFilter
from enterprises.resumption.models import DailyReport, Reminder, ReportDue, StockReading
from enterprises.resumption.serializers import (
    BulkReportShape,
    DailyReportSerializer,
    PrefillQuery,
    PrefillSerializer,
    ReceiptSerializer,
    RemindedSerializer,
    ReminderSerializer,
    ReminderShape,
    ReportDueSerializer,
    ReportingSerializer,
    ReportingSeriesSerializer,
    ReportShape,
    SeriesSerializer,
    StatisticsSerializer,
    StockReadingSerializer,
)
from enterprises.resumption.words import Channel
from whitelist.accounts.models import Division
from whitelist.core.api import BulkMixin, Endpoint
from whitelist.core.days import SHANGHAI, days_between, parse_day, yesterday
from whitelist.core.errors import DomainError, Fault


def filing_of(enterprise, day, body):
    return services.Filing(enterprise, day, body, body.pop("stock", []))


def receipt_of(filing, stock):
    """The status to answer with, and the receipt."""
    asked = [{"pointer": f"/{q.pointer}", "code": q.code, "detail": str(q.detail)} for q in filing.questions]
    report = filing.report
    told = {"receipt": report.receipt, "revision": report.revision, "on_time": report.is_on_time}
    return 201 if filing.made else 200, told | {"stock": stock, "questions": asked}


class DailyReportEndpoint(BulkMixin, Endpoint):
    """The reports of enterprises. `stocks_of` says what the receipts tell of the stock."""

    model = DailyReport
    access = policies.may_read_reports
    filterset_class = DailyReportFilter
    serializer_class = DailyReportSerializer
    ordering = ("-day", "pk")

    def narrow(self, queryset):
        return queryset.for_table().prefetch_related("stock__material")

    def get_object(self):
        """The enterprise in whose name is filed; for reading, its report of the day."""
        self.refuse_unknown(())
        enterprise = services.enterprise_named(self.kwargs["code"], by=self.request.user)
        if enterprise is None:
            raise Http404
        if self.request.method == "PUT":
            return enterprise
        report = self.get_queryset().filter(enterprise=enterprise, day=parse_day(self.kwargs["day"])).first()
        if report is None:
            raise Http404
        return report

    def get_serializer_context(self):
        """Shared by all items of a request, so that a material is looked up once."""
        if not hasattr(self, "shared"):
            self.shared = super().get_serializer_context()
        return self.shared

    def stocks_of(self, reports):
        """What the receipts say of each material, by report."""
        told = {report.pk: [] for report in reports}
        for x in services.stock_in(reports):
            line = {"on_hand": str(x.on_hand), "daily_use": str(x.daily_use), "arrivals": x.arrivals}
            told[x.report_id].append({"material": x.material.code, **line})
        return told

    @extend_schema(request=ReportShape, responses={200: ReceiptSerializer, 201: ReceiptSerializer})
    def file(self, request, code, day):
        services.require_filer(self.row, by=request.user)
        day = parse_day(day)
        (told,) = self.filed([filing_of(self.row, day, self.checked(ReportShape))])
        if isinstance(told, Exception):
            raise told
        status, receipt = told
        return Response(receipt, status=status)

    def filed(self, filings):
        """File or correct; of each the receipt with the status to answer, or the refusal."""
        services.file_reports(filings, by=self.request.user, channel=Channel.API, asking=True)
        stock = self.stocks_of([filing.report for filing in filings if filing.report])
        return [filing.refusal or receipt_of(filing, stock[filing.report.pk]) for filing in filings]

    @extend_schema(request=BulkReportShape(many=True))
    def bulk(self, request):
        return super().bulk(request)

    def bulk_done(self, items):
        """All together: what they name is looked up once, and what is right is filed by the same few statements."""
        self.get_serializer_context().update(services.named_in(items, by=self.request.user))
        done, filings = {}, {}
        for place, item in enumerate(items):
            try:
                body = self.checked(BulkReportShape, data=item)
                filings[place] = filing_of(body.pop("enterprise"), body.pop("day"), body)
            except exceptions.ValidationError as refusal:
                done[place] = refusal
        done |= zip(filings, self.filed(list(filings.values())), strict=True)
        return [done[place] for place in range(len(items))]

    @extend_schema(parameters=[PrefillQuery], responses=PrefillSerializer, filters=False)
    def prefill(self, request):
        """What the report of a day starts from: the day's own, else the last one before it."""
        asked = self.checked(PrefillQuery, data=request.query_params.dict())
        enterprise = services.enterprise_named(asked["uscc"], by=request.user)
        if enterprise is None:
            raise Http404
        day = asked.get("day") or yesterday()
        faults = judgement.faults_of_day(day)
        if faults:
            raise DomainError(faults[0].detail, errors=faults)
        start = services.start_of(enterprise, day)
        body = {
            "enterprise": enterprise,
            "day": start.day,
            "due_at": services.deadline(enterprise, start.day),
            "prefilled_from": start.source.day if start.source else None,
            "receipt": start.report.receipt if start.report else None,
            "report": {name: start.values.get(name) for name in services.VALUES} | {"stock": start.lines},
        }
        return Response(PrefillSerializer(body).data)


class ReportDueEndpoint(Endpoint):
    """The rows behind every figure: who owed a report for a day, and what became of it."""

    model = ReportDue
    access = policies.may_read_reports
    filterset_class = ReportFilter
    serializer_class = ReportDueSerializer

    def narrow(self, queryset):
        return queryset.judged().with_reminders().for_table()


class StockEndpoint(Endpoint):
    """The last reading of each enterprise and material; with `history=true` every one."""

    model = StockReading
    access = policies.may_read_reports
    filterset_class = StockFilter
    serializer_class = StockReadingSerializer
    ordering = ("-day", "pk")

    def narrow(self, queryset):
        return queryset.for_table()


class ReminderEndpoint(Endpoint):
    """Who was asked for a missing report, when and by whom; POST asks the silent of a selection."""

    model = Reminder
    access = policies.may_read_reports
    filterset_class = ReminderFilter
    serializer_class = ReminderSerializer
    ordering = ("-at", "pk")

    def narrow(self, queryset):
        return queryset.select_related("enterprise", "by")

    @extend_schema(request=ReminderShape, responses={201: RemindedSerializer})
    def create(self, request):
        if not policies.may_remind(request.user):
            raise exceptions.PermissionDenied
        return self.once(self.remind)

    def remind(self):
        asked = self.checked(ReminderShape)
        day = asked.get("day") or yesterday()
        services.freeze_due(day)
        if "enterprises" in asked:
            due = reminders.due_of(asked["enterprises"], day=day, by=self.request.user)
        else:
            due = reminders.due_in(asked["division"], day=day, by=self.request.user)
        told = reminders.remind(due, day=day, by=self.request.user)
        body = {
            "day": day,
            "reminded": told.new,
            "reminded_before": told.before,
            "answered": told.answered,
            "unreachable": told.unreachable,
        }
        return Response(RemindedSerializer(body).data, status=201)


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
