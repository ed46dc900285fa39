"""The filters of page and API; the pages' ones add sorting and the choice of divisions."""

import django_filters as filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Enterprise, Material, SupplyLink, divisions_to_filter
from enterprises.register.words import Chain, Criticality, Field, Size, Standing, Tag
from whitelist.accounts.models import Division
from whitelist.core.days import today

LONGEST_QUERY = 200
SIX_DIGITS = RegexValidator(r"^[0-9]{6}$", _("A division is named by its six digits."))
SIZE_RANK = Case(
    *(When(size=size, then=Value(rank)) for rank, size in enumerate(Size.values)),
    default=Value(9),
    output_field=IntegerField(),
)
SORTS = {
    "name": ("name", "pk"),
    "division": ("division_id", "name", "pk"),
    "chain": ("chain", "name", "pk"),
    "size": (SIZE_RANK, "name", "pk"),
}


def choice(label, every, **kwargs):
    """A drop-down that filters at once; its empty choice reads `every`."""
    return filters.ChoiceFilter(
        label=label,
        empty_label=every,
        widget=forms.Select(attrs={"aria-label": label, "data-autosubmit": True}),
        **kwargs,
    )


def search(placeholder):
    box = forms.TextInput(
        attrs={"type": "search", "placeholder": placeholder, "aria-label": _("Search"), "maxlength": LONGEST_QUERY}
    )
    return filters.CharFilter(method="by_text", label=_("search"), max_length=LONGEST_QUERY, widget=box)


def below(path, code):
    """Rows at or below the division with this code."""
    prefix = Division(code=code).prefix
    return Q(**{f"{path}__startswith": prefix}) if prefix else Q()


class EnterpriseFilter(filters.FilterSet):
    """By text, place, kind and listing; `listed=false` with `listed_on` finds those that were on no list that day."""

    q = search(_("Name, pinyin, code"))
    division = filters.CharFilter(method="by_division", label=_("division"), validators=[SIX_DIGITS])
    chain = choice(_("chain"), _("Every chain"), choices=Chain.choices)
    field = choice(_("field"), _("Every field"), choices=Field.choices)
    size = choice(_("size"), _("Every size"), choices=Size.choices)
    tag = choice(_("tag"), _("Every tag"), choices=Tag.choices, method="by_tag")
    status = choice(_("standing"), _("Every standing"), choices=Standing.choices)
    listed = choice(
        _("listed"),
        _("Listed or not"),
        choices=[("true", _("listed")), ("false", _("not listed"))],
        method="by_listing",
    )
    listed_on = filters.DateFilter(
        method="by_day",
        label=_("on"),
        widget=forms.DateInput(attrs={"type": "date", "data-autosubmit": True}, format="%Y-%m-%d"),
    )

    class Meta:
        model = Enterprise
        fields = ()

    def by_text(self, queryset, name, value):
        return queryset.matching(value)

    def by_division(self, queryset, name, value):
        return queryset.filter(below("division__code", value))

    def by_tag(self, queryset, name, value):
        return queryset.filter(tags__contains=[value])

    def by_listing(self, queryset, name, value):
        if self.form.cleaned_data.get("listed_on"):
            return queryset
        return queryset.listed_on(today()) if value == "true" else queryset.not_listed_on(today())

    def by_day(self, queryset, name, value):
        wants_unlisted = self.form.cleaned_data.get("listed") == "false"
        return queryset.not_listed_on(value) if wants_unlisted else queryset.listed_on(value)


class EnterpriseTableFilter(EnterpriseFilter):
    """The page's: with sorting, and with the divisions below the user's own to choose from."""

    sort = filters.ChoiceFilter(
        method="by_sort",
        choices=[(f"{sign}{key}", key) for key in SORTS for sign in ("", "-")],
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user, chosen = self.request.user, self.data.get("division", "")
        own = user.office and user.office.division_id
        below_own = [
            (each.code, str(each) if each.parent_id == own else f"– {each}")
            for each in divisions_to_filter(user, chosen)
        ]
        attrs = {"aria-label": _("division"), "data-autosubmit": True}
        self.form.fields["division"].widget = forms.Select(choices=[("", _("Every division")), *below_own], attrs=attrs)

    def by_sort(self, queryset, name, value):
        first, *rest = SORTS[value.lstrip("-")]
        if not value.startswith("-"):
            return queryset.order_by(first, *rest)
        return queryset.order_by(first.desc() if not isinstance(first, str) else f"-{first}", *rest)


class MaterialFilter(filters.FilterSet):
    q = search(_("Code or name"))
    chain = choice(_("chain"), _("Every chain"), choices=Chain.choices)
    bulk = choice(
        _("bulk raw material"),
        _("Bulk or not"),
        choices=[("true", _("bulk")), ("false", _("not bulk"))],
        method="by_bulk",
    )

    class Meta:
        model = Material
        fields = ()

    def by_text(self, queryset, name, value):
        return queryset.matching(value)

    def by_bulk(self, queryset, name, value):
        return queryset.filter(is_bulk=value == "true")


class SupplyLinkFilter(filters.FilterSet):
    q = search(_("Supplier, buyer, material"))
    enterprise = filters.CharFilter(
        method="by_enterprise", label=_("enterprise"), max_length=40, widget=forms.HiddenInput
    )
    material = filters.CharFilter(
        field_name="material__code", label=_("material"), max_length=40, widget=forms.HiddenInput
    )
    division = filters.CharFilter(
        method="by_division", label=_("division"), validators=[SIX_DIGITS], widget=forms.HiddenInput
    )
    chain = choice(_("chain"), _("Every chain"), choices=Chain.choices, field_name="material__chain")
    criticality = choice(_("if it fails"), _("Whatever follows"), choices=Criticality.choices)
    sole = choice(
        _("sole source"),
        _("Sole source or not"),
        choices=[("true", _("sole source")), ("false", _("not sole"))],
        method="by_sole",
    )
    confirmed = choice(
        _("confirmed"),
        _("Confirmed or not"),
        choices=[("true", _("confirmed")), ("false", _("not confirmed"))],
        method="by_confirmed",
    )

    class Meta:
        model = SupplyLink
        fields = ()

    def by_text(self, queryset, name, value):
        return queryset.matching(value)

    def by_enterprise(self, queryset, name, value):
        """Links of an enterprise that the user may see; of a stranger none."""
        return queryset.of_named(value, self.request.user)

    def by_division(self, queryset, name, value):
        return queryset.filter(below("supplier__division__code", value) | below("buyer__division__code", value))

    def by_sole(self, queryset, name, value):
        return queryset.filter(is_sole_source=value == "true")

    def by_confirmed(self, queryset, name, value):
        return queryset.filter(is_confirmed=value == "true")
