"""The page on which two people end a list, and on which its report stands afterwards."""

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView

from enterprises.models import ClosingReport, ListClosing, WhiteList
from enterprises.whitelists import policies
from enterprises.whitelists.closing import services
from enterprises.whitelists.closing.flows import CLOSING_FLOW
from enterprises.whitelists.closing.forms import ClosingForm
from enterprises.whitelists.closing.policies import may_propose_closing
from enterprises.whitelists.closing.reading import Reading
from enterprises.whitelists.published.verification import sealed
from whitelist.audit.services import timeline
from whitelist.core.access import FormPage, Page, StepPage
from whitelist.core.days import today
from whitelist.core.tables import FORMS
from whitelist.core.templatetags.face import address


class ClosingPage(FormPage, FormView, DetailView):
    """What ending the list would do, who waits for whom, and the closing report once it is written."""

    model = WhiteList
    access = policies.may_read_lists
    form_class = ClosingForm
    template_name = "enterprises/whitelists/closing/closing.html"

    def narrow(self, queryset):
        return queryset.kept_within(self.request.user).select_related("office")

    @cached_property
    def object(self):
        return self.get_object()

    @cached_property
    def closing(self):
        return self.object.closings.live().for_page().first()

    @cached_property
    def report(self):
        found = self.closing and getattr(self.closing, "report", None)
        return Reading(found) if found else None

    def get(self, request, *args, **kwargs):
        form = request.GET.get("export")
        if form in FORMS and self.report:
            return self.report.answer(form, by=request.user)
        return self.render_to_response(self.get_context_data())

    def post(self, request, *args, **kwargs):
        services.check_propose(self.object, by=request.user)
        return super().post(request, *args, **kwargs)

    def perform(self, form):
        services.propose_closing(self.object, by=self.request.user, **form.cleaned_data)
        return _("Proposed. It takes effect when a second person of your office confirms it.")

    def get_success_url(self):
        return self.request.path

    def get_initial(self):
        return {"ends_on": services.days_for(self.object)[0]}

    def get_context_data(self, **kwargs):
        white_list, closing, user = self.object, self.closing, self.request.user
        day = closing.ends_on if closing else services.days_for(white_list)[0]
        steps = {each.name: each for each in CLOSING_FLOW.open_to(user, closing)} if closing else {}
        return super().get_context_data(
            white_list=white_list,
            closing=closing,
            steps=steps,
            report=self.report,
            may_propose=not closing and may_propose_closing(user, white_list),
            listed=white_list.listings.in_force(today()).count(),
            open_batches=white_list.batches.open().count(),
            recognitions=white_list.recognitions.holding(day).count(),
            deciders=services.confirmers(closing) if closing and "confirm" not in steps else [],
            exports={form: address(self.request.GET, export=form) for form in FORMS},
            timeline=timeline(white_list),
            **kwargs,
        )


class ClosingStepPage(StepPage):
    is_base = True
    model = ListClosing

    def narrow(self, queryset):
        return queryset.for_page()


class ClosingConfirmPage(ClosingStepPage):
    access = policies.may_read_lists

    def perform(self, row):
        services.confirm_closing(row, by=self.request.user)
        return _("Confirmed. From that day on nothing on the list counts.")


class ClosingWithdrawPage(ClosingStepPage):
    access = policies.may_read_lists

    def perform(self, row):
        services.withdraw_closing(row, by=self.request.user)
        return _("The list stays open.")


class ClosingFilePage(Page, DetailView):
    """The closing report in an envelope that carries its own proof."""

    model = ClosingReport
    access = policies.may_read_lists
    slug_field = slug_url_kwarg = "closing"

    def get(self, request, *args, **kwargs):
        report = self.get_object()
        name = f"list-{report.body['white_list']['id']}-closing.signed.json"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(sealed(report), content_type="application/json", headers=headers)
