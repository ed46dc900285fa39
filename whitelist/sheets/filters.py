"""The filters of page and API."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from whitelist.core.tables import Sort
from whitelist.sheets.models import ImportState, Outcome, SheetImport, SheetRow


def choice(label, every, choices):
    widget = forms.Select(attrs={"aria-label": label, "data-autosubmit": True})
    return filters.ChoiceFilter(label=label, empty_label=every, choices=choices, widget=widget)


class ImportFilter(filters.FilterSet):
    """Imports by where they stand."""

    state = choice(_("state"), _("Every state"), ImportState.choices)
    kind = filters.CharFilter(label=_("kind"), max_length=30)

    class Meta:
        model = SheetImport
        fields = ()


class ImportTableFilter(ImportFilter):
    sort = Sort(fields=(("created_at", "uploaded"), ("file_name", "file"), ("rows", "rows")))


class RowFilter(filters.FilterSet):
    """Rows by what they would do, or by what is wrong with them: `fault` is a code, or `any`, or `none`."""

    outcome = choice(_("outcome"), _("Every outcome"), Outcome.choices)
    faults = filters.BooleanFilter(field_name="has_faults", label=_("with faults"))
    fault = filters.CharFilter(method="by_fault", label=_("fault"), max_length=40)

    class Meta:
        model = SheetRow
        fields = ()

    def by_fault(self, queryset, name, value):
        if value in ("any", "none"):
            return queryset.filter(has_faults=value == "any")
        return queryset.with_fault(value)
