"""The shapes of reminders."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from enterprises.resumption.models import Reminder
from enterprises.resumption.serializers import NamedEnterprise
from whitelist.core.api import Shape

MOST_REMINDED = 5000


class ReminderShape(Shape):
    day = serializers.DateField(required=False)
    enterprises = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, max_length=MOST_REMINDED
    )
    division = serializers.RegexField(r"^[0-9]{6}$", required=False)

    def validate(self, fields):
        if ("enterprises" in fields) == ("division" in fields):
            raise serializers.ValidationError(_("Name either enterprises or a division."), code="one_of_two")
        return fields


class RemindedSerializer(serializers.Serializer):
    """Who was reminded now, who had been today, who has answered, and whom nobody could tell."""

    day = serializers.DateField()
    reminded = NamedEnterprise(many=True)
    reminded_before = NamedEnterprise(many=True)
    answered = NamedEnterprise(many=True)
    unreachable = NamedEnterprise(many=True)


class ReminderSerializer(serializers.ModelSerializer):
    enterprise = NamedEnterprise()
    by = serializers.CharField(source="by.__str__")

    class Meta:
        model = Reminder
        fields = ("enterprise", "day", "by", "at")
