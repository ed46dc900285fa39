import django_filters as filters
from django.utils.translation import gettext_lazy as _

from whitelist.accounts.models import Division, Duty, Level, User
from whitelist.accounts.services import offices_within
from whitelist.core.tables import Sort

ACTIVE = (("yes", _("active")), ("no", _("not active")))
KINDS = (("person", _("persons")), ("system", _("systems")))


class UserFilter(filters.FilterSet):
    q = filters.CharFilter(method="search", label=_("User name, name or e-mail"))
    duty = filters.ChoiceFilter(choices=Duty.choices, method="with_duty", label=_("Duty"), empty_label=_("Every duty"))
    office = filters.ModelChoiceFilter(
        queryset=lambda request: offices_within(request.user), label=_("Office"), empty_label=_("Every office")
    )
    active = filters.ChoiceFilter(
        choices=ACTIVE, method="whether_active", label=_("Active"), empty_label=_("Active or not")
    )
    kind = filters.ChoiceFilter(choices=KINDS, method="of_kind", label=_("Kind"), empty_label=_("Persons and systems"))
    sort = Sort(fields=["username", "name", "office", "last_login"])

    class Meta:
        model = User
        fields: tuple = ()

    def search(self, queryset, name, value):
        return queryset.matching(value)

    def with_duty(self, queryset, name, value):
        return queryset.holding(value)

    def whether_active(self, queryset, name, value):
        return queryset.filter(is_active=value == "yes")

    def of_kind(self, queryset, name, value):
        return queryset.filter(is_system=value == "system")


class DivisionFilter(filters.FilterSet):
    """`q` looks in both names and at the beginning of the code; `parent` is the code of the division above."""

    level = filters.ChoiceFilter(choices=Level.choices)
    parent = filters.CharFilter(field_name="parent_id")
    reporting_unit = filters.BooleanFilter(field_name="is_reporting_unit")
    q = filters.CharFilter(method="search")

    class Meta:
        model = Division
        fields: tuple = ()

    def search(self, queryset, name, value):
        return queryset.matching(value)


class OfficeFilter(filters.FilterSet):
    """`division` is a prefix: 310000 finds everything in Shanghai."""

    division = filters.CharFilter(method="within")
    kind = filters.CharFilter()

    def within(self, queryset, name, value):
        return queryset.within_division(value)
