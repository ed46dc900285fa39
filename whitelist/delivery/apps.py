from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "whitelist.delivery"
    label = "delivery"
    verbose_name = _("delivery")

    def ready(self):
        """Make the project's Celery application the current one in every process that may queue a job."""
        import_module("whitelist.celery")
