"""States of a nomination, and how far one has come that was accepted."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NominationStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Stage(models.TextChoices):
    """Where it stands today: its own state, and once it is accepted what became of its line and batch."""

    PROPOSED = "proposed", _("waits for the supplier's office")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DRAFT = "draft", _("in a draft")
    SUBMITTED = "submitted", _("submitted")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("line rejected")
    DROPPED = "dropped", _("taken out of the batch again")
    LISTED = "listed", _("listed")


class NominatingSide(models.TextChoices):
    """Seen from a division or an enterprise: who nominates whom."""

    OURS = "ours", _("our buyers nominate")
    THEIRS = "theirs", _("our suppliers are nominated")
