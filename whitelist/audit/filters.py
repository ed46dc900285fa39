import django_filters as filters
from django.utils.translation import gettext_lazy as _

from whitelist.audit import words
from whitelist.audit.models import AuditEntry
from whitelist.core.days import at_end, at_start


class AuditFilter(filters.FilterSet):
    """`kind` and `object` name what the entry is about, `person` is any part of a name, `day` a Shanghai day."""

    verb = filters.ChoiceFilter(choices=words.steps, label=_("Step"), empty_label=_("Every step"))
    kind = filters.ChoiceFilter(field_name="subject", choices=words.kinds, label=_("Kind"), empty_label=_("Every kind"))
    object = filters.CharFilter(field_name="subject_id", label=_("Object"))
    person = filters.CharFilter(method="by", label=_("Person"))
    since = filters.DateFilter(method="from_day", label=_("From"))
    until = filters.DateFilter(method="to_day", label=_("To"))
    day = filters.DateFilter(method="on_day", label=_("Day"))

    class Meta:
        model = AuditEntry
        fields: tuple = ()

    def by(self, queryset, name, value):
        return queryset.by(value)

    def from_day(self, queryset, name, value):
        return queryset.filter(at__gte=at_start(value))

    def to_day(self, queryset, name, value):
        return queryset.filter(at__lte=at_end(value))

    def on_day(self, queryset, name, value):
        return self.to_day(self.from_day(queryset, name, value), name, value)
