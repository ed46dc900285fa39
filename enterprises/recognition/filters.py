"""What recognitions and the effective list can be asked for; the pages' filters add sorting and choices."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import Listing, Recognition
from enterprises.recognition.words import Basis, RecognitionStatus, Side
from enterprises.register.filters import SIX_DIGITS, choice, search
from enterprises.register.words import Chain, Field
from enterprises.whitelists.filters import YES_NO
from whitelist.core.days import today
from whitelist.core.tables import Sort


def six_digits(label, method):
    return filters.CharFilter(method=method, label=label, validators=[SIX_DIGITS], widget=forms.HiddenInput)


class RecognitionFilter(filters.FilterSet):
    """`recogniser` and `source` are reporting units by code, as in the matrix; `as_of` asks for what holds on a day."""

    side = choice(_("Side"), _("Either side"), choices=Side.choices, method="by_side")
    status = choice(_("State"), _("Every state"), choices=RecognitionStatus.choices, method="by_status")
    waiting = choice(_("Waiting for us"), _("Whoever answers"), choices=YES_NO, method="by_answerer")
    white_list = filters.NumberFilter("white_list", label=_("List"), widget=forms.HiddenInput, max_value=2**63 - 1)
    recogniser = six_digits(_("Recogniser"), "by_recogniser")
    source = six_digits(_("Recognised"), "by_source")
    as_of = filters.DateFilter(method="by_day", label=_("Holds on"), widget=forms.HiddenInput)

    class Meta:
        model = Recognition
        fields = ()

    def by_side(self, queryset, name, value):
        office = self.request.user.office
        if office is None:
            return queryset.none()
        return queryset.from_unit(office.division_id) if value == Side.OURS else queryset.about_unit(office.division_id)

    def by_status(self, queryset, name, value):
        return queryset.now(value, today())

    def by_answerer(self, queryset, name, value):
        waiting = queryset.waiting_for(self.request.user)
        return waiting if value == "true" else queryset.exclude(pk__in=waiting.order_by().values("pk"))

    def by_recogniser(self, queryset, name, value):
        return queryset.from_unit(value)

    def by_source(self, queryset, name, value):
        return queryset.about_unit(value)

    def by_day(self, queryset, name, value):
        return queryset.holding(value)


class RecognitionTableFilter(RecognitionFilter):
    sort = Sort(
        fields=(
            ("white_list__title", "list"),
            ("recogniser__division_id", "recogniser"),
            ("since", "since"),
            ("until", "until"),
        ),
        widget=forms.HiddenInput,
    )


class EffectiveFilter(filters.FilterSet):
    """Narrows what counts in a division on a day."""

    q = search(_("Search name, pinyin, code"))
    basis = choice(_("Basis"), _("Every basis"), choices=Basis.choices, method="by_basis")
    chain = choice(_("Chain"), _("Every chain"), choices=Chain.choices)
    field = choice(_("Field"), _("Every field"), choices=Field.choices)
    white_list = filters.NumberFilter("white_list", label=_("List"), widget=forms.HiddenInput, max_value=2**63 - 1)
    agreement = filters.NumberFilter("agreement", label=_("Agreement"), widget=forms.HiddenInput, max_value=2**63 - 1)

    class Meta:
        model = Listing
        fields = ()

    def by_text(self, queryset, name, value):
        return queryset.about(value)

    def by_basis(self, queryset, name, value):
        return queryset.filter(basis=value)


class EffectiveTableFilter(EffectiveFilter):
    sort = Sort(
        fields=(
            ("enterprise__name", "name"),
            ("chain", "chain"),
            ("white_list__title", "list"),
            ("until", "until"),
        ),
        widget=forms.HiddenInput,
    )
