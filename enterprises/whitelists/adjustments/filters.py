"""What adjustment proposals can be asked for; the page's filter adds sorting and the choice of divisions."""

import django_filters as filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from enterprises.models import AdjustmentProposal
from enterprises.register.filters import choice
from enterprises.whitelists.adjustments.words import AdjustmentStatus, Ground, Proposed
from enterprises.whitelists.filters import YES_NO, DivisionChoices, OfEnterprises
from whitelist.core.tables import Sort


class AdjustmentFilter(OfEnterprises):
    chain = choice(
        _("Chain"),
        _("Every chain"),
        choices=OfEnterprises.base_filters["chain"].extra["choices"],
        field_name="enterprise__chain",
    )
    ground = choice(_("Ground"), _("Every ground"), choices=Ground.choices)
    action = choice(_("Proposed step"), _("Whatever is proposed"), choices=Proposed.choices)
    status = choice(_("State"), _("Every state"), choices=AdjustmentStatus.choices)
    waiting = choice(_("Waiting for us"), _("Whoever decides"), choices=YES_NO, method="by_decider")
    white_list = filters.NumberFilter("white_list", label=_("List"), widget=forms.HiddenInput, max_value=2**63 - 1)

    class Meta:
        model = AdjustmentProposal
        fields = ()

    def by_decider(self, queryset, name, value):
        waiting = queryset.waiting_for(self.request.user)
        return waiting if value == "true" else queryset.exclude(pk__in=waiting.order_by().values("pk"))


class AdjustmentTableFilter(DivisionChoices, AdjustmentFilter):
    """The page opens with what is open; every state is one choice further."""

    sort = Sort(
        fields=(("enterprise__name", "name"), ("ground", "ground"), ("last_day", "day"), ("first_day", "since")),
        widget=forms.HiddenInput,
    )

    def __init__(self, data=None, *args, **kwargs):
        data = QueryDict(mutable=True) if data is None else data.copy()
        data.setdefault("status", AdjustmentStatus.OPEN)
        super().__init__(data, *args, **kwargs)
