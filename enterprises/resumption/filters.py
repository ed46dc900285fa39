"""The filters of reports: of the population a figure is over, of the rows behind a figure, of reports and of stock."""

import django_filters as filters
from django import forms
from django.db.models import Exists, F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from enterprises.register.filters import SIX_DIGITS, below, choice, search
from enterprises.register.models import divisions_to_filter, folded
from enterprises.register.words import Chain, Field, Size, Tag
from enterprises.resumption import metrics
from enterprises.resumption.models import Answer, DailyReport, ReportDue, StockReading
from enterprises.resumption.words import Channel, State
from whitelist.core.days import yesterday
from whitelist.core.tables import Sort

LARGEST_ID = 2**63 - 1
PARTS = (
    ("numerator", _("counted")),
    ("denominator", _("counted against")),
    ("rest", _("counted against, not counted")),
)
UNKNOWN = "unknown"
YES_NO = (("true", _("yes")), ("false", _("no")))


class NumberedFilter(filters.Filter):
    """A row of another table by its number."""

    field_class = forms.IntegerField

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


def day_filter(label, **kwargs):
    box = forms.DateInput(attrs={"type": "date", "data-autosubmit": True, "aria-label": label}, format="%Y-%m-%d")
    return filters.DateFilter(label=label, widget=box, **kwargs)


class TraitsFilter(filters.FilterSet):
    """The enterprises a figure is over: where they are and what they are."""

    q = search(_("Name, pinyin, code"))
    division = filters.CharFilter(method="by_division", label=_("division"), validators=[SIX_DIGITS])
    chain = choice(_("chain"), _("Every chain"), choices=Chain.choices, field_name="enterprise__chain")
    field = choice(_("field"), _("Every field"), choices=Field.choices, field_name="enterprise__field")
    size = choice(_("size"), _("Every size"), choices=Size.choices, field_name="enterprise__size")
    tag = choice(_("tag"), _("Every tag"), choices=Tag.choices, method="by_tag")
    region = choice(
        _("key region"),
        _("Every region"),
        choices=[(key, name) for key, (name, _prefixes) in metrics.REGIONS.items()],
        method="by_region",
    )
    list = NumberedFilter(method="by_list", label=_("list"))
    batch = NumberedFilter(method="by_batch", label=_("batch"))

    class Meta:
        model = ReportDue
        fields = ()

    def by_text(self, queryset, name, value):
        for word in dict.fromkeys(folded(value).split()):
            queryset = queryset.filter(enterprise__search__contains=word)
        return queryset

    def by_division(self, queryset, name, value):
        return queryset.filter(below("enterprise__division__code", value))

    def by_tag(self, queryset, name, value):
        return queryset.filter(enterprise__tags__contains=[value])

    def by_region(self, queryset, name, value):
        return queryset.annotate(region=metrics.groups()["region"]).filter(region=value)

    def by_list(self, queryset, name, value):
        return queryset.filter(Exists(metrics.listings_of_the_day().filter(white_list=value)))

    def by_batch(self, queryset, name, value):
        return queryset.filter(Exists(metrics.listings_of_the_day().filter(opened_by=value)))


class PopulationFilter(TraitsFilter):
    """Who owed a report for a day; yesterday unless another is asked for."""

    day = day_filter(_("day"))

    def __init__(self, data=None, *args, **kwargs):
        data = data.copy() if data is not None else {}
        if not data.get("day"):
            data["day"] = str(yesterday())
        super().__init__(data, *args, **kwargs)


class ReportFilter(PopulationFilter):
    """The very rows behind a figure of that population: by metric and part, by answer, by state."""

    metric = filters.ChoiceFilter(
        method="later", label=_("figure"), choices=[(each.id, each.name) for each in metrics.METRICS.values()]
    )
    part = filters.ChoiceFilter(method="later", label=_("part"), choices=PARTS)
    answer = choice(
        _("answer"), _("Every answer"), choices=[(value, capfirst(label)) for value, label in Answer.choices]
    )
    state = choice(
        _("state"),
        _("Every state"),
        choices=[*((value, capfirst(label)) for value, label in State.choices), (UNKNOWN, _("Not known"))],
        method="by_state",
    )
    carried = choice(_("carried forward"), _("Carried or not"), choices=YES_NO, method="by_carried")

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset.judged())
        metric = self.form.cleaned_data.get("metric")
        return (
            metrics.rows_behind(rows, metric, self.form.cleaned_data.get("part") or "denominator") if metric else rows
        )

    def later(self, queryset, name, value):
        return queryset

    def by_state(self, queryset, name, value):
        return queryset.filter(shown_state=None if value == UNKNOWN else value)

    def by_carried(self, queryset, name, value):
        return queryset.filter(is_carried=value == "true")


class UnknownLast(Sort):
    """Sorting in which what is not known stands last, whichever way the column runs."""

    def get_ordering_value(self, param):
        column = super().get_ordering_value(param)
        name = F(column.lstrip("-"))
        return name.desc(nulls_last=True) if column.startswith("-") else name.asc(nulls_last=True)


class ReportTableFilter(ReportFilter):
    """The page's: with sorting, and with the divisions below the user's own to choose from."""

    division = filters.CharFilter(
        method="by_division", label=_("division"), validators=[SIX_DIGITS], widget=forms.Select
    )
    sort = UnknownLast(
        fields={
            "enterprise__name": "name",
            "enterprise__division_id": "place",
            "shown_state": "state",
            "report__staff_on_duty": "staff",
            "output_share": "output",
            "answer": "answer",
            "report__filed_at": "filed",
        },
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        found = divisions_to_filter(self.request.user, self.data.get("division", ""))
        own = self.request.user.office and self.request.user.office.division_id
        places = [(each.code, str(each) if each.parent_id == own else f"– {each}") for each in found]
        self.form.fields["division"].widget.choices = [("", _("Every division")), *places]


def of_enterprise(queryset, name, value):
    return queryset.filter(Q(enterprise__uscc=value) | Q(enterprise__registration_no=value))


class DailyReportFilter(filters.FilterSet):
    division = filters.CharFilter(method="by_division", label=_("division"), validators=[SIX_DIGITS])
    day = filters.DateFilter()
    state = filters.ChoiceFilter(choices=State.choices)
    channel = filters.ChoiceFilter(choices=Channel.choices)
    enterprise = filters.CharFilter(method=of_enterprise, max_length=18)

    class Meta:
        model = DailyReport
        fields = ()

    @classmethod
    def get_filters(cls):
        """`from` is a word of the language, so these two are named here."""
        return super().get_filters() | {
            "from": filters.DateFilter("day", "gte"),
            "to": filters.DateFilter("day", "lte"),
        }

    def by_division(self, queryset, name, value):
        return queryset.filter(below("enterprise__division__code", value))


class StockFilter(filters.FilterSet):
    """The last reading of each enterprise and material; with `history` every one."""

    enterprise = filters.CharFilter(method=of_enterprise, max_length=18)
    material = filters.CharFilter(field_name="material__code", max_length=40)
    division = filters.CharFilter(method="by_division", label=_("division"), validators=[SIX_DIGITS])
    history = filters.ChoiceFilter(method="later", choices=YES_NO)

    class Meta:
        model = StockReading
        fields = ()

    def filter_queryset(self, queryset):
        rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("history") == "true" else rows.newest()

    def by_division(self, queryset, name, value):
        return queryset.filter(below("enterprise__division__code", value))

    def later(self, queryset, name, value):
        return queryset
