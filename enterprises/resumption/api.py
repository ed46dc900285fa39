"""Daily reports and stock over REST: filed one by one and in bulk, and read; a room above may judge the stock."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.response import Response

from enterprises.resumption import policies, services
from enterprises.resumption.filing import judgement
from enterprises.resumption.filters import DailyReportFilter, ReportFilter, StockFilter
from enterprises.resumption.models import DailyReport, ReportDue, StockReading
from enterprises.resumption.serializers import (
    BulkReportShape,
    DailyReportSerializer,
    PrefillQuery,
    PrefillSerializer,
    ReceiptSerializer,
    ReportDueSerializer,
    ReportShape,
    StockReadingSerializer,
)
from enterprises.resumption.words import Channel
from whitelist.core.api import BulkMixin, Endpoint
from whitelist.core.days import parse_day, yesterday
from whitelist.core.errors import DomainError


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
