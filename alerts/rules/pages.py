"""The page of the limits: which are in force, since when, and whose they are."""

from django.views.generic import ListView

from alerts.models import WarningRule
from alerts.rules import policies
from alerts.rules.services import mark_in_force
from whitelist.core.access import Page
from whitelist.core.days import today


class RuleListPage(Page, ListView):
    model = WarningRule
    access = policies.may_read_rules
    template_name = "alerts/rules/rule_list.html"

    def narrow(self, queryset):
        return queryset.for_table()

    def get_context_data(self, **kwargs):
        now = today()
        return super().get_context_data(**kwargs, rules=mark_in_force(list(self.object_list), now), today=now)
