"""The filter of reminders."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from enterprises.register.filters import LONGEST_QUERY, SIX_DIGITS, below
from enterprises.resumption.filters import of_enterprise
from enterprises.resumption.models import Reminder


class ReminderFilter(filters.FilterSet):
    day = filters.DateFilter()
    enterprise = filters.CharFilter(method=of_enterprise, max_length=LONGEST_QUERY)
    division = filters.CharFilter(method="by_division", label=_("division"), validators=[SIX_DIGITS])

    class Meta:
        model = Reminder
        fields = ()

    def by_division(self, queryset, name, value):
        return queryset.filter(below("enterprise__division__code", value))
