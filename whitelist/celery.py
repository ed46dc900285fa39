"""The Celery application; the whole timetable stands in the settings (`CELERY_BEAT_SCHEDULE`)."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whitelist.settings.base")

app = Celery("whitelist")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _look_at_the_outbox(**kwargs):
    """What was left by a worker that died is taken up as soon as one is back."""
    app.send_task("delivery.relay")
