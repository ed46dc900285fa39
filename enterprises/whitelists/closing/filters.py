"""What closings can be asked for."""

import django_filters as filters

from enterprises.models import ListClosing, WhiteList
from enterprises.whitelists.closing.words import ClosingStatus
from whitelist.core.scoping import ScopedFilter


class ClosingFilter(filters.FilterSet):
    white_list = ScopedFilter(WhiteList)
    status = filters.ChoiceFilter(choices=ClosingStatus.choices)

    class Meta:
        model = ListClosing
        fields = ()
