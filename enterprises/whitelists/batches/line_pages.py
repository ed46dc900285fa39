"""Steps on the lines of a batch: find, put, paste, drop, decide. With htmx only the parts that changed are sent."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import DetailView
from django.views.generic.detail import SingleObjectMixin
from django_htmx.http import HttpResponseClientRedirect

from enterprises.models import Batch, BatchLine
from enterprises.whitelists import policies, services
from enterprises.whitelists.batches import intake, workspace
from enterprises.whitelists.batches.forms import DecideForm, DropForm, LineForm, PasteForm, refusal_of
from enterprises.whitelists.words import Action, Decision
from whitelist.core.access import Page
from whitelist.core.errors import DomainError

FOUND = "enterprises/whitelists/batch/found.html"
PUT = "enterprises/whitelists/batch/put.html"
ROWS = "enterprises/whitelists/batch/rows.html"
ROW_AND_FIGURES = "enterprises/whitelists/batch/row_and_figures.html"
WHOLE = "enterprises/whitelists/batch_detail.html"
DECISIONS = {"accept": Decision.ACCEPTED, "reject": Decision.REJECTED, "undo": Decision.UNDECIDED}


def asked_of(sent):
    """A line as sent. The buttons of the search are named by their action and carry the enterprise's code."""
    action = next((action for action in Action.values if action in sent), None)
    if action is None:
        return sent
    sent = sent.copy()
    sent["enterprise"], sent["action"] = sent[action], action
    return sent


class PartsPage(Page, SingleObjectMixin):
    """A step on lines. Who may not is told so before anything else of the request is looked at.

    `take` answers with the parts that changed, or with a sentence for the page that is then shown. A refusal is said on
    that page; with htmx it is loaded anew, to show how things stand.
    """

    is_base = True
    model = Batch
    may = staticmethod(policies.may_draft_batch)

    def narrow(self, queryset):
        return queryset.for_workspace()

    def get(self, request, *args, **kwargs):
        """Links of a page that was drawn at this address lead back to the workspace."""
        return HttpResponseRedirect(f"{self.get_object().get_absolute_url()}?{request.GET.urlencode()}")

    def post(self, request, *args, **kwargs):
        batch = services.hold(self.get_object(), by=request.user, may=self.may)
        try:
            answer = self.take(batch)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            answer = ""
        if isinstance(answer, HttpResponse):
            return answer
        if answer:
            messages.success(request, answer)
        back = request.POST.get("back", "")
        address = f"{batch.get_absolute_url()}?{back}" if back else batch.get_absolute_url()
        return HttpResponseClientRedirect(address) if request.htmx else HttpResponseRedirect(address)

    def take(self, batch):
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def part(self, template, **context):
        """One part of the page as it stands after the step, with the figures around it."""
        workspace.stand_on_page(self.request)
        batch = self.get_object()
        around = workspace.rights(self.request, batch) | workspace.figures(self.request, batch)
        context = {"batch": batch, "white_list": batch.white_list, "oob": True, **around, **context}
        context |= workspace.words_of_rows(self.request)
        return render(self.request, template, context)

    def row(self, pk, **dress):
        """One row as the table shows it, with the figures around it."""
        batch = self.get_object()
        rows = workspace.dress(self.request, batch, list(workspace.lines_of(batch).filter(pk=pk)), **dress)
        return self.part(ROW_AND_FIGURES, rows=rows) if rows else ""


class BatchDecidePage(PartsPage):
    """Accept, reject or leave open: one line, the ticked ones, or all that nobody has decided."""

    access = policies.may_read_lists
    may = staticmethod(policies.may_decide_batch)

    def take(self, batch):
        form = DecideForm(self.request.POST)
        if not form.is_valid():
            raise refusal_of(form)
        asked = form.cleaned_data
        decision, reason = DECISIONS[asked["verb"]], asked["reason"]
        results = services.decide_lines(
            batch, asked["ids"], decision=decision, reason=reason, note=asked["note"], by=self.request.user
        )
        if decision == Decision.REJECTED:
            self.request.session["reject_reason"] = reason
        if asked["is_single"] and self.request.htmx:
            return self.row(asked["ids"][0])
        count = sum(not refusal for _pk, refusal in results)
        said = {
            Decision.ACCEPTED: ngettext("%(n)s line accepted.", "%(n)s lines accepted.", count),
            Decision.REJECTED: ngettext("%(n)s line rejected.", "%(n)s lines rejected.", count),
            Decision.UNDECIDED: ngettext("%(n)s line open again.", "%(n)s lines open again.", count),
        }
        return said[decision] % {"n": count}


