"""The jobs of this app: explicit names, days in, one service call each."""

from datetime import date

from celery import shared_task

from alerts.board import situation
from alerts.warnings import services


@shared_task(name="alerts.run_day", acks_late=True, time_limit=600)
def run_day(day):
    services.run(date.fromisoformat(day))


@shared_task(name="alerts.run_missing", acks_late=True, time_limit=600)
def run_missing():
    services.run_missing()


@shared_task(name="alerts.keep_board_warm")
def keep_board_warm():
    situation.keep_warm()
