"""Taking an import back over REST: first in numbers, then for good."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from whitelist.core.api import NoBody, step_action
from whitelist.sheets import policies, services
from whitelist.sheets.api import ImportEndpoint
from whitelist.sheets.serializers import ImportDetailSerializer
from whitelist.sheets.tables.reverting import MOST_TOLD
from whitelist.sheets.undo import services as undoing


class KeptSerializer(serializers.Serializer):
    """A row that undoing keeps: `reason` is `changed`, `referred`, `gone`, or `no_draft` where its batch is none."""

    row = serializers.IntegerField(source="number")
    key = serializers.CharField()
    title = serializers.CharField()
    reason = serializers.ChoiceField(choices=["changed", "referred", "gone", "no_draft"])
    detail = serializers.CharField(source="said")
    by = serializers.CharField(source="who")
    at = serializers.DateTimeField(allow_null=True)


class UndoPreviewSerializer(serializers.Serializer):
    __doc__ = f"What undoing would do now; of the rows that it keeps the first {MOST_TOLD} are told."

    restored = serializers.IntegerField()
    removed = serializers.IntegerField()
    kept = serializers.IntegerField()
    rows = KeptSerializer(many=True)


class UndoEndpoint(ImportEndpoint):
    access = policies.may_read_imports

    @extend_schema(responses={200: UndoPreviewSerializer})
    def retrieve(self, request, *args, **kwargs):
        return Response(UndoPreviewSerializer(undoing.preview(self.row, by=request.user)).data)

    @extend_schema(request=None, responses={200: ImportDetailSerializer})
    @step_action(NoBody)
    def undo(self, row, *, by):
        return undoing.undo(row, by=by)

    @extend_schema(request=None, responses={200: ImportDetailSerializer})
    @step_action(NoBody)
    def cancel(self, row, *, by):
        return services.cancel(row, by=by)
