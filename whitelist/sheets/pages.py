"""The pages of imports: the list, the upload, and one import from its reading to its end."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import DetailView, FormView, View
from django_htmx.http import HttpResponseClientRefresh

from whitelist.audit import services as audit
from whitelist.core.access import FormPage, Page, StepPage
from whitelist.core.tables import TablePage
from whitelist.core.templatetags.face import moment
from whitelist.sheets import kinds, policies, services, telling
from whitelist.sheets.files import reader, reading, workbooks
from whitelist.sheets.filters import ImportTableFilter, RowFilter
from whitelist.sheets.flows import IMPORT_FLOW
from whitelist.sheets.forms import ChooseForm, ColumnsForm, UploadForm
from whitelist.sheets.models import Channel, ImportState, Outcome, SheetImport
from whitelist.sheets.previews import mapping, preview

ROWS_A_PAGE = 50
SHOWN = (ImportState.PREVIEW, ImportState.DONE, ImportState.UNDOING, ImportState.UNDONE)  # states that show the rows
COLUMNS = [
    (gettext_lazy("file"), lambda row: row.file_name),
    (gettext_lazy("kind"), lambda row: preview.kind_label(row.kind)),
    (gettext_lazy("state"), lambda row: row.get_state_display()),
    (gettext_lazy("rows"), lambda row: row.rows),
    (gettext_lazy("created"), lambda row: row.counts.get(Outcome.CREATED, 0)),
    (gettext_lazy("updated"), lambda row: row.counts.get(Outcome.UPDATED, 0)),
    (gettext_lazy("unchanged"), lambda row: row.counts.get(Outcome.UNCHANGED, 0)),
    (gettext_lazy("rejected"), lambda row: row.counts.get(Outcome.REJECTED, 0)),
    (gettext_lazy("uploaded by"), lambda row: row.uploaded_by),
    (gettext_lazy("office"), lambda row: row.office),
    (gettext_lazy("uploaded at"), lambda row: moment(row.created_at)),
]


class ImportListPage(TablePage):
    model = SheetImport
    access = policies.may_read_imports
    filterset_class = ImportTableFilter
    template_name = "sheets/import_list.html"
    export_name = "imports"

    def narrow(self, queryset):
        return queryset.for_table()

    def columns(self):
        return COLUMNS

    def get_context_data(self, **kwargs):
        context = super().get_context_data(may_import=policies.may_import(self.request.user), **kwargs)
        for row in context["object_list"]:
            row.kind_label, row.tone = preview.kind_label(row.kind), preview.TONES[row.state]
        return context


class ImportNewPage(FormPage, FormView):
    access = policies.may_import
    form_class = UploadForm
    template_name = "sheets/import_new.html"

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and policies.may_import(request.user):
            self.aim()
        return super().dispatch(request, *args, **kwargs)

    def aim(self):
        """Find what the address says that the rows go into; it decides then what can be uploaded here."""
        user, sent = self.request.user, self.request.GET
        kind = kinds.get(sent.get("kind", ""))
        self.target = {name: sent[name][:40] for name in kind.target_names if sent.get(name)} if kind else {}
        self.into = None
        if self.target and kind.may_import(user):
            self.into = kind.about_target(self.target, by=user)
            if self.into is None:
                raise Http404
            kind.check_target(self.target, by=user)

    def kinds(self):
        """Those that this user may import; what needs a target only where the address names it, and then alone."""
        found = [kind for kind in kinds.known().values() if kind.may_import(self.request.user)]
        if self.into:
            return [kind for kind in found if kind.name == self.request.GET["kind"]]
        return [kind for kind in found if not kind.target_names]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"kinds": self.kinds()}

    def get_initial(self):
        return super().get_initial() | {"kind": self.request.GET.get("kind", "")}

    def perform(self, form):
        chosen = form.cleaned_data
        target = self.target or None
        self.made = services.upload(chosen["file"], kind=chosen["kind"], target=target, by=self.request.user)

    def get_success_url(self):
        return self.made.get_absolute_url()

    def get_context_data(self, **kwargs):
        asked = self.request.GET.get("kind", "")
        offered = self.kinds()
        kind = next((each for each in offered if each.name == asked), offered[0])
        limits = {
            "megabytes": settings.IMPORT_MAX_BYTES // reading.MEGABYTE,
            "rows": services.MOST_ROWS[Channel.PAGE],
            "columns": reader.MOST_COLUMNS,
        }
        return super().get_context_data(kind=kind, limits=limits, into=self.into, **kwargs)


class ImportPage(Page, DetailView):
    """A page about one import."""

    is_base = True
    model = SheetImport
    access = policies.may_read_imports
    context_object_name = "sheet_import"

    def narrow(self, queryset):
        return queryset.for_table()


class ImportDetailPage(ImportPage):
    access = policies.may_read_imports
    template_name = "sheets/import_detail.html"

    def render_to_response(self, context, **kwargs):
        if self.request.htmx and not self.object.is_moving:
            return HttpResponseClientRefresh()
        return super().render_to_response(context, **kwargs)

    def get_context_data(self, **kwargs):
        row, user = self.object, self.request.user
        if row.is_moving:
            telling.watched(row, by=user)
        steps = {step.name: step for step in IMPORT_FLOW.open_to(user, row)}
        may_map = "map" in steps and mapping.is_open(row)
        asks = may_map and (row.state == ImportState.REFUSED or bool(row.questions))
        return super().get_context_data(
            steps=steps,
            tone=preview.TONES[row.state],
            form=ChooseForm(candidates=row.candidates) if "choose" in steps and not row.questions else None,
            may_map=may_map,
            columns_form=ColumnsForm(sheet_import=row) if asks else None,
            **(mapping.about(row) if asks else {}),
            twin=self.get_queryset().twins(row).first() if row.state == ImportState.PREVIEW else None,
            kind=kinds.get(row.kind),
            address=kinds.get(row.kind).address(row),
            into=kinds.get(row.kind).about_target(row.target, by=user),
            timeline=audit.timeline(row),
            can_undo=kinds.get(row.kind).can_undo,
            **(self.told(row, may_correct="correct" in steps) if row.state in SHOWN else {}),
            **kwargs,
        )

    def told(self, row, *, may_correct):
        """The rows that the address asks for, and everything that is said above them."""
        bound = RowFilter(self.request.GET, queryset=row.lines.all())
        page = Paginator(bound.qs, ROWS_A_PAGE).get_page(self.request.GET.get("page"))
        shown = {"outcome": self.request.GET.get("outcome", ""), "fault": self.request.GET.get("fault", "")}
        faulty = row.lines.filter(has_faults=True).count()
        return {
            "page_obj": page,
            "lines": preview.lines(row, list(page.object_list), may_correct=may_correct),
            "back": self.request.GET.urlencode(),
            "faulty": faulty,
            "without": row.rows - faulty,
            "title_label": preview.title_label(kinds.get(row.kind)),
            "shown": shown,
            "is_filtered": any(shown.values()) or "faults" in self.request.GET,
            "outcomes": preview.outcomes(row),
            "columns": preview.columns(row),
            **standing(row),
        }


def standing(row):
    """What is said above the rows, and changes with each of them."""
    return {"faults": preview.faults(row), "notes": preview.notes(row), "confirm_label": confirm_label(row)}


def confirm_label(row):
    """What the button does, in numbers."""
    left = row.counts.get(Outcome.REJECTED, 0)
    if not row.writes:
        return _("Close: nothing changes")
    told = {"rows": f"{row.writes:,}", "left": f"{left:,}"}
    if left:
        return (
            ngettext("Import %(rows)s row, leave out %(left)s", "Import %(rows)s rows, leave out %(left)s", row.writes)
            % told
        )
    return ngettext("Import %(rows)s row", "Import %(rows)s rows", row.writes) % told


class ImportStepPage(StepPage):
    is_base = True
    model = SheetImport
    access = policies.may_read_imports


class ImportChoosePage(ImportStepPage):
    access = policies.may_read_imports

    def perform(self, row):
        services.choose_sheet(row, sheet=self.request.POST.get("sheet", ""), by=self.request.user)


class ImportConfirmPage(ImportStepPage):
    access = policies.may_read_imports

    def perform(self, row):
        services.confirm(row, by=self.request.user)


class ImportReadAgainPage(ImportStepPage):
    access = policies.may_read_imports

    def perform(self, row):
        services.read_again(row, by=self.request.user)


class ImportDiscardPage(ImportStepPage):
    access = policies.may_read_imports

    def perform(self, row):
        services.discard(row, by=self.request.user)
        return _("%(file)s was discarded. Nothing of it was imported.") % {"file": row.file_name}

    def after(self, row):
        return reverse("import-list")


class ImportWorkbookPage(ImportPage):
    access = policies.may_read_imports

    def render_to_response(self, context, **kwargs):
        return workbooks.attached(workbooks.returned(self.object), f"import-{self.object.pk}")


class ImportTemplatePage(Page, View):
    access = policies.may_import

    def get(self, request):
        kind = kinds.named(request.GET.get("kind", ""))
        return workbooks.attached(workbooks.template(kind), f"template-{kind.name}")
