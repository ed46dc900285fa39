"""The pages of supply links: an office's, and an enterprise's own."""

from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import FormView

from enterprises.register import policies, services
from enterprises.register.exports import LINK_COLUMNS
from enterprises.register.filters import SupplyLinkFilter
from enterprises.register.forms import SupplyLinkForm
from enterprises.register.models import SupplyLink
from whitelist.core.access import FormPage, StepPage
from whitelist.core.tables import TablePage


class SupplyLinkListPage(TablePage):
    model = SupplyLink
    access = policies.may_read_links
    filterset_class = SupplyLinkFilter
    template_name = "enterprises/register/supply_link_list.html"
    export_name = "supply-links"

    def narrow(self, queryset):
        return queryset.for_table().seen_by(self.request.user)

    def columns(self):
        return LINK_COLUMNS

    def get_context_data(self, **kwargs):
        user = self.request.user
        context = super().get_context_data(may_declare=policies.may_declare_links(user), **kwargs)
        rows = [
            (
                link,
                not link.is_confirmed and policies.may_confirm_link(user, link),
                policies.may_remove_link(user, link),
            )
            for link in context["object_list"]
        ]
        return context | {"rows": rows}


class SupplyLinkAddPage(FormPage, FormView):
    access = policies.may_declare_links
    form_class = SupplyLinkForm
    template_name = "enterprises/register/supply_link_add.html"
    success_url = reverse_lazy("supply-link-list")

    def get_initial(self):
        asked = {name: self.request.GET.get(name, "")[:40] for name in ("supplier", "buyer", "material")}
        return super().get_initial() | asked

    def perform(self, form):
        link = services.declare_link(by=self.request.user, **form.cleaned_data)
        return _("Declared: %(link)s. It waits for confirmation by the other side or an office.") % {"link": link}

    def get_context_data(self, **kwargs):
        return super().get_context_data(materials=services.vocabulary(self.request.user), **kwargs)


class SupplyLinkStepPage(StepPage):
    """A step on one link, after which one is back where one was."""

    is_base = True
    model = SupplyLink
    access = policies.may_declare_links

    def narrow(self, queryset):
        return queryset.for_table()

    def after(self, row):
        return reverse("supply-link-list")


class SupplyLinkConfirmPage(SupplyLinkStepPage):
    access = policies.may_declare_links

    def perform(self, row):
        services.confirm_link(row, by=self.request.user)
        return _("Confirmed: %(link)s.") % {"link": row}


class SupplyLinkRemovePage(SupplyLinkStepPage):
    """Asks before it removes: the page says what will be lost."""

    access = policies.may_declare_links
    http_method_names = ("get", "post", "options")

    def get(self, request, *args, **kwargs):
        return render(request, "enterprises/register/supply_link_remove.html", {"link": self.get_object()})

    def perform(self, row):
        services.remove_link(row, by=self.request.user)
        return _("Removed: %(link)s.") % {"link": row}
