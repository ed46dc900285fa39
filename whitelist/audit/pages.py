"""The trail: who did what to which row, with the values before and after."""

from django.http import Http404, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic.detail import SingleObjectMixin

from whitelist.audit import policies, words
from whitelist.audit.filters import AuditFilter
from whitelist.audit.models import AuditEntry
from whitelist.core.access import Page
from whitelist.core.tables import TablePage


class AuditListPage(TablePage):
    model = AuditEntry
    access = policies.may_read_audit
    filterset_class = AuditFilter
    template_name = "audit/entry_list.html"
    export_name = "audit"

    def narrow(self, queryset):
        """What was written up to now: an export does not tell of itself."""
        return queryset.for_table().filter(at__lte=timezone.now())

    def columns(self):
        return [
            (_("At (Shanghai)"), lambda entry: timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")),
            (_("By"), lambda entry: entry.actor.username if entry.actor else ""),
            (_("Step"), lambda entry: entry.told.verb),
            (_("Kind"), lambda entry: words.kind_of(entry.subject)),
            (_("Object"), lambda entry: entry.label or entry.subject_id),
            (_("Division"), lambda entry: entry.place),
            (
                _("Changes"),
                lambda entry: "; ".join(f"{label}: {before} → {after}" for label, before, after in entry.told.changes),
            ),
            (_("Note"), lambda entry: entry.note),
            (_("Request"), lambda entry: entry.request_id),
        ]


class AuditObjectPage(Page, SingleObjectMixin):
    """From an entry to the row it is about, where that has a page and lies in the reader's scope."""

    model = AuditEntry
    access = policies.may_read_audit

    def get(self, request, *args, **kwargs):
        entry = self.get_object()
        model = words.model_of(entry.subject)
        if not entry.has_page:
            raise Http404
        return HttpResponseRedirect(self.visible(model, pk=entry.subject_id).get_absolute_url())
