"""The page on which people say which heading is which column, and the steps beside it."""

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import FormView

from whitelist.core.access import FormPage
from whitelist.sheets import policies
from whitelist.sheets.flows import IMPORT_FLOW
from whitelist.sheets.forms import ColumnsForm
from whitelist.sheets.pages import ImportPage, ImportStepPage
from whitelist.sheets.previews import mapping, preview


class ImportColumnsPage(FormPage, FormView, ImportPage):
    """Every heading with what stands below it, and what it is taken as."""

    access = policies.may_read_imports
    form_class = ColumnsForm
    template_name = "sheets/import_columns.html"

    @cached_property
    def object(self):
        return self.get_object()

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"sheet_import": self.object}

    def perform(self, form):
        mapping.map_columns(self.object, columns=form.said(), by=self.request.user)

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        steps = {step.name: step for step in IMPORT_FLOW.open_to(self.request.user, self.object)}
        told = {"columns_form": context["form"], "may_map": "map" in steps and mapping.is_open(self.object)}
        return context | told | mapping.about(self.object) | {"kind_label": preview.kind_label(self.object.kind)}


class ImportPlacePage(ImportStepPage):
    """Name the header row or the sheet; which heading is which column is asked when they have been read."""

    access = policies.may_read_imports

    def perform(self, row):
        said, sheet = self.request.POST.get("header_row", ""), self.request.POST.get("sheet")
        header_row = int(said) if said.isdecimal() and len(said) < 6 else None
        mapping.map_columns(row, header_row=header_row, sheet=sheet, by=self.request.user)


class ImportForgetPage(ImportStepPage):
    access = policies.may_read_imports

    def perform(self, row):
        mapping.forget(row, by=self.request.user)
        return _("What your office said about such headings is forgotten. This file stays as it was read.")
