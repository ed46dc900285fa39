from rest_framework import serializers

from whitelist.delivery.models import Notification


class NotificationSerializer(serializers.ModelSerializer):
    """One sentence in the caller's language, and the page where something can be done about it."""

    text = serializers.CharField(read_only=True)

    class Meta:
        model = Notification
        fields = ("id", "text", "address", "created_at", "read_at")


class CountSerializer(serializers.Serializer):
    count = serializers.IntegerField(help_text="how many were marked")
