"""Pages of nominations: which there are, a new one, and one with its steps."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView
from django.views.generic.edit import FormMixin

from enterprises.models import Nomination
from enterprises.register.services import vocabulary
from enterprises.whitelists.batches.forms import refusal_of
from enterprises.whitelists.nominations import columns, policies, services
from enterprises.whitelists.nominations.filters import NominationTableFilter
from enterprises.whitelists.nominations.flows import NOMINATION_FLOW
from enterprises.whitelists.nominations.forms import AcceptForm, DeclineForm, NominationForm, WithdrawForm
from enterprises.whitelists.nominations.journey import marks_of
from whitelist.audit.services import timeline
from whitelist.core.access import FormPage, Page, StepPage
from whitelist.core.compiled import prepared
from whitelist.core.days import today
from whitelist.core.tables import TablePage


class NominationListPage(TablePage):
    model = Nomination
    access = policies.may_read_nominations
    filterset_class = NominationTableFilter
    template_name = "enterprises/whitelists/nominations/nomination_list.html"
    export_name = "nominations"

    def narrow(self, queryset):
        return queryset.for_table().seen_by(self.request.user)

    def columns(self):
        return columns.nominations()

    def get_context_data(self, **kwargs):
        user = self.request.user
        waiting = self.get_queryset().waiting_for(user).order_by().count() if user.office else 0
        context = super().get_context_data(
            waiting=waiting,
            sides=not user.is_national,
            may_nominate=policies.may_nominate(user),
            today=today(),
            **kwargs,
        )
        if not context["is_filtered"]:
            with prepared():
                list(context["page_obj"])
        return context


class NominationAddPage(FormPage, FormView):
    """Nominate a supplier; `?link=` takes over what a supply link says of it."""

    access = policies.may_nominate
    form_class = NominationForm
    template_name = "enterprises/whitelists/nominations/nomination_add.html"

    def dispatch(self, request, *args, **kwargs):
        asked = request.POST.get("link") or request.GET.get("link", "")
        self.link = services.link_named(asked, by=request.user) if request.user.is_authenticated else None
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "is_own": self.request.user.enterprise_id is not None}

    def get_initial(self):
        asked = {name: self.request.GET.get(name, "")[:200] for name in ("supplier", "buyer", "material")}
        link = self.link
        if link is not None:
            asked = {
                "supplier": link.supplier.name,
                "buyer": link.buyer.code,
                "material": link.material.code,
                "share": link.share,
                "is_sole_source": link.is_sole_source,
                "link": link.pk,
            }
        return super().get_initial() | asked

    def perform(self, form):
        by, said = self.request.user, {**form.cleaned_data}
        said.pop("link")
        buyer, supplier = services.buyer_named(said.pop("buyer", ""), by=by), said.pop("supplier")
        if self.link is not None and supplier.strip() == self.link.supplier.name:
            supplier = self.link.supplier
        self.made = services.nominate(buyer=buyer, supplier=supplier, by=by, **said)
        return _("Nominated. %(office)s decides; you can follow it here.") % {"office": self.made.white_list.office}

    def get_success_url(self):
        return self.made.get_absolute_url()

    def get_context_data(self, **kwargs):
        target = services.nearest_list(self.link.supplier) if self.link else None
        materials = vocabulary(self.request.user)
        return super().get_context_data(link=self.link, target=target, materials=materials, **kwargs)


class NominationPage(Page, DetailView):
    """One nomination: its evidence, how far it has come, and the steps that this user may take."""

    model = Nomination
    access = policies.may_read_nominations
    template_name = "enterprises/whitelists/nominations/nomination_detail.html"
    context_object_name = "nomination"
    asks = ""

    def narrow(self, queryset):
        return queryset.for_page().seen_by(self.request.user)

    def get_context_data(self, **kwargs):
        row, user = self.object, self.request.user
        steps = {each.name: each for each in NOMINATION_FLOW.open_to(user, row)}
        accepting = AcceptForm(drafts=services.drafts_on(row.white_list)) if "accept" in steps else None
        return super().get_context_data(
            asks=self.asks,
            steps=steps,
            accepting=accepting,
            marks=marks_of(row),
            stage=row.stage,
            timeline=timeline(row) if row.sees_evidence else (),
            today=today(),
            **kwargs,
        )


class AskPage(FormPage, FormMixin, NominationPage):
    """The nomination with one step asked for on top of it."""

    is_base = True

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        NOMINATION_FLOW.check(self.object, self.asks, by=request.user)
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        NOMINATION_FLOW.check(self.object, self.asks, by=request.user)
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def get_success_url(self):
        return reverse("nomination-detail", args=[self.object.pk])


class NominationDeclinePage(AskPage):
    access = policies.may_read_nominations
    form_class = DeclineForm
    asks = "decline"

    def perform(self, form):
        services.decline(self.object, by=self.request.user, **form.cleaned_data)
        return _("Declined. The buyer and its office are told why.")


class NominationWithdrawPage(AskPage):
    access = policies.may_read_nominations
    form_class = WithdrawForm
    asks = "withdraw"

    def perform(self, form):
        services.withdraw(self.object, by=self.request.user, **form.cleaned_data)
        return _("Withdrawn. The supplier's office is told.")


class NominationAcceptPage(StepPage):
    model = Nomination
    access = policies.may_read_nominations

    def narrow(self, queryset):
        return queryset.for_page()

    def perform(self, row):
        NOMINATION_FLOW.check(row, "accept", by=self.request.user)
        form = AcceptForm(self.request.POST, drafts=services.drafts_on(row.white_list))
        if not form.is_valid():
            raise refusal_of(form)
        made = services.accept(row, by=self.request.user, **form.cleaned_data)
        told = {"name": row.supplier.name, "batch": capfirst(made.line.batch.title)}
        return _("%(name)s stands in “%(batch)s” now. It is decided there like any other line.") % told
