"""The shapes of rates: a figure never stands alone."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class CoverageSerializer(serializers.Serializer):
    due = serializers.IntegerField()
    on_time = serializers.IntegerField()
    late = serializers.IntegerField()
    empty = serializers.IntegerField()
    none = serializers.IntegerField()


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string", "format": "decimal"}]})
class PartField(serializers.Field):
    """One side of a figure: a count as a number, a quantity as a decimal string."""


class FigureSerializer(serializers.Serializer):
    """A figure never stands alone: numerator, denominator, coverage, and what was carried or is not known."""

    numerator = PartField()
    denominator = PartField()
    rate = serializers.CharField(allow_null=True)
    coverage = CoverageSerializer()
    carried = serializers.IntegerField()
    unknown = serializers.IntegerField()


class GroupSerializer(FigureSerializer):
    """The figure of a division, chain, list, …; of the total the key is null."""

    key = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class DaySerializer(FigureSerializer):
    """The figure of one day of a series."""

    day = serializers.DateField()


class SharesSerializer(serializers.Serializer):
    """The four answers in per cent of those due; null where nobody was."""

    on_time = serializers.CharField(allow_null=True)
    late = serializers.CharField(allow_null=True)
    empty = serializers.CharField(allow_null=True)
    none = serializers.CharField(allow_null=True)


class GroupSharesSerializer(GroupSerializer):
    shares = SharesSerializer()


class DaySharesSerializer(DaySerializer):
    shares = SharesSerializer()


class StatisticsSerializer(serializers.Serializer):
    """One day, broken down."""

    metric = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    day = serializers.DateField()
    as_of = serializers.DateTimeField()
    by = serializers.CharField()
    rows = GroupSerializer(many=True)
    total = GroupSerializer()


class SeriesSerializer(serializers.Serializer):
    """A series: every day from the first to the last."""

    metric = serializers.CharField()
    name = serializers.CharField()
    definition = serializers.CharField()
    to = serializers.DateField()
    as_of = serializers.DateTimeField()
    rows = DaySerializer(many=True)

    def get_fields(self):
        return super().get_fields() | {"from": serializers.DateField()}


class ReportingSerializer(StatisticsSerializer):
    """One day, broken down, with the four shares."""

    rows = GroupSharesSerializer(many=True)
    total = GroupSharesSerializer()


class ReportingSeriesSerializer(SeriesSerializer):
    """A series with the four shares."""

    rows = DaySharesSerializer(many=True)
