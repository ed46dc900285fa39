"""The jobs of this room: explicit names, ids in, one service call each."""

from celery import shared_task

from whitelist.sheets import kinds, services


@shared_task(name="sheets.parse", acks_late=True, time_limit=600)
def parse(sheet_import):
    """Read an uploaded sheet and prepare its preview."""
    services.parse(sheet_import)


@shared_task(name="sheets.confirm", acks_late=True, time_limit=600)
def confirm(sheet_import):
    """Write a confirmed import."""
    services.write(sheet_import)


@shared_task(name="sheets.tidy", acks_late=True, time_limit=600)
def tidy(kind):
    """Do what an import left for after its commit."""
    kinds.get(kind).tidy()
