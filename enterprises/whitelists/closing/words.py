"""The states of a closing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClosingStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")
