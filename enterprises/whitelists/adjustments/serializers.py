"""Adjustment proposals in JSON."""

from rest_framework import serializers

from enterprises.models import AdjustmentProposal
from enterprises.whitelists.adjustments.evidence import sentence_of
from enterprises.whitelists.adjustments.flows import ADJUSTMENT_FLOW
from enterprises.whitelists.adjustments.words import DismissReason
from enterprises.whitelists.serializers import KeepingOffice, ListedEnterprise
from whitelist.core.api import Shape

NOTE = AdjustmentProposal._meta.get_field("note").max_length


class AdjustedList(serializers.Serializer):
    """The list by its id, with its title and the office that decides."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    office = KeepingOffice()


class AdjustmentSerializer(serializers.ModelSerializer):
    """A proposal; `evidence` are its numbers and days, `sentence` says them in the caller's language."""

    enterprise = ListedEnterprise(read_only=True)
    white_list = AdjustedList(read_only=True)
    evidence = serializers.DictField(read_only=True)
    sentence = serializers.SerializerMethodField()
    reason = serializers.ChoiceField(source="dismiss_reason", choices=DismissReason.choices, read_only=True)
    batch = serializers.IntegerField(source="line.batch_id", read_only=True, allow_null=True, default=None)
    steps = serializers.SerializerMethodField()

    class Meta:
        model = AdjustmentProposal
        fields = (
            "id", "enterprise", "white_list", "action", "ground", "evidence", "sentence", "first_day", "last_day",
            "status", "reason", "note", "batch", "decided_at", "steps",
        )  # fmt: skip
        read_only_fields = fields

    def get_sentence(self, row) -> str:
        return sentence_of(row)

    def get_steps(self, row) -> list[str]:
        return [each.name for each in ADJUSTMENT_FLOW.open_to(self.context["request"].user, row)]


class TakeShape(Shape):
    """Into which draft of the list a line goes; without one the newest, or a new one; 0 asks for a new one."""

    batch = serializers.IntegerField(allow_null=True, default=None, min_value=0, max_value=2**63 - 1)
    note = serializers.CharField(max_length=NOTE, default="", allow_blank=True)


class DismissShape(Shape):
    reason = serializers.ChoiceField(choices=DismissReason.choices)
    note = serializers.CharField(max_length=NOTE, default="", allow_blank=True)


class VerdictShape(Shape):
    """One of many: which proposal, and whether it is taken up or dismissed; a dismissal needs a reason."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    verb = serializers.ChoiceField(choices=[("take", "take"), ("dismiss", "dismiss")])
    reason = serializers.ChoiceField(choices=DismissReason.choices, default="", allow_blank=True)
    note = serializers.CharField(max_length=NOTE, default="", allow_blank=True)
