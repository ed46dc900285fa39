from django.apps import AppConfig


class CoreConfig(AppConfig):
    """No models: bases, refusals and words of machines."""

    name = "whitelist.core"
    label = "core"
