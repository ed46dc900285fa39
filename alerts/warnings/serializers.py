"""Warnings as other systems read them: quantities as strings, enterprises and materials by their codes."""

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from alerts.models import Assessment, WarningRule, WarningRun
from alerts.warnings.why import limits_of, remedy, why
from whitelist.core.api import Shape


class FirmShape(serializers.Serializer):
    """An enterprise by its code (USCC or registration number) and name."""

    uscc = serializers.CharField(source="code")
    name = serializers.CharField()


class MaterialShape(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()


class LimitsShape(serializers.Serializer):
    """Days of cover, strictly below which the level begins."""

    red = serializers.CharField()
    yellow = serializers.CharField()
    blue = serializers.CharField()


class WarningSerializer(serializers.ModelSerializer):
    """An episode as it stands on a day: the day's judgement with the episode's own dates."""

    id = serializers.IntegerField(source="warning_id")
    enterprise = FirmShape()
    material = MaterialShape()
    grey = serializers.BooleanField(source="is_grey")
    projected = serializers.BooleanField(source="is_projected")
    limits = serializers.SerializerMethodField()
    since = serializers.DateField(source="warning.opened_on")
    changed_on = serializers.DateField()
    cleared_on = serializers.DateField(source="warning.cleared_on", allow_null=True)
    acknowledged_at = serializers.DateTimeField(source="warning.acknowledged_at", allow_null=True)
    problem = serializers.SerializerMethodField(help_text="The open problem about it; none yet.")

    class Meta:
        model = Assessment
        fields = (
            "id",
            "day",
            "enterprise",
            "material",
            "level",
            "grey",
            "projected",
            "cover",
            "limits",
            "since",
            "changed_on",
            "cleared_on",
            "acknowledged_at",
            "problem",
        )

    @extend_schema_field(LimitsShape)
    def get_limits(self, row):
        return limits_of(row.rule)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_problem(self, row):
        return None


class RemedyShape(serializers.Serializer):
    quantity = serializers.DecimalField(max_digits=18, decimal_places=2)
    latest_on = serializers.DateField()
    sentence = serializers.CharField()


class WhySerializer(serializers.ModelSerializer):
    """Why a warning stands, in one sentence of the caller's language, with its figures and what ends it."""

    sentence = serializers.SerializerMethodField()
    arrivals = serializers.JSONField(help_text="Confirmed arrivals told in the reading.")
    limits = serializers.SerializerMethodField()
    red_limit_by = serializers.CharField(source="rule.red_source")
    limits_from = serializers.DateField(source="rule.starts_on")
    to_leave_red = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = (
            "day",
            "level",
            "sentence",
            "cover",
            "on_hand",
            "daily_use",
            "arrived",
            "arrivals",
            "read_on",
            "limits",
            "red_limit_by",
            "limits_from",
            "to_leave_red",
        )

    @extend_schema_field(serializers.CharField())
    def get_sentence(self, row):
        return why(row, row.arrivals)

    @extend_schema_field(LimitsShape)
    def get_limits(self, row):
        return limits_of(row.rule)

    @extend_schema_field(RemedyShape(allow_null=True))
    def get_to_leave_red(self, row):
        needed = None if row.warning.cleared_on else remedy(row)
        return RemedyShape(needed).data if needed else None


class LinkShape(serializers.Serializer):
    """A buyer that a stop of the enterprise reaches, and through which material."""

    enterprise = FirmShape(source="buyer")
    material = MaterialShape()
    share = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    criticality = serializers.CharField()
    is_sole_source = serializers.BooleanField()


class AlternateShape(serializers.Serializer):
    """Another listed enterprise that makes the material, or told of stock of it within 7 days."""

    enterprise = FirmShape(source="*")
    makes = serializers.BooleanField()
    on_hand = serializers.DecimalField(max_digits=16, decimal_places=2, allow_null=True)
    read_on = serializers.DateField(allow_null=True)


class DownstreamShape(serializers.Serializer):
    results = LinkShape(many=True)


class AlternatesShape(serializers.Serializer):
    """At most 200, as of the day of the last judgement."""

    results = AlternateShape(many=True)
    as_of = serializers.DateField()


class AcknowledgeShape(Shape):
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")


class RunShape(Shape):
    day = serializers.DateField()


class WarningRuleSerializer(serializers.ModelSerializer):
    material = serializers.SlugRelatedField("code", read_only=True)

    class Meta:
        model = WarningRule
        fields = ("id", "chain", "material", "red", "yellow", "blue", "red_source", "starts_on")


class WarningRunSerializer(serializers.ModelSerializer):
    class Meta:
        model = WarningRun
        fields = ("day", "state", "counts", "input_hash", "generation", "requested_at", "finished_at")


class CountsShape(serializers.Serializer):
    """Numbers of warned material lines by level; `unacknowledged` are reds for which nobody answers yet."""

    red = serializers.IntegerField()
    yellow = serializers.IntegerField()
    blue = serializers.IntegerField()
    grey = serializers.IntegerField()
    unacknowledged = serializers.IntegerField()


class CountsRowShape(CountsShape):
    key = serializers.CharField()
    name = serializers.CharField()


@extend_schema_serializer(many=False)
class WarningStatisticsShape(serializers.Serializer):
    """With `from` and `to` the rows are days and `by` is `day`."""

    day = serializers.DateField(allow_null=True)
    as_of = serializers.DateTimeField(allow_null=True)
    by = serializers.CharField()
    rows = CountsRowShape(many=True)
    total = CountsShape(allow_null=True)
