"""Pages of batches: the list of them, a new one, the workspace of one, its file, and each step with it."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import DetailView, FormView
from django.views.generic.edit import FormMixin

from enterprises.models import Batch, WhiteList
from enterprises.whitelists import columns, exports, policies, services
from enterprises.whitelists.batches import workspace
from enterprises.whitelists.batches.forms import NoteForm, PublishForm, ReturnForm, TitleForm, refusal_of
from enterprises.whitelists.filters import BatchTableFilter
from enterprises.whitelists.flows import BATCH_FLOW
from whitelist.core.access import FormPage, Page, StepPage
from whitelist.core.compiled import prepared
from whitelist.core.tables import TablePage


class BatchListPage(TablePage):
    model = Batch
    access = policies.may_read_lists
    filterset_class = BatchTableFilter
    template_name = "enterprises/whitelists/batch_list.html"
    export_name = "batches"

    def narrow(self, queryset):
        return queryset.for_table()

    def columns(self):
        return columns.batches()

    def get_context_data(self, **kwargs):
        waiting = self.get_queryset().awaiting(self.request.user, timezone.now())
        return super().get_context_data(**waiting, **kwargs)


class BatchAddPage(FormPage, FormView):
    """Start a batch on a list of one's own office."""

    access = policies.may_draft_batches
    form_class = TitleForm
    template_name = "enterprises/whitelists/batch_add.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            self.white_list = self.visible(WhiteList, pk=kwargs["pk"])
            services.check_draft(self.white_list, by=request.user)
        return super().dispatch(request, *args, **kwargs)

    def perform(self, form):
        self.made = services.draft_batch(self.white_list, title=form.cleaned_data["title"], by=self.request.user)

    def get_success_url(self):
        return self.made.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(white_list=self.white_list, **kwargs)


class BatchPage(Page, DetailView):
    """Everything about one batch, and the steps that this user may take with it now."""

    model = Batch
    access = policies.may_read_lists
    template_name = "enterprises/whitelists/batch_detail.html"
    asks = ""

    def narrow(self, queryset):
        return queryset.for_workspace()

    def get_object(self, queryset=None):
        with prepared():
            return super().get_object(queryset)

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        table = workspace.lines_table(request, self.object)
        if table.export_form:
            about = [(_("White list"), self.object.white_list), (_("Batch"), self.object)]
            held = exports.LINES if exports.is_asked(request) else columns.lines()
            return table.answer(f"batch-{self.object.pk}", held, about)
        return self.render_to_response(self.get_context_data(table=table))

    def get_context_data(self, *, table=None, **kwargs):
        form = kwargs.pop("form", None)
        context = workspace.everything(self.request, self.object, table=table, asks=self.asks, form=form)
        return super().get_context_data(**context, **kwargs)


class BatchFilePage(Page, DetailView):
    """The published file, byte for byte as it was signed."""

    model = Batch
    access = policies.may_read_lists

    def narrow(self, queryset):
        return queryset.published()

    def get(self, request, *args, **kwargs):
        batch = self.get_object()
        name = f"list-{batch.white_list_id}-batch-{batch.number}.json"
        headers = {**services.seal_of(batch), "Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(batch.file.encode(), content_type="application/json", headers=headers)


class AskPage(FormPage, FormMixin, BatchPage):
    """The workspace with one step asked for on top of it: what it will do in numbers, and the words it needs."""

    is_base = True
    form_class = NoteForm

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        self.check()
        return self.render_to_response(self.get_context_data(form=self.get_form()))

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        services.hold(self.object, by=request.user, may=self.may)
        form = self.get_form()
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def check(self):
        """Refuse to ask for a step that this user cannot take now."""
        BATCH_FLOW.check(self.object, self.asks, by=self.request.user)

    def perform(self, form):
        batch, version = self.object, self.request.POST.get("version")
        services.hold(batch, by=self.request.user, may=self.may, version=version)
        return self.take(batch, by=self.request.user, **form.cleaned_data)

    @property
    def may(self):
        return BATCH_FLOW.steps[self.asks].by

    def get_success_url(self):
        return self.object.get_absolute_url()


class BatchSubmitPage(AskPage):
    access = policies.may_read_lists
    asks = "submit"

    def take(self, batch, *, by, note):
        services.submit_batch(batch, by=by, note=note)
        return _("Submitted. From here on its lines are fixed; a second person decides.")


class BatchWithdrawPage(AskPage):
    access = policies.may_read_lists
    asks = "withdraw"

    def take(self, batch, *, by, note):
        services.withdraw_batch(batch, by=by, note=note)
        return _("Withdrawn. The list stays as it is.")


class BatchReturnPage(AskPage):
    access = policies.may_read_lists
    asks = "return"
    form_class = ReturnForm

    def take(self, batch, *, by, reason, note):
        services.return_batch(batch, reason=reason, by=by, note=note)
        return _("Returned. Its authors are told.")


class BatchPublishPage(AskPage):
    access = policies.may_read_lists
    asks = "publish"
    form_class = PublishForm

    def take(self, batch, *, by, document_number, effective_on, note):
        made = services.publish_batch(
            batch, document_number=document_number, effective_on=effective_on, by=by, note=note
        )
        return _("Published as batch %(number)s of the list.") % {"number": made.number}


class BatchRevertPage(AskPage):
    """A new draft that undoes a published batch."""

    access = policies.may_read_lists
    asks = "revert"
    may = staticmethod(policies.may_draft_batch)

    def check(self):
        services.check_revert(self.object, by=self.request.user)

    def take(self, batch, *, by, note):
        self.undo = services.revert_batch(batch, by=by, note=note)
        return _("A draft that undoes the batch stands ready. It is decided like any other.")

    def get_success_url(self):
        return self.undo.get_absolute_url()


class BatchStepPage(StepPage):
    """A step that needs no words. The button carries the version that its reader saw."""

    is_base = True
    model = Batch
    step = ""

    def narrow(self, queryset):
        return queryset.for_workspace()

    def perform(self, batch):
        by, may = self.request.user, BATCH_FLOW.steps[self.step].by
        services.hold(batch, by=by, may=may, version=self.request.POST.get("version"))
        return self.take(batch, by=by)


class BatchApprovePage(BatchStepPage):
    access = policies.may_read_lists
    step = "approve"

    def take(self, batch, *, by):
        services.approve_batch(batch, by=by)
        count = batch.lines.accepted().count()
        said = ngettext("%(n)s line approved.", "%(n)s lines approved.", count)
        return said % {"n": count}


class BatchRedraftPage(BatchStepPage):
    access = policies.may_read_lists
    step = "redraft"

    def take(self, batch, *, by):
        services.redraft_batch(batch, by=by)
        return _("A draft again. Edit it and submit it when it is right.")


class BatchRenamePage(BatchStepPage):
    access = policies.may_read_lists
    step = "submit"

    def take(self, batch, *, by):
        form = TitleForm(self.request.POST)
        if not form.is_valid():
            raise refusal_of(form)
        services.rename_batch(batch, title=form.cleaned_data["title"], by=by)
        return _("Renamed.")
