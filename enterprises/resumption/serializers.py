"""Reports in JSON: quantities as strings, an enterprise by its code, a material by its code."""

import re

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from enterprises.register.models import Enterprise, Material
from enterprises.resumption.filing.revisions import VALUES
from enterprises.resumption.models import Answer, DailyReport, ReportDue, StockReading
from enterprises.resumption.services import StockLine
from enterprises.resumption.words import State
from whitelist.core.api import Shape
from whitelist.core.codes import CODE, normalise
from whitelist.core.scoping import ScopedRelatedField

LARGEST = 2_147_483_647
SLUG = re.compile(r"[-\w]{1,40}", re.ASCII)
MOST_LINES, MOST_ARRIVALS = 200, 30


class NamedEnterprise(serializers.Serializer):
    uscc = serializers.CharField(source="code")
    name = serializers.CharField()


class EnterpriseField(ScopedRelatedField):
    """An enterprise of the caller's scope by USCC or registration number."""

    default_error_messages = {"does_not_exist": _("There is no enterprise “{value}” in your scope.")}

    def __init__(self, **kwargs):
        super().__init__(Enterprise, "uscc", **kwargs)

    def to_internal_value(self, data):
        is_code = isinstance(data, str) and len(data) <= 40 and CODE.fullmatch(normalise(data))
        known = self.context.get("enterprises")  # of a bulk request: all that its items name, looked up at once
        if known is None:
            found = self.get_queryset().coded(data).first() if is_code else None
        else:
            found = known.get(normalise(data)) if is_code else None
        if found is None:
            self.fail("does_not_exist", slug_name="code", value=str(data)[:40])
        return found


class MaterialField(ScopedRelatedField):
    """A material of the vocabulary by its code; each code is looked up once a request."""

    default_error_messages = {"does_not_exist": _("“{value}” is not a material of the vocabulary.")}

    def __init__(self, **kwargs):
        super().__init__(Material, "code", **kwargs)

    def to_internal_value(self, data):
        known = self.context.setdefault("materials", {})
        if not isinstance(data, str) or not SLUG.fullmatch(data):
            self.fail("does_not_exist", slug_name="code", value=str(data)[:40])
        if data not in known:
            known[data] = super().to_internal_value(data)
        return known[data]


def count():
    return serializers.IntegerField(max_value=LARGEST, required=False, allow_null=True)


def amount(digits):
    return serializers.DecimalField(max_digits=digits, decimal_places=2, required=False, allow_null=True)


class ArrivalShape(Shape):
    on = serializers.DateField()
    quantity = serializers.DecimalField(max_digits=16, decimal_places=2)


class StockShape(Shape):
    material = MaterialField()
    on_hand = serializers.DecimalField(max_digits=16, decimal_places=2)
    daily_use = serializers.DecimalField(max_digits=16, decimal_places=2)
    arrivals = ArrivalShape(many=True, required=False, max_length=MOST_ARRIVALS)  # type: ignore[call-arg]  # many=True
    stopped_for_want = serializers.BooleanField(required=False, default=False)


class ReportShape(Shape):
    """What an enterprise says of a day. Shape only: what contradicts itself is told by the service."""

    state = serializers.ChoiceField(choices=State.choices)
    staff_due = count()
    staff_on_duty = count()
    staff_in_loop = count()
    output = amount(16)
    electricity = amount(14)
    inbound_open = serializers.BooleanField(required=False, allow_null=True, default=None)
    outbound_open = serializers.BooleanField(required=False, allow_null=True, default=None)
    epidemic_cases = count()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    stock: serializers.Serializer = StockShape(
        many=True,
        required=False,
        max_length=MOST_LINES,  # type: ignore[call-arg]  # many=True takes it
    )

    def validate_stock(self, lines):
        return [StockLine(**line) for line in lines]


class BulkReportShape(ReportShape):
    enterprise = EnterpriseField()
    day = serializers.DateField()