class BatchDropPage(PartsPage):
    access = policies.may_read_lists

    def take(self, batch):
        form = DropForm(self.request.POST)
        if not form.is_valid():
            raise refusal_of(form)
        count = services.drop_lines(batch, form.cleaned_data["lines"], by=self.request.user)
        return ngettext("%(n)s line removed.", "%(n)s lines removed.", count) % {"n": count}


class BatchPutPage(PartsPage):
    """Put one line into a draft: a new one from the search, or the changed one of an open row."""

    access = policies.may_read_lists

    def take(self, batch):
        services.check_edit(batch, by=self.request.user)
        line = self.request.POST.get("line", "")[:18]
        form = LineForm(asked_of(self.request.POST), user=self.request.user, auto_id=f"line_{line}_%s")
        if not form.is_valid():
            if line.isdigit():
                return self.open_again(int(line), form)
            raise refusal_of(form)
        row = services.put_lines(batch, [form.cleaned_data], by=self.request.user).get()
        if not line:
            self.request.session["add_reason"] = row.reason
        if not self.request.htmx:
            return _("%(name)s stands in the batch.") % {"name": row.enterprise}
        return self.row(row.pk) if line else self.search_again()

    def search_again(self):
        """The search as it was, with the table below it and the figures."""
        workspace.stand_on_page(self.request)
        batch = self.get_object()
        table = workspace.lines_table(self.request, batch)
        rows = workspace.dress(self.request, batch, list(table.page))
        found = workspace.search(self.request, batch, self.request.POST.get("find", "")[:100])
        return self.part(PUT, table=table, filter=table.filter, page_obj=table.page, rows=rows, **found)

    def open_again(self, pk, form):
        """The row with what was typed and what is wrong with it."""
        if self.request.htmx:
            return self.row(pk, open_line=("edit", pk), form=form)
        context = workspace.everything(self.request, self.get_object(), open_line=("edit", pk), line_form=form)
        return render(self.request, WHOLE, context, status=400)


class BatchPastePage(PartsPage):
    """Pasted codes, each with its own verdict; those that were not taken stay in the box."""

    access = policies.may_read_lists

    def take(self, batch):
        services.check_edit(batch, by=self.request.user)
        form = PasteForm(self.request.POST)
        if not form.is_valid():
            return self.show(paste=form, status=400)
        asked = form.cleaned_data
        verdicts = intake.judge(batch, asked["codes"], by=self.request.user)
        taken = [
            {"enterprise": each.enterprise, "action": asked["action"], "reason": asked["reason"]}
            for each in verdicts
            if each.is_taken
        ]
        if taken:
            services.put_lines(batch, taken, by=self.request.user)
        left = "\n".join(each.typed for each in verdicts if each.is_open)
        return self.show(paste=PasteForm(initial={**asked, "codes": left}), verdicts=verdicts)

    def show(self, *, status=200, **context):
        context = workspace.everything(self.request, self.get_object(), **context)
        return render(self.request, WHOLE, context, status=status)


class BatchFindPage(Page, DetailView):
    """The search for enterprises, sent alone while one types; without script it is the whole page."""

    model = Batch
    access = policies.may_read_lists

    def narrow(self, queryset):
        return queryset.for_workspace()

    def get(self, request, *args, **kwargs):
        batch = self.get_object()
        if not request.htmx:
            return HttpResponseRedirect(f"{batch.get_absolute_url()}?{request.GET.urlencode()}")
        context = workspace.search(request, batch, request.GET.get("find", "")[:100])
        return render(request, FOUND, {"batch": batch, **workspace.rights(request, batch), **context})


class BatchRowPage(Page, DetailView):
    """One row: as it is, or open for a rejection (`?how=reject`) or an edit (`?how=edit`)."""

    model = Batch
    access = policies.may_read_lists

    def narrow(self, queryset):
        return queryset.for_workspace()

    def get(self, request, *args, **kwargs):
        batch = self.get_object()
        line = self.visible(BatchLine, pk=kwargs["line"], batch=batch)
        how = request.GET.get("how", "")
        how = how if how in workspace.OPENED_BY else ""
        if not request.htmx:
            opened = f"?{how}={line.pk}" if how else ""
            return HttpResponseRedirect(f"{batch.get_absolute_url()}{opened}#line-{line.pk}")
        workspace.stand_on_page(request)
        rows = list(workspace.lines_of(batch).filter(pk=line.pk))
        workspace.dress(request, batch, rows, open_line=(how, line.pk))
        context = {"batch": batch, "rows": rows, **workspace.rights(request, batch)}
        return render(request, ROWS, context | workspace.words_of_rows(request))
