"""What lists, listings, batches and lines can be asked for, the same on pages and API."""

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from enterprises.models import Batch, BatchLine, Listing, WhiteList
from enterprises.register.words import Chain, Field
from enterprises.whitelists.words import Action, BatchStatus, Decision, ListKind
from whitelist.accounts.models import Division
from whitelist.core.scoping import ScopedFilter

YES_NO = (("true", _("yes")), ("false", _("no")))


def choice(label, choices, every, **kwargs):
    """A select that sends itself; empty it means every row."""
    widget = forms.Select(attrs={"data-autosubmit": True, "aria-label": label})
    return django_filters.ChoiceFilter(label=label, choices=choices, empty_label=every, widget=widget, **kwargs)


def words(label, hint, **kwargs):
    """A box for a search."""
    widget = forms.TextInput(attrs={"type": "search", "placeholder": hint, "aria-label": label, "data-find": True})
    return django_filters.CharFilter(label=label, widget=widget, max_length=100, **kwargs)


class DivisionFilter(django_filters.CharFilter):
    """A division code; everything below it counts."""

    def __init__(self, **kwargs):
        form = RegexValidator(r"^\d{6}$", _("A division is a code of six digits, such as 310000."))
        super().__init__(label=_("Division"), validators=[form], **kwargs)

    def filter(self, queryset, value):
        if not value:
            return queryset
        return queryset.filter(**{f"{self.field_name}__startswith": Division(code=value).prefix})


class OfEnterprises(django_filters.FilterSet):
    """Rows that each name an enterprise: by any part of its name, its pinyin or code, by place and chain."""

    q = words(_("Search"), _("Search name, pinyin, code"), method="search")
    chain = choice(_("Chain"), Chain.choices, _("Every chain"))
    division = DivisionFilter(field_name="enterprise__division_id")

    def search(self, queryset, name, value):
        return queryset.about(value)


class WhiteListFilter(django_filters.FilterSet):
    division = DivisionFilter(field_name="office__division_id")
    kind = choice(_("Kind"), ListKind.choices, _("Every kind"))

    class Meta:
        model = WhiteList
        fields = ()


class ListingFilter(OfEnterprises):
    field = choice(_("Field"), Field.choices, _("Every field"))

    class Meta:
        model = Listing
        fields = ()


class LineFilter(OfEnterprises):
    action = choice(_("Action"), Action.choices, _("Every action"))
    decision = choice(_("Decision"), Decision.choices, _("Every decision"))
    conflict = choice(_("In conflict"), YES_NO, _("In conflict or not"), method="conflicting")
    unfit = choice(_("Does not fit the list"), YES_NO, _("Fits or not"), method="not_fitting")

    class Meta:
        model = BatchLine
        fields = ()

    def conflicting(self, queryset, name, value):
        return queryset.filter(conflict_id__isnull=value == "false")

    def not_fitting(self, queryset, name, value):
        unfit = queryset.unfit()
        return unfit if value == "true" else queryset.exclude(pk__in=unfit.order_by().values("pk"))


class BatchFilter(django_filters.FilterSet):
    q = words(_("Search"), _("Search title"), field_name="title", lookup_expr="icontains")
    status = choice(_("State"), BatchStatus.choices, _("Every state"))
    white_list = ScopedFilter(
        WhiteList,
        label=_("List"),
        empty_label=_("Every list"),
        widget=forms.Select(attrs={"data-autosubmit": True, "aria-label": _("List")}),
    )
    mine = choice(_("Mine to decide"), YES_NO, _("Whoever decides"), method="waiting")

    class Meta:
        model = Batch
        fields = ()

    def waiting(self, queryset, name, value):
        mine = queryset.waiting_for(self.request.user)
        return mine if value == "true" else queryset.exclude(pk__in=mine.order_by().values("pk"))
