"""Batches and their lines in JSON; enterprises are named by their code."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from enterprises.models import Batch, BatchLine, Enterprise, WhiteList
from enterprises.register.words import Chain, Field
from enterprises.whitelists.flows import BATCH_FLOW
from enterprises.whitelists.serializers import ListedEnterprise
from enterprises.whitelists.words import Action, Reason, RejectReason, ReturnReason
from whitelist.core.api import Shape
from whitelist.core.codes import normalise
from whitelist.core.scoping import ScopedRelatedField

MOST_LINES = 5000
LARGEST_ID = 2**63 - 1


def text(model, name, **kwargs):
    return serializers.CharField(max_length=model._meta.get_field(name).max_length, **kwargs)


class CodedEnterprise(ScopedRelatedField):
    """An enterprise of the caller's scope by its code; `known` in the context spares a query for each of many."""

    default_error_messages = {"does_not_exist": _("There is no enterprise with this code in your division.")}

    def __init__(self, **kwargs):
        super().__init__(Enterprise, slug_field="uscc", **kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str) or len(data) > 40 or "\x00" in data:
            self.fail("invalid")
        known = self.context.get("known")
        found = self.get_queryset().coded(data).first() if known is None else known.get(normalise(data))
        if found is None:
            self.fail("does_not_exist")
        return found


class LineCounts(serializers.Serializer):
    """Lines that are not rejected, by what they want."""

    add = serializers.IntegerField(source="adding")
    amend = serializers.IntegerField(source="amending")
    remove = serializers.IntegerField(source="removing")


class BatchSerializer(serializers.ModelSerializer):
    """A batch; `steps` are those that the caller may take with it now.

    `waited_days` says how long a submitted one has waited; from seven days on it has `climbed` to the office above.
    """

    counts = LineCounts(source="*", read_only=True)
    drafted_by = serializers.CharField(read_only=True)
    submitted_by = serializers.CharField(read_only=True, allow_null=True)
    approved_by = serializers.CharField(read_only=True, allow_null=True)
    published_by = serializers.CharField(read_only=True, allow_null=True)
    steps = serializers.SerializerMethodField()
    waited_days = serializers.IntegerField(read_only=True, allow_null=True)
    climbed = serializers.BooleanField(source="has_climbed", read_only=True)

    class Meta:
        model = Batch
        fields = (
            "id",
            "white_list",
            "title",
            "status",
            "number",
            "document_number",
            "effective_on",
            "counts",
            "reverts",
            "return_reason",
            "return_note",
            "drafted_by",
            "created_at",
            "submitted_by",
            "submitted_at",
            "approved_by",
            "approved_at",
            "published_by",
            "published_at",
            "content_hash",
            "file_hash",
            "version",
            "waited_days",
            "climbed",
            "steps",
        )

    def get_steps(self, row) -> list[str]:
        return [step.name for step in BATCH_FLOW.open_to(self.context["request"].user, row)]


class LineSerializer(serializers.ModelSerializer):
    """A line; `conflict` is the other open batch of the list that names the enterprise too."""

    enterprise = ListedEnterprise()
    conflict = serializers.IntegerField(source="conflict_id", read_only=True, allow_null=True)

    class Meta:
        model = BatchLine
        fields = (
            "id",
            "action",
            "enterprise",
            "field",
            "chain",
            "reason",
            "note",
            "decision",
            "decision_reason",
            "decision_note",
            "conflict",
        )


class BatchShape(Shape):
    white_list = ScopedRelatedField(WhiteList, slug_field="id")
    title = text(Batch, "title")


class TitleShape(Shape):
    title = text(Batch, "title")


class LineShape(Shape):
    """A wish for one enterprise; without field and chain those of the register are taken."""

    action = serializers.ChoiceField(choices=Action.choices)
    enterprise = CodedEnterprise()
    field = serializers.ChoiceField(choices=Field.choices, required=False, allow_blank=True, default="")
    chain = serializers.ChoiceField(choices=Chain.choices, required=False, allow_blank=True, default="")
    reason = serializers.ChoiceField(choices=Reason.choices)
    note = text(BatchLine, "note", required=False, allow_blank=True, default="")


class NoteShape(Shape):
    note = text(BatchLine, "note", required=False, allow_blank=True, default="")


class DecideShape(NoteShape):
    """Which lines, how, and for a rejection why; `undo` leaves them open again."""

    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), min_length=1, max_length=MOST_LINES
    )
    decision = serializers.ChoiceField(choices=["accept", "reject", "undo"])
    reason = serializers.ChoiceField(choices=RejectReason.choices, required=False, allow_blank=True, default="")


class ReturnShape(NoteShape):
    reason = serializers.ChoiceField(choices=ReturnReason.choices)


class PublishShape(NoteShape):
    document_number = text(Batch, "document_number")
    effective_on = serializers.DateField()


class DecidedLine(serializers.Serializer):
    line = serializers.IntegerField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)


class DecidedSerializer(serializers.Serializer):
    """One result per line, and the batch as it stands after."""

    results = DecidedLine(many=True)
    count = serializers.IntegerField()
    batch = BatchSerializer()


class PutLine(serializers.Serializer):
    index = serializers.IntegerField()
    status = serializers.IntegerField()
    result = LineSerializer(required=False)
    problem = serializers.DictField(required=False)


class PutResults(serializers.Serializer):
    """One result per line sent."""

    results = PutLine(many=True)
    count = serializers.IntegerField()
