"""What an adjustment proposes, on which ground, and what became of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Proposed(models.TextChoices):
    REMOVE = "remove", _("take off the list")
    ASK = "ask", _("ask for the report")
    ADD = "add", _("add to the list")


class Ground(models.TextChoices):
    """The facts of product section 4 that call for a change."""

    RESUMED = "resumed", _("resumed and steady")
    SILENT = "silent", _("silent")
    RETIRED = "retired", _("retired")
    SUPPLIER_IN_RED = "supplier_in_red", _("supplies a listed enterprise in red")


ACTION_FOR = {
    Ground.RESUMED: Proposed.REMOVE,
    Ground.SILENT: Proposed.ASK,
    Ground.RETIRED: Proposed.REMOVE,
    Ground.SUPPLIER_IN_RED: Proposed.ADD,
}


class AdjustmentStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("not yet closed", "open")
    TAKEN = "taken", _("taken up")
    DISMISSED = "dismissed", _("dismissed")
    OVER = "over", _("no longer so")


class DismissReason(models.TextChoices):
    STILL_NEEDED = "still_needed", _("stays on the list for good reason")
    NOT_KEY = "not_key", _("not a key link")
    WRONG_FACTS = "wrong_facts", _("the facts are wrong")
    SETTLED = "settled", _("settled otherwise")
    OTHER = "other", _("other, see note")
