"""What warnings can be asked for, alike on page, export and API."""

import django_filters
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from alerts.models import Assessment
from alerts.warnings import figures
from alerts.warnings.models import WARNED, Level
from enterprises.models import Chain
from whitelist.accounts.models import prefix_of
from whitelist.core.codes import normalise

YES_NO = {"1": True, "true": True, "0": False, "false": False}
DIVISION_CODE = RegexValidator(r"^\d{6}$", _("A division is named by its code of six digits."))


class YesNoFilter(django_filters.ChoiceFilter):
    """1 or 0, also true or false."""

    def __init__(self, **kwargs):
        super().__init__(choices=[(text, text) for text in YES_NO], method="ignored", **kwargs)


class WarningFilter(django_filters.FilterSet):
    """Two kinds of questions about one day: which enterprises and materials, and how they stand (`facet`).

    The strip above the list counts the levels of the former; the list shows what the latter leaves of them. Rows come
    `with_news`.
    """

    division = django_filters.CharFilter(label=_("division"), method="in_division", validators=[DIVISION_CODE])
    chain = django_filters.ChoiceFilter(field_name="enterprise__chain", choices=Chain.choices, label=_("chain"))
    material = django_filters.CharFilter(field_name="material__code", label=_("material"))
    enterprise = django_filters.CharFilter(label=_("enterprise"), method="of_enterprise")
    q = django_filters.CharFilter(label=_("enterprise"), method="matching")
    level = django_filters.ChoiceFilter(
        choices=[(level.value, level.label) for level in map(Level, WARNED)], label=_("level"), method="ignored"
    )
    new = YesNoFilter(label=_("worse than the day before"))
    acknowledged = YesNoFilter(label=_("acknowledged"))
    grey = YesNoFilter(label=_("no data"))

    class Meta:
        model = Assessment
        fields: tuple = ()

    def in_division(self, queryset, name, value):
        return queryset.filter(enterprise__division__code__startswith=prefix_of(value))

    def of_enterprise(self, queryset, name, value):
        code = normalise(value)
        return queryset.filter(Q(enterprise__uscc=code) | Q(enterprise__registration_no=code))

    def matching(self, queryset, name, value):
        return queryset.matching(value)

    def ignored(self, queryset, name, value):
        """Part of `facet`, which is applied last."""
        return queryset

    @cached_property
    def facet(self):
        """How the wanted warnings stand, as one condition."""
        if not self.is_bound:
            return Q()
        wanted, asked = Q(), self.form.cleaned_data
        if asked["level"]:
            wanted &= Q(level=asked["level"])
        for name, condition in (
            ("new", Q(is_new=True)),
            ("acknowledged", Q(warning__acknowledged_at__isnull=False)),
            ("grey", Q(is_grey=True)),
        ):
            if asked[name]:
                wanted &= condition if YES_NO[asked[name]] else ~condition
        return wanted

    @cached_property
    def placed(self):
        """The rows of the asked enterprises and materials, however they stand."""
        return super().filter_queryset(self.queryset.all()) if self.is_bound else self.queryset.all()

    def filter_queryset(self, queryset):
        return self.placed.filter(self.facet)

    def strip(self):
        """Counts by level of the asked enterprises and materials, and how many rows the list shows (`shown`)."""
        return figures.total_with_news(self.placed, shown=self.facet)
