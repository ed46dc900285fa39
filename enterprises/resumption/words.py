"""States of production, ways in, and whether a report came."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    NORMAL = "normal", _("normal")
    PARTIAL = "partial", _("partial")
    STOPPED = "stopped", _("stopped")
    PLANNED_STOP = "planned_stop", _("planned stop")


RESUMED = (State.NORMAL, State.PARTIAL)


class Channel(models.TextChoices):
    PAGE = "page", _("page")
    API = "api", _("API")
    SHEET = "sheet", _("workbook")
    OFFICE = "office", _("entered by the office")
