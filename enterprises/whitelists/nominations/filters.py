"""What nominations can be asked for; the page's filter adds sorting."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import Nomination
from enterprises.register.filters import choice, search
from enterprises.whitelists.filters import YES_NO
from enterprises.whitelists.nominations.words import NominatingSide, NominationStatus
from whitelist.core.tables import Sort


class NominationFilter(filters.FilterSet):
    q = search(_("Search name, pinyin, code"))
    status = choice(_("State"), _("Every state"), choices=NominationStatus.choices)
    side = choice(_("Side"), _("Either side"), choices=NominatingSide.choices, method="by_side")
    waiting = choice(_("Waiting for us"), _("Whoever answers"), choices=YES_NO, method="by_answerer")
    white_list = filters.NumberFilter("white_list", label=_("List"), widget=forms.HiddenInput, max_value=2**63 - 1)

    class Meta:
        model = Nomination
        fields = ()

    def by_text(self, queryset, name, value):
        return queryset.about(value)

    def by_side(self, queryset, name, value):
        return queryset.on_side_of(self.request.user, buyers=value == NominatingSide.OURS)

    def by_answerer(self, queryset, name, value):
        waiting = queryset.waiting_for(self.request.user)
        return waiting if value == "true" else queryset.exclude(pk__in=waiting.order_by().values("pk"))


class NominationTableFilter(NominationFilter):
    sort = Sort(
        fields=(
            ("supplier__name", "supplier"),
            ("buyer__name", "buyer"),
            ("created_at", "age"),
            ("status", "state"),
        ),
        widget=forms.HiddenInput,
    )
