from rest_framework import serializers

from whitelist.audit.models import AuditEntry


class AuditSerializer(serializers.ModelSerializer):
    """One verb on one row; `before` and `after` hold the stored values."""

    actor = serializers.CharField(
        source="actor.username", allow_null=True, default=None, help_text="user name; null for the operator"
    )
    kind = serializers.CharField(source="subject")
    object = serializers.CharField(source="subject_id")
    name = serializers.CharField(source="label", help_text="what the object was called then")
    division = serializers.CharField(source="place")

    class Meta:
        model = AuditEntry
        fields = (
            "id",
            "at",
            "actor",
            "verb",
            "kind",
            "object",
            "name",
            "division",
            "before",
            "after",
            "note",
            "request_id",
        )
