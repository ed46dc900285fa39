"""The fixed words of offices and duties, stored as slugs, and what each duty allows."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    NATION = "nation", _("nation")
    PROVINCE = "province", _("province")
    PREFECTURE = "prefecture", _("prefecture")
    COUNTY = "county", _("county")


class OfficeKind(models.TextChoices):
    INDUSTRY = "industry", _("industry and information technology")
    DEVELOPMENT_REFORM = "development_reform", _("development and reform")
    TRANSPORT = "transport", _("transport")
    COMMERCE = "commerce", _("commerce")
    AGRICULTURE = "agriculture", _("agriculture")
    PUBLIC_SECURITY = "public_security", _("public security")
    HEALTH = "health", _("health")
    CHECKPOINT = "checkpoint", _("checkpoint")
    WORKING_GROUP = "working_group", _("working group of the ministry")


class Duty(models.TextChoices):
    VIEW = "view", _("view")
    EDIT = "edit", _("edit")
    APPROVE = "approve", _("approve")
    COORDINATE = "coordinate", _("coordinate")
    ISSUE = "issue", _("issue passes")
    VERIFY = "verify", _("verify passes")
    ADMIN = "admin", _("administer users")


AT_ENTERPRISES = (Duty.VIEW, Duty.EDIT, Duty.ADMIN)  # there they concern the own enterprise alone

ALLOWS = {
    Duty.VIEW: _("See what lies in the division: lists, enterprises, reports, warnings."),
    Duty.EDIT: _("Draft and propose: enter enterprises, import sheets, write batches, file reports for firms."),
    Duty.APPROVE: _("Decide and publish what others drafted, never one's own."),
    Duty.COORDINATE: _("Work on problems and acknowledge warnings."),
    Duty.ISSUE: _("Issue, refuse and revoke passes."),
    Duty.VERIFY: _("Check passes on the road."),
    Duty.ADMIN: _(
        "Add and change users of the own office, of offices below and of the division's enterprises,"
        " or of the own enterprise."
    ),
}


def labels_of(duties):
    """The words for duties, in the order of the product."""
    return [duty.label for duty in Duty if duty in duties]
