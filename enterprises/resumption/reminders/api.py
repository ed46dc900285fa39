"""Reminders over REST."""

from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.response import Response

from enterprises.resumption import policies
from enterprises.resumption.models import Reminder
from enterprises.resumption.reminders import services
from enterprises.resumption.reminders.filters import ReminderFilter
from enterprises.resumption.reminders.serializers import RemindedSerializer, ReminderSerializer, ReminderShape
from enterprises.resumption.services import freeze_due
from whitelist.core.api import Endpoint
from whitelist.core.days import yesterday


class ReminderEndpoint(Endpoint):
    """Who was asked for a missing report, when and by whom; POST asks the silent of a selection."""

    model = Reminder
    access = policies.may_read_reports
    filterset_class = ReminderFilter
    serializer_class = ReminderSerializer
    ordering = ("-at", "pk")

    def narrow(self, queryset):
        return queryset.select_related("enterprise", "by")

    @extend_schema(request=ReminderShape, responses={201: RemindedSerializer})
    def create(self, request):
        if not policies.may_remind(request.user):
            raise exceptions.PermissionDenied
        return self.once(self.remind)

    def remind(self):
        asked = self.checked(ReminderShape)
        day = asked.get("day") or yesterday()
        freeze_due(day)
        if "enterprises" in asked:
            due = services.due_of(asked["enterprises"], day=day, by=self.request.user)
        else:
            due = services.due_in(asked["division"], day=day, by=self.request.user)
        told = services.remind(due, day=day, by=self.request.user)
        body = {
            "day": day,
            "reminded": told.new,
            "reminded_before": told.before,
            "answered": told.answered,
            "unreachable": told.unreachable,
        }
        return Response(RemindedSerializer(body).data, status=201)
