"""Steps on the lines of a batch: find, put, paste, drop, decide. With htmx only the parts that changed are sent."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import DetailView
from django_htmx.http import HttpResponseClientRedirect

from enterprises.models import Batch, BatchLine
from enterprises.whitelists import policies, services
from enterprises.whitelists.batches import intake, workspace
from enterprises.whitelists.batches.forms import DecideForm, DropForm, LineForm, PasteForm, refusal_of
from enterprises.whitelists.words import Action, Decision
from whitelist.core.access import Page, StepPage
from whitelist.core.errors import DomainError

PARTS = "enterprises/whitelists/batch"
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


class PartsPage(StepPage):
    """A step on lines. A refusal is said on the page; with htmx the page is loaded anew to show how things stand."""

    is_base = True
    model = Batch
    http_method_names = ("get", "post", "options")

    def narrow(self, queryset):
        return queryset.for_page()

    def get(self, request, *args, **kwargs):
        """Links of a page that was drawn at this address lead back to the workspace."""
        return HttpResponseRedirect(f"{self.get_object().get_absolute_url()}?{request.GET.urlencode()}")

    def after(self, batch):
        back = self.request.POST.get("back", "")
        return f"{batch.get_absolute_url()}?{back}" if back else batch.get_absolute_url()

    def post(self, request, *args, **kwargs):
        answer = super().post(request, *args, **kwargs)
        if not request.htmx:
            return answer
        return self.parts() if self.changed else HttpResponseClientRedirect(answer.url)

    changed = None

    def parts(self):
        """What htmx puts into the page after the step."""
        raise TypeError(f"{type(self).__name__} does not say what has changed")

    def part(self, name, **context):
        """One part of the page as it stands after the step, with the figures around it."""
        workspace.stand_on_page(self.request)
        batch = self.get_object()
        around = workspace.rights(self.request, batch) | workspace.figures(self.request, batch)
        context = {"batch": batch, "white_list": batch.white_list, "oob": True, **around, **context}
        context |= workspace.words_of_rows(self.request)
        return render(self.request, f"{PARTS}/{name}.html", context)

    def row(self, pk):
        """One row as the table shows it."""
        batch = self.get_object()
        return workspace.dress(self.request, batch, list(batch.lines.for_table().filter(pk=pk)))[0]


class BatchDecidePage(PartsPage):
    """Accept, reject or leave open: one line, the ticked ones, or all that nobody has decided."""

    access = policies.may_read_lists

    def perform(self, batch):
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
        if asked["is_single"] and self.request.htmx and not results[0][1]:
            self.changed = asked["ids"][0]
            return ""
        count = sum(not refusal for _pk, refusal in results)
        said = {
            Decision.ACCEPTED: ngettext("%(n)s line accepted.", "%(n)s lines accepted.", count),
            Decision.REJECTED: ngettext("%(n)s line rejected.", "%(n)s lines rejected.", count),
            Decision.UNDECIDED: ngettext("%(n)s line open again.", "%(n)s lines open again.", count),
        }
        return said[decision] % {"n": count}

    def parts(self):
        return self.part("row_and_figures", row=self.row(self.changed))


class BatchDropPage(PartsPage):
    access = policies.may_read_lists

    def perform(self, batch):
        form = DropForm(self.request.POST)
        if not form.is_valid():
            raise refusal_of(form)
        count = services.drop_lines(batch, form.cleaned_data["lines"], by=self.request.user)
        return ngettext("%(n)s line removed.", "%(n)s lines removed.", count) % {"n": count}


class BatchPutPage(PartsPage):
    """Put one line into a draft: a new one from the search, or the changed one of an open row."""

    access = policies.may_read_lists

    def post(self, request, *args, **kwargs):
        self.line = request.POST.get("line", "")[:18]
        self.form = LineForm(asked_of(request.POST), user=request.user, auto_id=f"line_{self.line}_%s")
        if self.line.isdigit() and not self.form.is_valid():
            return self.open_again()
        return super().post(request, *args, **kwargs)

    def perform(self, batch):
        if not self.form.is_valid():
            raise refusal_of(self.form)
        row = services.put_lines(batch, [self.form.cleaned_data], by=self.request.user).get()
        if not self.line:
            self.request.session["add_reason"] = row.reason
        self.changed = row.pk
        said = _("%(name)s stands in the batch.") % {"name": row.enterprise}
        return "" if self.request.htmx else said

    def parts(self):
        if self.line:
            return self.part("row_and_figures", row=self.row(self.changed))
        batch = self.get_object()
        workspace.stand_on_page(self.request)
        table = workspace.lines_table(self.request, batch)
        rows = workspace.dress(self.request, batch, list(table.page))
        found = workspace.search(self.request, batch, self.request.POST.get("find", "")[:100])
        return self.part("put", table=table, filter=table.filter, page_obj=table.page, rows=rows, **found)

    def open_again(self):
        """The row with what was typed and what is wrong with it."""
        batch, line = self.get_object(), ("edit", int(self.line))
        if not self.request.htmx:
            context = workspace.everything(self.request, batch, open_line=line, line_form=self.form)
            return render(self.request, WHOLE, context, status=400)
        rows = list(batch.lines.for_table().filter(pk=line[1]))
        workspace.dress(self.request, batch, rows, open_line=line, form=self.form)
        return self.part("row_and_figures", row=rows[0]) if rows else HttpResponseClientRedirect(self.after(batch))


class BatchPastePage(PartsPage):
    """Pasted codes, each with its own verdict; those that were not taken stay in the box."""

    access = policies.may_read_lists

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        form = PasteForm(request.POST)
        if not form.is_valid():
            return self.show(paste=form, status=400)
        asked = form.cleaned_data
        verdicts = intake.judge(self.object, asked["codes"], by=request.user)
        taken = [
            {"enterprise": each.enterprise, "action": asked["action"], "reason": asked["reason"]}
            for each in verdicts
            if each.is_taken
        ]
        try:
            services.check_edit(self.object, by=request.user)
            if taken:
                services.put_lines(self.object, taken, by=request.user)
        except DomainError as refusal:
            return self.refused(refusal)
        left = "\n".join(each.typed for each in verdicts if each.is_open)
        return self.show(paste=PasteForm(initial={**asked, "codes": left}), verdicts=verdicts)

    def show(self, *, status=200, **context):
        batch = self.get_object()
        return render(self.request, WHOLE, workspace.everything(self.request, batch, **context), status=status)


class BatchFindPage(Page, DetailView):
    """The search for enterprises, sent alone while one types; without script it is the whole page."""

    model = Batch
    access = policies.may_read_lists

    def narrow(self, queryset):
        return queryset.for_page()

    def get(self, request, *args, **kwargs):
        batch = self.get_object()
        if not request.htmx:
            return HttpResponseRedirect(f"{batch.get_absolute_url()}?{request.GET.urlencode()}")
        context = workspace.search(request, batch, request.GET.get("find", "")[:100])
        return render(request, f"{PARTS}/found.html", {"batch": batch, **workspace.rights(request, batch), **context})


class BatchRowPage(Page, DetailView):
    """One row: as it is, or open for a rejection (`?how=reject`) or an edit (`?how=edit`)."""

    model = Batch
    access = policies.may_read_lists

    def narrow(self, queryset):
        return queryset.for_page()

    def get(self, request, *args, **kwargs):
        batch = self.get_object()
        line = self.visible(BatchLine, pk=kwargs["line"], batch=batch)
        how = request.GET.get("how", "")
        if not request.htmx:
            opened = f"?{how}={line.pk}" if how in ("reject", "edit") else ""
            return HttpResponseRedirect(f"{batch.get_absolute_url()}{opened}#line-{line.pk}")
        workspace.stand_on_page(request)
        rows = list(batch.lines.for_table().filter(pk=line.pk))
        workspace.dress(request, batch, rows, open_line=(how, line.pk))
        context = {"batch": batch, "row": rows[0], **workspace.rights(request, batch)}
        return render(request, f"{PARTS}/row.html", context | workspace.words_of_rows(request))
