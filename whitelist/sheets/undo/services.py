"""Taking a finished import back: asked for in numbers, done by the worker in one transaction."""

import logging

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from whitelist.accounts.models import User
from whitelist.audit.services import advance
from whitelist.core.errors import DomainError, WrongState
from whitelist.delivery.services import later
from whitelist.sheets import kinds, telling
from whitelist.sheets.attempts import whole
from whitelist.sheets.flows import IMPORT_FLOW
from whitelist.sheets.models import ImportState, SheetImport

log = logging.getLogger(__name__)


def _kind(sheet_import, *, by):
    """The kind of an import that this user may undo now."""
    IMPORT_FLOW.check(sheet_import, "undo", by=by)
    kind = kinds.get(sheet_import.kind)
    if not kind.can_undo:
        raise WrongState(_("An import of this kind cannot be undone as a whole."))
    return kind


def preview(sheet_import, *, by):
    """What undoing this import would restore, remove and keep."""
    return _kind(sheet_import, by=by).undo_preview(sheet_import)


@transaction.atomic
def undo(sheet_import, *, by):
    """Have the worker take back what the import wrote; what changed since is kept."""
    _kind(sheet_import, by=by)
    sheet_import.report_progress(0)
    now = timezone.now()
    sheet_import = advance(sheet_import, IMPORT_FLOW, "undo", by=by, undone_by=by, undone_at=now, refusal="")
    later("sheets.undo", sheet_import=sheet_import.pk)
    return sheet_import


def revert(sheet_import_id):
    """The worker's third job: take back everything that is still as the import left it, or nothing."""
    sheet_import = SheetImport.objects.select_related("undone_by").get(pk=sheet_import_id)
    if sheet_import.state != ImportState.UNDOING:
        return
    clock = User.objects.system()
    sheet_import.report_progress(0)
    with translation.override(sheet_import.language):
        try:
            whole(_revert, sheet_import, clock)
        except (OperationalError, InterfaceError):
            raise
        except WrongState:
            log.info("import %s was settled meanwhile", sheet_import.pk)
        except DomainError as refusal:
            give_up(sheet_import, str(refusal))
        except Exception:
            log.exception("undoing import %s failed", sheet_import.pk)
            give_up(sheet_import, _("The fault is ours and has been recorded. Nothing was undone."))
        telling.tell(sheet_import)


def _revert(sheet_import, clock):
    done = kinds.get(sheet_import.kind).undo(sheet_import, by=sheet_import.undone_by)
    SheetImport.objects.filter(pk=sheet_import.pk).update(undone=done)
    advance(sheet_import, IMPORT_FLOW, "finish_undo", by=clock, note=in_words(done))
    later("sheets.tidy", kind=sheet_import.kind)


def give_up(sheet_import, told):
    """The import stays done, and says why it was not undone."""
    system, nobody = User.objects.system(), {"undone_by": None, "undone_at": None}
    return advance(sheet_import, IMPORT_FLOW, "give_up_undo", by=system, refusal=told, **nobody)


def in_words(done):
    told = _("%(restored)s restored, %(removed)s removed, %(kept)s kept")
    return told % {name: f"{count:,}" for name, count in done.items()}
