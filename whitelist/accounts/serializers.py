from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from whitelist.accounts.models import Division, Office, User


class DivisionSerializer(serializers.ModelSerializer):
    parent = serializers.CharField(  # type: ignore[assignment]  # the stubs know only a field's own `parent`
        source="parent_id", allow_null=True, help_text="code of the division above"
    )

    class Meta:
        model = Division
        fields = ("code", "name", "name_en", "level", "parent", "is_reporting_unit")


class OfficeSerializer(serializers.ModelSerializer):
    division = serializers.CharField(source="division_id", help_text="code of the division")

    class Meta:
        model = Office
        fields = ("id", "division", "kind", "name", "name_en")


class ScopeSerializer(serializers.Serializer):
    """Whose rows one sees: those of a division and all below it, or of one enterprise."""

    division = serializers.CharField(allow_null=True)
    enterprise = serializers.CharField(allow_null=True)


class MeSerializer(serializers.ModelSerializer):
    """Who calls, for whom, with which duties: a token's caller holds no more than the token does."""

    office = OfficeSerializer(allow_null=True)
    scope = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ("id", "username", "name", "email", "is_system", "office", "duties", "scope")

    @extend_schema_field(ScopeSerializer)
    def get_scope(self, user):
        division = user.office.division_id if user.prefix is not None else None
        enterprise = user.clerk.enterprise.code if user.enterprise_id else None
        return ScopeSerializer({"division": division, "enterprise": enterprise}).data
