"""Closings in JSON."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from enterprises.models import ListClosing
from enterprises.whitelists.closing.flows import CLOSING_FLOW
from whitelist.core.api import Shape

NOTE = ListClosing._meta.get_field("note").max_length


class ClosingSerializer(serializers.ModelSerializer):
    """That a list ends on a day. `steps` are those that the caller may take now; `report` whether one is written."""

    proposed_by = serializers.CharField(source="proposed_by.username", read_only=True)
    confirmed_by = serializers.CharField(source="confirmed_by.username", read_only=True, allow_null=True, default=None)
    steps = serializers.SerializerMethodField()
    has_report = serializers.SerializerMethodField()

    class Meta:
        model = ListClosing
        fields = (
            "id",
            "white_list",
            "ends_on",
            "status",
            "note",
            "proposed_by",
            "proposed_at",
            "confirmed_by",
            "confirmed_at",
            "steps",
            "has_report",
        )

    def get_steps(self, row) -> list[str]:
        return [each.name for each in CLOSING_FLOW.open_to(self.context["request"].user, row)]

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_has_report(self, row):
        return getattr(row, "report", None) is not None


class CloseShape(Shape):
    ends_on = serializers.DateField()
    note = serializers.CharField(max_length=NOTE, required=False, allow_blank=True, default="")


class ClosingNoteShape(Shape):
    note = serializers.CharField(max_length=NOTE, required=False, allow_blank=True, default="")
