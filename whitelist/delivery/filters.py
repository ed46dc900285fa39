import django_filters as filters

from whitelist.delivery.models import Notification


class NotificationFilter(filters.FilterSet):
    """`unread=true` leaves out what was read."""

    unread = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull")

    class Meta:
        model = Notification
        fields: tuple = ()
