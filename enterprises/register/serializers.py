"""The register in JSON: enterprises by their code, quantities as strings."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from enterprises.register.models import Enterprise, Material, SupplyLink
from enterprises.register.words import Chain, Criticality, Field, Ownership, RetireReason, Size, Standing, Tag
from whitelist.core.api import Shape
from whitelist.core.days import today


def maybe(choices):
    return serializers.ChoiceField(choices=choices, required=False, allow_blank=True, allow_null=True)


def amount(digits):
    return serializers.DecimalField(max_digits=digits, decimal_places=2, min_value=0, required=False, allow_null=True)


def text(length, **kwargs):
    return serializers.CharField(max_length=length, required=False, allow_blank=True, allow_null=True, **kwargs)


class RemarkSerializer(serializers.Serializer):
    """Something the sender should know about a value that was accepted."""

    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()
    suggestion = serializers.CharField()


class EnterpriseSerializer(serializers.ModelSerializer):
    """An enterprise; `code` is its USCC, or its registration number where it has none."""

    code = serializers.CharField(read_only=True)
    division = serializers.CharField(source="division_id")
    registered_division = serializers.CharField(source="registered_division_id", allow_null=True)
    merged_into = serializers.CharField(source="merged_into.code", allow_null=True, default=None)

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = (
            "id",
            "code",
            "uscc",
            "registration_no",
            "name",
            "former_names",
            "division",
            "registered_division",
            "industry",
            "chain",
            "field",
            "link",
            "size",
            "ownership",
            "tags",
            "staff_total",
            "normal_output",
            "output_unit",
            "output_value",
            "electricity_baseline",
            "status",
            "retired_reason",
            "retired_on",
            "merged_into",
            "version",
            "created_at",
            "updated_at",
        )


class EnterpriseAnswer(EnterpriseSerializer):
    """The answer to a write: the enterprise, and what is to be said about it."""

    warnings = RemarkSerializer(many=True)

    class Meta(EnterpriseSerializer.Meta):
        fields = (*EnterpriseSerializer.Meta.fields, "warnings")


class EnterpriseShape(Shape):
    """What may be written. `status` may be sent back as it is; it changes by `retire/` and `merge/` alone."""

    uscc = text(40)
    registration_no = text(40)
    name = serializers.CharField(max_length=200)
    former_names = serializers.ListField(child=serializers.CharField(max_length=200), required=False, max_length=50)
    division = serializers.CharField(max_length=80)
    registered_division = text(80)
    industry = text(4)
    chain = maybe(Chain.choices)
    field = maybe(Field.choices)
    link = text(60)
    size = maybe(Size.choices)
    ownership = maybe(Ownership.choices)
    tags = serializers.ListField(child=serializers.ChoiceField(choices=Tag.choices), required=False, max_length=50)
    staff_total = serializers.IntegerField(min_value=0, max_value=2_147_483_647, required=False, allow_null=True)
    normal_output = amount(16)
    output_unit = text(20)
    output_value = amount(14)
    electricity_baseline = amount(14)
    status = serializers.ChoiceField(choices=Standing.choices, required=False)


class RetireShape(Shape):
    reason = serializers.ChoiceField(choices=RetireReason.choices)
    on = serializers.DateField(default=today)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MergeShape(Shape):
    """`into` is the code of the enterprise that remains."""

    into = serializers.CharField(max_length=40)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class MaterialSerializer(serializers.ModelSerializer):
    class Meta:
        model = Material
        fields = ("code", "name", "name_en", "unit", "chain", "is_bulk")


class MaterialEntryShape(Shape):
    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=80, required=False, allow_blank=True)
    unit = serializers.CharField(max_length=20)
    chain = serializers.ChoiceField(choices=Chain.choices, required=False, allow_blank=True)
    is_bulk = serializers.BooleanField(required=False)


class SideSerializer(serializers.Serializer):
    """One side of a link. Of an enterprise outside the caller's scope only the name is told."""

    code = serializers.CharField(allow_null=True)
    uscc = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class NamedMaterial(serializers.ModelSerializer):
    class Meta:
        model = Material
        fields = ("code", "name", "unit")


class SupplyLinkSerializer(serializers.ModelSerializer):
    supplier = serializers.SerializerMethodField()
    buyer = serializers.SerializerMethodField()
    material = NamedMaterial()

    class Meta:
        model = SupplyLink
        fields = (
            "id",
            "supplier",
            "buyer",
            "material",
            "share",
            "criticality",
            "is_sole_source",
            "is_confirmed",
            "created_at",
        )

    @extend_schema_field(SideSerializer)
    def get_supplier(self, link):
        return side(link.supplier, link.sees_supplier)

    @extend_schema_field(SideSerializer)
    def get_buyer(self, link):
        return side(link.buyer, link.sees_buyer)


def side(enterprise, is_seen):
    return {
        "code": enterprise.code if is_seen else None,
        "uscc": enterprise.uscc if is_seen else None,
        "name": enterprise.name,
    }


class SupplyLinkShape(Shape):
    """`supplier` and `buyer` by code, `material` by its code; `share` is a percentage of the buyer's need."""

    supplier = serializers.CharField(max_length=40)
    buyer = serializers.CharField(max_length=40)
    material = serializers.CharField(max_length=40)
    share = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False, allow_null=True
    )
    criticality = serializers.ChoiceField(choices=Criticality.choices, required=False)
    is_sole_source = serializers.BooleanField(required=False)
