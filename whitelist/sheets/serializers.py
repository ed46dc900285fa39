"""Imports in JSON. Faults name row and column; the first thousand are listed, with how many there are in all."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from whitelist.core.api import Shape
from whitelist.sheets import services
from whitelist.sheets.models import SheetImport, SheetRow
from whitelist.sheets.previews import mapping
from whitelist.sheets.previews.remedies import remedy

MOST_FAULTS = 1000


class FaultSerializer(serializers.Serializer):
    row = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning"])
    detail = serializers.CharField()


class CountsSerializer(serializers.Serializer):
    created = serializers.IntegerField(default=0)
    updated = serializers.IntegerField(default=0)
    unchanged = serializers.IntegerField(default=0)
    rejected = serializers.IntegerField(default=0)


class FaultCountSerializer(serializers.Serializer):
    rows = serializers.IntegerField()
    severity = serializers.ChoiceField(choices=["error", "warning"])


class ColumnSerializer(serializers.Serializer):
    key = serializers.CharField()
    header = serializers.CharField()
    samples = serializers.ListField(child=serializers.CharField())


class UnknownColumnSerializer(serializers.Serializer):
    """A column that nothing is taken from; `left_out` if people said so."""

    header = serializers.CharField()
    samples = serializers.ListField(child=serializers.CharField())
    repeats = serializers.CharField()
    left_out = serializers.BooleanField(default=False)


class HeadingQuestionSerializer(serializers.Serializer):
    """A column that several headings claim while their cells differ: `map/` says which is meant."""

    key = serializers.CharField()
    headers = serializers.ListField(child=serializers.CharField())


class TemplateVersionSerializer(serializers.Serializer):
    """The template that the file was made from."""

    version = serializers.CharField()
    current = serializers.BooleanField()


class CandidateSerializer(serializers.Serializer):
    name = serializers.CharField()
    rows = serializers.IntegerField()


class UndoneSerializer(serializers.Serializer):
    restored = serializers.IntegerField(default=0)
    removed = serializers.IntegerField(default=0)
    kept = serializers.IntegerField(default=0)


class ImportSerializer(serializers.ModelSerializer):
    """An import: where it stands, what its rows would do, and which columns were understood."""

    progress = serializers.DecimalField(max_digits=3, decimal_places=2, read_only=True)
    counts = CountsSerializer()
    columns = serializers.SerializerMethodField()
    unknown_columns = UnknownColumnSerializer(many=True)
    questions = serializers.SerializerMethodField()
    template = serializers.SerializerMethodField()
    candidates = CandidateSerializer(many=True)
    fault_counts = serializers.DictField(child=FaultCountSerializer())
    notes = serializers.DictField(child=serializers.DictField(child=serializers.IntegerField()))
    refusal = serializers.SerializerMethodField()
    uploaded_by = serializers.CharField()
    confirmed_by = serializers.CharField(allow_null=True)
    undone_by = serializers.CharField(allow_null=True)
    undone = UndoneSerializer()
    seconds_left = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = SheetImport
        fields: tuple[str, ...] = (
            *(
                "id",
                "kind",
                "state",
                "progress",
                "seconds_left",
                "file_name",
                "file_size",
                "target",
                "sheet",
                "header_row",
            ),
            *(
                "candidates",
                "rows",
                "counts",
                "columns",
                "unknown_columns",
                "questions",
                "template",
                "notes",
                "fault_counts",
                "refusal",
                "refusal_code",
            ),
            *("created_at", "uploaded_by", "confirmed_at", "confirmed_by", "undone_at", "undone_by", "undone"),
        )

    @extend_schema_field(ColumnSerializer(many=True))
    def get_columns(self, row):
        told = sorted(row.mapping.items(), key=lambda each: each[1]["place"])
        return [{"key": key, "header": each["header"], "samples": each["samples"]} for key, each in told]

    @extend_schema_field(HeadingQuestionSerializer(many=True))
    def get_questions(self, row):
        return [{"key": each["key"], "headers": each["headers"]} for each in mapping.asked(row)]

    @extend_schema_field(TemplateVersionSerializer(allow_null=True))
    def get_template(self, row):
        return row.reading.get("template")

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_refusal(self, row):
        return row.refusal or None


class ImportDetailSerializer(ImportSerializer):
    """With its faults."""

    faults = serializers.SerializerMethodField()
    faults_total = serializers.SerializerMethodField()

    class Meta(ImportSerializer.Meta):
        fields = (*ImportSerializer.Meta.fields, "faults", "faults_total")

    def to_representation(self, row):
        self.told, self.total = services.faults_of(row, most=MOST_FAULTS)
        return super().to_representation(row)

    @extend_schema_field(FaultSerializer(many=True))
    def get_faults(self, row):
        return FaultSerializer(self.told, many=True).data

    @extend_schema_field(serializers.IntegerField())
    def get_faults_total(self, row):
        return self.total


class TwinSerializer(serializers.Serializer):
    """A row of the register that may be meant."""

    code = serializers.CharField()
    name = serializers.CharField()
    place = serializers.CharField()
    state = serializers.CharField()


class RowFaultSerializer(serializers.Serializer):
    """`remedy` says what can be done; `twins` are rows of the register that may be the same."""

    column = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=["error", "warning"])
    detail = serializers.CharField()
    remedy = serializers.SerializerMethodField()
    twins = TwinSerializer(many=True, required=False)

    @extend_schema_field(serializers.CharField())
    def get_remedy(self, fault):
        return str(remedy(fault["code"]))


class RowSerializer(serializers.ModelSerializer):
    """A row of the file: `cells` as read, `values` they mean, `changes` as {field: [old, new]}."""

    row = serializers.IntegerField(source="number")
    cells = serializers.DictField(child=serializers.CharField())
    values = serializers.DictField()
    changes = serializers.DictField(child=serializers.ListField(child=serializers.JSONField()))
    faults = RowFaultSerializer(many=True)

    class Meta:
        model = SheetRow
        fields = ("row", "key", "outcome", "cells", "values", "changes", "faults")


class TargetField(serializers.JSONField):
    """JSON written into a field of a form."""

    def to_internal_value(self, data):
        try:
            return super().to_internal_value(data)
        except RecursionError:
            self.fail("invalid")


class UploadShape(Shape):
    """A file (xlsx, xls or csv) with its kind; `target` names what a kind imports into, as JSON."""

    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.CharField(max_length=30)
    target = TargetField(required=False, default=None)


class ChooseShape(Shape):
    """The name of one of the candidates."""

    sheet = serializers.CharField(max_length=100)
