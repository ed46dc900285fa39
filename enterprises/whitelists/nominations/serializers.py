"""Nominations in JSON. Of an enterprise outside the reader's scope only the name is told."""

from drf_spectacular.utils import extend_schema_field, inline_serializer
from rest_framework import serializers

from enterprises.models import Nomination
from enterprises.whitelists.nominations.flows import NOMINATION_FLOW
from enterprises.whitelists.nominations.words import Stage
from enterprises.whitelists.serializers import KeepingOffice
from enterprises.whitelists.words import RejectReason
from whitelist.core.api import Shape

PARTY = inline_serializer(
    "NominationParty", {"uscc": serializers.CharField(allow_null=True), "name": serializers.CharField()}
)
EVIDENCE = ("share", "is_sole_source", "why", "undertaking", "decision_reason", "decision_note")


class NominatedFor(serializers.Serializer):
    """The list by its id, with its title and the office that decides."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    office = KeepingOffice()


class NominationSerializer(serializers.ModelSerializer):
    """A nomination; `stage` is how far it has come, `listed_on` the first day of the listing that it led to.

    The nominated enterprise reads by whom and for which list it was proposed; the evidence is null for it.
    """

    buyer = serializers.SerializerMethodField()
    supplier = serializers.SerializerMethodField()
    material = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    white_list = NominatedFor(read_only=True)
    buyer_office = KeepingOffice(read_only=True, allow_null=True)
    stage = serializers.ChoiceField(choices=Stage.choices, read_only=True)
    batch = serializers.SerializerMethodField()
    listed_on = serializers.DateField(read_only=True, allow_null=True)
    steps = serializers.SerializerMethodField()

    class Meta:
        model = Nomination
        fields = (
            "id", "buyer", "supplier", "material", "contract_number", "contract_on", *EVIDENCE[:4], "white_list",
            "buyer_office", "status", "stage", *EVIDENCE[4:], "batch", "listed_on", "created_at", "decided_at", "steps",
        )  # fmt: skip
        read_only_fields = fields

    def to_representation(self, row):
        told = super().to_representation(row)
        return told if row.sees_evidence else told | dict.fromkeys(EVIDENCE)

    @extend_schema_field(PARTY)
    def get_buyer(self, row):
        return {"uscc": row.buyer.code if row.sees_buyer else None, "name": row.buyer.name}

    @extend_schema_field(PARTY)
    def get_supplier(self, row):
        return {"uscc": row.supplier.code if row.sees_supplier else None, "name": row.supplier.name}

    def get_batch(self, row) -> int | None:
        return row.line.batch_id if row.line and row.sees_batch else None

    def get_steps(self, row) -> list[str]:
        return [each.name for each in NOMINATION_FLOW.open_to(self.context["request"].user, row)]


def of(name, **kwargs):
    return serializers.CharField(max_length=Nomination._meta.get_field(name).max_length, **kwargs)


class NominationShape(Shape):
    """Who nominates whom, with what evidence. For an enterprise's own user `buyer` may be left out."""

    buyer = serializers.CharField(max_length=40, default="", allow_blank=True)
    supplier = serializers.CharField(max_length=200, help_text="code, or exact name")
    material = serializers.CharField(max_length=40, default="", allow_blank=True)
    contract_number = of("contract_number")
    contract_on = serializers.DateField()
    share = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, allow_null=True, default=None
    )
    is_sole_source = serializers.BooleanField(default=False)
    why = of("why")
    undertaking = serializers.BooleanField()


class AcceptShape(Shape):
    """Into which draft of the list; without one the newest, or a new one; 0 asks for a new one."""

    batch = serializers.IntegerField(allow_null=True, default=None, min_value=0, max_value=2**63 - 1)
    note = of("decision_note", default="", allow_blank=True)


class DeclineShape(Shape):
    reason = serializers.ChoiceField(choices=RejectReason.choices)
    note = of("decision_note", default="", allow_blank=True)


class WithdrawShape(Shape):
    note = of("decision_note", default="", allow_blank=True)
