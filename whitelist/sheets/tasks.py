"""The jobs of this room: explicit names, ids in, one service call each."""

from celery import Task, shared_task

from whitelist.sheets import kinds, services
from whitelist.sheets.undo import services as undoing


class SheetTask(Task):
    """A job about one import; when it was given up, the import must not wait for ever."""

    otherwise = "sheets.give_up"


@shared_task(name="sheets.parse", acks_late=True, time_limit=600, base=SheetTask)
def parse(sheet_import):
    """Read an uploaded sheet and prepare its preview."""
    services.parse(sheet_import)


@shared_task(name="sheets.confirm", acks_late=True, time_limit=600, base=SheetTask)
def confirm(sheet_import):
    """Write a confirmed import."""
    services.write(sheet_import)


@shared_task(name="sheets.undo", acks_late=True, time_limit=600, base=SheetTask)
def undo(sheet_import):
    """Take back what an import wrote."""
    undoing.revert(sheet_import)


@shared_task(name="sheets.give_up")
def give_up(sheet_import):
    """End what no worker could do."""
    services.give_up(sheet_import)


@shared_task(name="sheets.tidy", acks_late=True, time_limit=600)
def tidy(kind):
    """Do what an import left for after its commit."""
    kinds.get(kind).tidy()
