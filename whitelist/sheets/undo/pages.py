"""The pages that take an import back: while it is being written, and when it is done."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import FormView

from whitelist.core.access import FormPage
from whitelist.sheets import policies, services
from whitelist.sheets.pages import ImportPage, ImportStepPage
from whitelist.sheets.previews import preview
from whitelist.sheets.undo import services as undoing


class ImportCancelPage(ImportStepPage):
    access = policies.may_read_imports

    def perform(self, row):
        services.cancel(row, by=self.request.user)
        return _("The import of %(file)s was cancelled. Nothing was written.") % {"file": row.file_name}


class ImportUndoPage(FormPage, FormView, ImportPage):
    """What undoing an import would do, in numbers and with every row that would be kept; then it is done."""

    access = policies.may_read_imports
    form_class = forms.Form
    template_name = "sheets/import_undo.html"

    @cached_property
    def object(self):
        return self.get_object()

    def perform(self, form):
        undoing.undo(self.object, by=self.request.user)

    def get_success_url(self):
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        found = undoing.preview(self.object, by=self.request.user)
        taken = found.restored + found.removed
        label = ngettext("Undo %(rows)s row", "Undo %(rows)s rows", taken) % {"rows": f"{taken:,}"}
        kind = preview.kind_label(self.object.kind)
        return super().get_context_data(found=found, taken=taken, undo_label=label, kind_label=kind, **kwargs)
