"""Pages of adjustment proposals: the day's, decided one by one or many at once, and one with its history."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import DetailView, View
from django.views.generic.edit import FormMixin

from enterprises.models import AdjustmentProposal
from enterprises.whitelists.adjustments import columns, policies, services
from enterprises.whitelists.adjustments.daily import newest_run
from enterprises.whitelists.adjustments.evidence import sentence_of
from enterprises.whitelists.adjustments.filters import AdjustmentTableFilter
from enterprises.whitelists.adjustments.flows import ADJUSTMENT_FLOW
from enterprises.whitelists.adjustments.forms import DecideForm, DismissForm
from whitelist.audit.services import timeline
from whitelist.core.access import FormPage, Page, StepPage
from whitelist.core.tables import TablePage

REFUSALS_SHOWN = 8


class AdjustmentListPage(TablePage):
    model = AdjustmentProposal
    access = policies.may_read_adjustments
    filterset_class = AdjustmentTableFilter
    template_name = "enterprises/whitelists/adjustments/adjustment_list.html"
    export_name = "adjustments"

    def narrow(self, queryset):
        return queryset.for_table()

    def columns(self):
        return columns.adjustments()

    def get_context_data(self, **kwargs):
        user = self.request.user
        context = super().get_context_data(run=newest_run(), form=DecideForm(), **kwargs)
        rows = [
            (row, sentence_of(row), {each.name for each in ADJUSTMENT_FLOW.open_to(user, row)})
            for row in context["object_list"]
        ]
        waiting = self.get_queryset().waiting_for(user).order_by().count()
        may_decide = any(steps for _row, _sentence, steps in rows)
        return context | {"rows": rows, "waiting": waiting, "may_decide": may_decide}


class AdjustmentDecidePage(Page, View):
    """One click or many ticks; each proposal has its own result, and the page says it."""

    access = policies.may_decide_adjustments

    def post(self, request, *args, **kwargs):
        form = DecideForm(request.POST)
        if form.is_valid():
            self.decide(**{name: form.cleaned_data[name] for name in ("ids", "verb", "reason", "note")})
        else:
            messages.error(request, next(str(text) for texts in form.errors.values() for text in texts))
        back = request.POST.get("back", "")
        return HttpResponseRedirect(f"{reverse('adjustment-list')}?{back}" if back else reverse("adjustment-list"))

    def decide(self, *, ids, verb, **said):
        results = services.decide_many(ids, verb=verb, by=self.request.user, **said)
        done = [row for _pk, row, refusal in results if not refusal]
        if verb == "dismiss" and done:
            told = ngettext("%(n)s proposal dismissed.", "%(n)s proposals dismissed.", len(done))
            messages.success(self.request, told % {"n": len(done)})
        asked = sum(row.line_id is None for row in done)
        lines = [row.line for row in done if row.line_id]
        if verb == "take" and asked:
            told = ngettext(
                "%(n)s enterprise asked for its report.", "%(n)s enterprises asked for their reports.", asked
            )
            messages.success(self.request, told % {"n": asked})
        for batch in {line.batch_id: line.batch for line in lines}.values():
            count = sum(line.batch_id == batch.pk for line in lines)
            told = ngettext("%(n)s line put into “%(batch)s”.", "%(n)s lines put into “%(batch)s”.", count)
            messages.success(self.request, told % {"n": count, "batch": batch.title})
        refused = [(row.enterprise.name if row else f"#{pk}", refusal) for pk, row, refusal in results if refusal]
        for name, refusal in refused[:REFUSALS_SHOWN]:
            messages.error(self.request, _("%(name)s: %(refusal)s") % {"name": name, "refusal": refusal})
        if more := len(refused[REFUSALS_SHOWN:]):
            told = ngettext("%(n)s more was refused.", "%(n)s more were refused.", more)
            messages.error(self.request, told % {"n": more})


class AdjustmentPage(Page, DetailView):
    model = AdjustmentProposal
    access = policies.may_read_adjustments
    template_name = "enterprises/whitelists/adjustments/adjustment_detail.html"
    context_object_name = "proposal"
    asks = ""

    def narrow(self, queryset):
        return queryset.for_page()

    def get_context_data(self, **kwargs):
        row, user = self.object, self.request.user
        return super().get_context_data(
            asks=self.asks,
            sentence=sentence_of(row),
            steps={each.name: each for each in ADJUSTMENT_FLOW.open_to(user, row)},
            timeline=timeline(row),
            **kwargs,
        )


class AdjustmentDismissPage(FormPage, FormMixin, AdjustmentPage):
    access = policies.may_read_adjustments
    form_class = DismissForm
    asks = "dismiss"

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        ADJUSTMENT_FLOW.check(self.object, "dismiss", by=request.user)
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        ADJUSTMENT_FLOW.check(self.object, "dismiss", by=request.user)
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def perform(self, form):
        services.dismiss(self.object, by=self.request.user, **form.cleaned_data)
        return _("Dismissed. It is not proposed again while the same facts hold.")

    def get_success_url(self):
        return self.object.get_absolute_url()


class AdjustmentTakePage(StepPage):
    model = AdjustmentProposal
    access = policies.may_read_adjustments

    def narrow(self, queryset):
        return queryset.for_page()

    def perform(self, row):
        made = services.take(row, by=self.request.user)
        if made.line is None:
            return _("%(name)s was asked for its report.") % {"name": row.enterprise.name}
        return _("%(name)s stands in “%(batch)s” now.") % {"name": row.enterprise.name, "batch": made.line.batch.title}
