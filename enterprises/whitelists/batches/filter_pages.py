"""Add enterprises to a draft by a filter of the register: first how many, then all of them at once."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, FormView

from enterprises.models import Batch
from enterprises.register.filters import EnterpriseTableFilter
from enterprises.whitelists import policies, services
from enterprises.whitelists.batches import filtering
from enterprises.whitelists.batches.forms import note, said
from enterprises.whitelists.words import Action, Reason
from whitelist.core.access import FormPage

REFUSED_SHOWN = 200
NOT_FILTERS = ("sort", "page", "action")


class MatchingForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=said(Reason.choices))
    note = note(_("Note, evidence"))
    version = forms.CharField(widget=forms.HiddenInput, max_length=12)


class BatchFilterPage(FormPage, FormView, DetailView):
    """GET counts whom the filter of the address finds; POST puts a line for each of them that fits."""

    model = Batch
    access = policies.may_read_lists
    form_class = MatchingForm
    template_name = "enterprises/whitelists/batch/by_filter.html"
    refused = ()

    def narrow(self, queryset):
        return queryset.for_workspace()

    @cached_property
    def object(self):
        return self.get_object()

    @cached_property
    def filter(self):
        return EnterpriseTableFilter(
            self.request.GET, queryset=filtering.everybody(self.request.user), request=self.request
        )

    @property
    def action(self):
        return Action.REMOVE if self.request.GET.get("action") == "remove" else Action.ADD

    @property
    def is_filtered(self):
        """Whether anything narrows the register: everybody at once is nobody's intention."""
        names = [name for name in self.filter.filters if name not in NOT_FILTERS]
        return self.filter.is_valid() and any(self.request.GET.get(name) for name in names)

    def get(self, request, *args, **kwargs):
        services.check_edit(self.object, by=request.user)
        return self.render_to_response(self.get_context_data())

    def post(self, request, *args, **kwargs):
        services.check_edit(self.object, by=request.user)
        if not self.is_filtered:
            return HttpResponseRedirect(request.get_full_path())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form):
        answer = super().form_valid(form)
        return self.render_to_response(self.get_context_data(form=self.get_fresh_form())) if self.refused else answer

    def get_fresh_form(self):
        del self.object
        return self.form_class(initial=self.get_initial())

    def perform(self, form):
        count, self.refused = filtering.put_matching(
            self.object, self.filter.qs, action=self.action, by=self.request.user, **form.cleaned_data
        )
        told = filtering.said(count, self.refused)
        (messages.success if count else messages.warning)(self.request, told)

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_initial(self):
        reason = Reason.OTHER if self.action == Action.REMOVE else Reason.KEY_LINK
        return {"reason": self.request.session.get("add_reason", reason), "version": self.object.version}

    def get_context_data(self, **kwargs):
        batch, action = self.object, self.action
        asked = {"summed": None, "some": []}
        if self.is_filtered:
            asked["summed"] = filtering.sum_up(batch, self.filter.qs, action=action)
            asked["some"] = filtering.some_of(batch, self.filter.qs, action=action)
        return super().get_context_data(
            batch=batch,
            white_list=batch.white_list,
            filter=self.filter,
            action=str(action),
            query=self.request.GET.urlencode(),
            is_filtered=self.is_filtered,
            refused=self.refused[:REFUSED_SHOWN],
            more_refused=max(len(self.refused) - REFUSED_SHOWN, 0),
            **asked,
            **kwargs,
        )
