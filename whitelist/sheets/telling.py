"""Who left the page of an import while the worker had it is told by a notice when it is done."""

from django.core.cache import cache
from django.utils.translation import gettext_noop

from whitelist.audit.models import AuditEntry
from whitelist.delivery.services import notify
from whitelist.sheets.models import Channel, ImportState, SheetImport

SECONDS = 5  # a page that is looked at asks every second
SENTENCES = {
    ImportState.NEEDS_CHOICE: gettext_noop("%(file)s: say which sheet or which columns are meant."),
    ImportState.PREVIEW: gettext_noop("%(file)s was read: look at what its %(rows)s rows would do, then confirm."),
    ImportState.REFUSED: gettext_noop("%(file)s was refused. The reason stands on its page."),
    ImportState.DONE: gettext_noop("%(file)s was imported: %(written)s rows written, %(rejected)s left out."),
    ImportState.UNDONE: gettext_noop(
        "%(file)s was undone: %(restored)s rows restored, %(removed)s removed, %(kept)s kept."
    ),
    ImportState.FAILED: gettext_noop("%(file)s could not be imported. The reason stands on its page."),
}
NOT_UNDONE = gettext_noop("%(file)s could not be undone. The reason stands on its page.")


def _key(sheet_import_id, user_id):
    return f"import-watched-{sheet_import_id}-{user_id}"


def watched(sheet_import, *, by):
    """Note that this user has the page before him; losing the note merely tells him once more."""
    cache.set(_key(sheet_import.pk, by.pk), True, SECONDS)


def tell(sheet_import):
    """Tell those who set the worker to it, unless they are looking. Programs ask for themselves."""
    row = SheetImport.objects.select_related("uploaded_by", "confirmed_by", "undone_by").get(pk=sheet_import.pk)
    if row.channel == Channel.API or row.state not in SENTENCES:
        return
    people = {row.uploaded_by, row.confirmed_by, row.undone_by} - {None}
    away = [user for user in sorted(people, key=lambda user: user.pk) if not cache.get(_key(row.pk, user.pk))]
    was_undo = row.state == ImportState.DONE and sheet_import.state == ImportState.UNDOING
    values = {
        "file": row.file_name,
        "rows": row.rows,
        "written": row.writes,
        "rejected": row.counts.get("rejected", 0),
        **{name: row.undone.get(name, 0) for name in ("restored", "removed", "kept")},
    }
    key = f"import-{row.pk}-{AuditEntry.objects.about(row).count()}"
    notify(away, NOT_UNDONE if was_undo else SENTENCES[row.state], key=key, address=row.get_absolute_url(), **values)
