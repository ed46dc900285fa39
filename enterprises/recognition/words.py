"""States of a recognition, its two sides, and by which right a list counts somewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RecognitionStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    IN_FORCE = "in_force", _("in force")
    LAPSED = "lapsed", _("lapsed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Side(models.TextChoices):
    """Seen from a division: whose list counts where."""

    OURS = "ours", _("we recognise")
    THEIRS = "theirs", _("others recognise ours")


class Basis(models.TextChoices):
    MINISTRY = "ministry", _("the ministry's list")
    OWN = "own", _("own list")
    AGREEMENT = "agreement", _("by agreement")
