from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "whitelist.accounts"
    label = "accounts"
    verbose_name = _("accounts")

    def ready(self):
        """Let the contract know how one signs in."""
        import_module("whitelist.accounts.openapi")
