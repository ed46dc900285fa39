"""One row of a preview: its cells to be corrected, and what it becomes then."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from whitelist.core.errors import DomainError
from whitelist.sheets import policies
from whitelist.sheets.flows import IMPORT_FLOW
from whitelist.sheets.pages import ImportPage, standing
from whitelist.sheets.previews import correcting, preview

CELL = "cell-"


class ImportRowPage(ImportPage):
    """With htmx a row is swapped by itself, with the figures around it; without script it has a page."""

    access = policies.may_read_imports
    template_name = "sheets/import_row_page.html"

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        return self.show(self.row(), is_open="close" not in request.GET)

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        cells = {name.removeprefix(CELL): text for name, text in request.POST.items() if name.startswith(CELL)}
        try:
            IMPORT_FLOW.check(self.object, "correct", by=request.user)
            row, *others = correcting.correct_row(self.object, self.kwargs["number"], cells, by=request.user)
        except DomainError as refusal:
            if refusal.status == 403:
                raise PermissionDenied(str(refusal)) from refusal
            messages.error(request, " ".join(str(fault.detail) for fault in refusal.errors) or str(refusal))
            back = self.object.get_absolute_url()
            return HttpResponseClientRedirect(back) if request.htmx else HttpResponseRedirect(back)
        if not request.htmx:
            return HttpResponseRedirect(f"{self.object.get_absolute_url()}{self.back()}#row-{row.number}")
        if others:
            return HttpResponseClientRefresh()
        self.object.refresh_from_db()
        return self.show(row, oob=True)

    def row(self):
        row = self.object.lines.filter(number=self.kwargs["number"]).first()
        if row is None:
            raise Http404
        return row

    def back(self):
        """The filters of the page on which the row was corrected."""
        asked = QueryDict(self.request.POST.get("back", "")[:200])
        return f"?{asked.urlencode()}" if asked else ""

    def show(self, row, *, is_open=False, oob=False):
        steps = {step.name: step for step in IMPORT_FLOW.open_to(self.request.user, self.object)}
        line = preview.lines(self.object, [row], may_correct="correct" in steps, is_open=is_open)[0]
        context = {"sheet_import": self.object, "line": line, "steps": steps, "oob": oob, "back": ""}
        if not self.request.htmx:
            return render(self.request, self.template_name, context)
        return render(self.request, "sheets/import_line.html", context | (standing(self.object) if oob else {}))
