from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """No models: bases, refusals and words of machines."""

    name = "whitelist.core"
    label = "core"

    def ready(self):
        import_module("whitelist.core.lookups")
