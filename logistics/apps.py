from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LogisticsConfig(AppConfig):
    """Movement: fleet, passes and checks stand here, between the enterprises and the judgement upon them."""

    name = "logistics"
    verbose_name = _("logistics")
