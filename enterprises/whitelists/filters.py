"""What lists, listings, batches and lines can be asked for; the pages' filters add sorting and divisions to choose."""

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Batch, BatchLine, Listing, WhiteList
from enterprises.register.filters import SIX_DIGITS, below, choice, search
from enterprises.register.models import divisions_to_filter
from enterprises.register.words import Chain, Field
from enterprises.whitelists.words import Action, BatchStatus, Decision, ListKind
from whitelist.core.scoping import ScopedFilter
from whitelist.core.tables import Sort

YES_NO = (("true", _("yes")), ("false", _("no")))


class OfEnterprises(filters.FilterSet):
    """Rows that each name an enterprise: by any part of its name, its pinyin or code, by place and chain."""

    q = search(_("Search name, pinyin, code"))
    chain = choice(_("Chain"), _("Every chain"), choices=Chain.choices)
    division = filters.CharFilter(method="by_division", label=_("Division"), validators=[SIX_DIGITS])

    def by_text(self, queryset, name, value):
        return queryset.about(value)

    def by_division(self, queryset, name, value):
        return queryset.filter(below("enterprise__division__code", value))


class DivisionChoices(filters.FilterSet):
    """Offers the divisions below the user's own, and below the chosen one."""

    division = filters.ChoiceFilter(
        method="by_division",
        label=_("Division"),
        empty_label=_("Every division"),
        widget=forms.Select(attrs={"aria-label": _("Division"), "data-autosubmit": True}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.request.user.office and self.request.user.office.division_id
        self.filters["division"].extra["choices"] = [
            (each.code, str(each) if each.parent_id == own else f"– {each}")
            for each in divisions_to_filter(self.request.user, self.data.get("division", ""))
        ]


class WhiteListFilter(filters.FilterSet):
    division = filters.CharFilter(
        method="by_division", label=_("Division"), validators=[SIX_DIGITS], widget=forms.HiddenInput
    )
    kind = choice(_("Kind"), _("Every kind"), choices=ListKind.choices)

    class Meta:
        model = WhiteList
        fields = ()

    def by_division(self, queryset, name, value):
        return queryset.filter(below("office__division__code", value))


class WhiteListTableFilter(WhiteListFilter):
    sort = Sort(
        fields=(("title", "title"), ("listed", "listed"), ("last_on", "last"), ("ends_on", "ends")),
        widget=forms.HiddenInput,
    )


class ListingFilter(OfEnterprises):
    field = choice(_("Field"), _("Every field"), choices=Field.choices)

    class Meta:
        model = Listing
        fields = ()


class ListingTableFilter(DivisionChoices, ListingFilter):
    sort = Sort(
        fields=(
            ("enterprise__name", "name"),
            ("enterprise__division_id", "division"),
            ("chain", "chain"),
            ("days__startswith", "since"),
        ),
        widget=forms.HiddenInput,
    )


class LineFilter(OfEnterprises):
    action = choice(_("Action"), _("Every action"), choices=Action.choices)
    decision = choice(_("Decision"), _("Every decision"), choices=Decision.choices)
    conflict = choice(_("In conflict"), _("In conflict or not"), choices=YES_NO, method="by_conflict")
    unfit = choice(_("Does not fit the list"), _("Fits or not"), choices=YES_NO, method="by_fit")

    class Meta:
        model = BatchLine
        fields = ()

    def by_conflict(self, queryset, name, value):
        return queryset.filter(conflict_id__isnull=value == "false")

    def by_fit(self, queryset, name, value):
        unfit = queryset.unfit()
        return unfit if value == "true" else queryset.exclude(pk__in=unfit.order_by().values("pk"))


class LineTableFilter(DivisionChoices, LineFilter):
    sort = Sort(
        fields=(
            ("enterprise__name", "name"),
            ("enterprise__division_id", "division"),
            ("chain", "chain"),
            ("action", "action"),
            ("reason", "reason"),
        ),
        widget=forms.HiddenInput,
    )


class BatchFilter(filters.FilterSet):
    q = search(_("Search title, document number"))
    status = choice(_("State"), _("Every state"), choices=BatchStatus.choices)
    white_list = ScopedFilter(
        WhiteList,
        label=_("List"),
        empty_label=_("Every list"),
        widget=forms.Select(attrs={"data-autosubmit": True, "aria-label": _("List")}),
    )
    mine = choice(_("Mine to decide"), _("Whoever decides"), choices=YES_NO, method="by_decider")
    climbed = choice(_("Climbed to us"), _("Climbed or not"), choices=YES_NO, method="by_climbing")
    effective_from = filters.DateFilter("effective_on", "gte", label=_("Effective from"), widget=forms.HiddenInput)
    effective_to = filters.DateFilter("effective_on", "lte", label=_("Effective until"), widget=forms.HiddenInput)

    class Meta:
        model = Batch
        fields = ()

    def by_text(self, queryset, name, value):
        return queryset.titled(value)

    def by_decider(self, queryset, name, value):
        mine = queryset.waiting_for(self.request.user)
        return mine if value == "true" else queryset.exclude(pk__in=mine.order_by().values("pk"))

    def by_climbing(self, queryset, name, value):
        climbed = queryset.climbed_to(self.request.user, timezone.now())
        return climbed if value == "true" else queryset.exclude(pk__in=climbed.order_by().values("pk"))


class BatchTableFilter(BatchFilter):
    sort = Sort(
        fields=(
            ("submitted_at", "waiting"),
            ("created_at", "age"),
            ("title", "title"),
            ("effective_on", "effective"),
            ("status", "state"),
        ),
        widget=forms.HiddenInput,
    )