class QuestionSerializer(serializers.Serializer):
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ArrivalSerializer(serializers.Serializer):
    on = serializers.CharField()
    quantity = serializers.CharField()


class StockLineSerializer(serializers.Serializer):
    """A stock line as the receipt repeats it, with what the room above says of it."""

    material = serializers.CharField()
    on_hand = serializers.CharField()
    daily_use = serializers.CharField()
    arrivals = ArrivalSerializer(many=True)
    cover = serializers.CharField(allow_null=True, help_text="days that the stock lasts; null where nothing is used")
    level = serializers.CharField(allow_null=True, help_text="red, yellow, blue, normal, or grey for no data")


class ReceiptSerializer(serializers.Serializer):
    """The answer to a filed report; `questions` want a reason and hold nothing up."""

    receipt = serializers.CharField()
    revision = serializers.IntegerField()
    on_time = serializers.BooleanField()
    stock = StockLineSerializer(many=True)
    questions = QuestionSerializer(many=True)


class StockReadingSerializer(serializers.ModelSerializer):
    enterprise = NamedEnterprise()
    material = serializers.CharField(source="material.code")
    material_name = serializers.CharField(source="material.__str__")
    unit = serializers.CharField(source="material.unit")

    class Meta:
        model = StockReading
        fields = (
            "enterprise",
            "material",
            "material_name",
            "unit",
            "day",
            "on_hand",
            "daily_use",
            "arrivals",
            "stopped_for_want",
        )


class ReportStockSerializer(serializers.ModelSerializer):
    material = serializers.CharField(source="material.code")

    class Meta:
        model = StockReading
        fields = ("material", "on_hand", "daily_use", "arrivals", "stopped_for_want")


class DailyReportSerializer(serializers.ModelSerializer):
    enterprise = NamedEnterprise()
    on_time = serializers.BooleanField(source="is_on_time")
    stock = ReportStockSerializer(many=True)

    class Meta:
        model = DailyReport
        fields = (
            "enterprise",
            "day",
            *VALUES,
            "stock",
            "receipt",
            "revision",
            "on_time",
            "channel",
            "filed_at",
        )


class ReportDueSerializer(serializers.ModelSerializer):
    """A row behind a figure: who owed a report, what counts for the day, and what became of it."""

    enterprise = NamedEnterprise()
    division = serializers.CharField(source="enterprise.division_id")
    state = serializers.ChoiceField(source="shown_state", choices=State.choices, allow_null=True)
    carried = serializers.BooleanField(source="is_carried")
    answer = serializers.ChoiceField(choices=Answer.choices)
    receipt = serializers.CharField(source="report.receipt", default=None, allow_null=True)
    filed_at = serializers.DateTimeField(source="report.filed_at", default=None, allow_null=True)
    reminded_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = ReportDue
        fields = (
            "enterprise",
            "division",
            "day",
            "due_at",
            "state",
            "carried",
            "answer",
            "receipt",
            "filed_at",
            "reminded_at",
        )


class PrefillQuery(Shape):
    uscc = serializers.CharField(max_length=40)
    day = serializers.DateField(required=False)


class PrefillLine(serializers.Serializer):
    """A line as it stood; a material not told of yet has no numbers."""

    material = serializers.CharField(source="material.code")
    on_hand = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    daily_use = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    arrivals = ArrivalSerializer(many=True)
    stopped_for_want = serializers.BooleanField()


class PrefillReport(ReportShape):
    stock = PrefillLine(many=True)


class PrefillSerializer(serializers.Serializer):
    """What the report of a day starts from; `report` is a body for PUT once its empty lines are filled or left out."""

    enterprise = NamedEnterprise()
    day = serializers.DateField()
    due_at = serializers.DateTimeField()
    prefilled_from = serializers.DateField(allow_null=True)
    receipt = serializers.CharField(allow_null=True)
    report = PrefillReport()
