"""Into which draft a line goes that was decided elsewhere: the one named, the list's newest, or a new one."""

from django.utils.translation import gettext as _

from enterprises.whitelists.lines import put_lines
from enterprises.whitelists.models import Batch, WhiteList
from enterprises.whitelists.services import check_draft, draft_batch
from enterprises.whitelists.words import BatchStatus
from whitelist.core.errors import DomainError, Fault

NEW = 0  # in the place of a draft's number: begin a new one


def drafts_on(white_list):
    """The drafts that take further lines, the newest first; one that undoes a batch holds nothing else."""
    return Batch.objects.filter(white_list=white_list, status=BatchStatus.DRAFT, reverts=None).order_by("-pk")


def draft_on(white_list, *, by, title, batch=None, holding=None):
    """The draft to write in, and the list locked, so that two who decide at once do not begin two drafts.

    Without a `batch` named it is the one that holds a line about `holding` already, else the newest.
    """
    white_list = WhiteList.objects.select_for_update(no_key=True).order_by("pk").get(pk=white_list.pk)
    check_draft(white_list, by=by)
    drafts = drafts_on(white_list)
    if batch == NEW:
        return draft_batch(white_list, title=title, by=by)
    if batch is not None:
        found = drafts.filter(pk=batch).first()
        if found is None:
            told = _("There is no draft with this number on the list.")
            raise DomainError(told, errors=[Fault("batch", "unknown_batch", told)])
        return found
    about = drafts.filter(lines__enterprise=holding).first() if holding is not None else None
    return about or drafts.first() or draft_batch(white_list, title=title, by=by)


def put_line(draft, enterprise, *, action, reason, note, by):
    """One line into a draft; its note is cut where it would not fit."""
    note = note if len(note) <= 500 else f"{note[:499]}…"
    line = {"enterprise": enterprise, "action": action, "reason": reason, "note": note}
    return put_lines(draft, [line], by=by).get()
