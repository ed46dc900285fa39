"""Kinds, states and coded reasons of lists and batches."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListKind(models.TextChoices):
    KEY_INDUSTRY = "key_industry", _("key industry")
    FOREIGN_TRADE = "foreign_trade", _("foreign trade")


class BatchStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


OPEN_STATES = (BatchStatus.DRAFT, BatchStatus.SUBMITTED, BatchStatus.RETURNED, BatchStatus.APPROVED)


class Action(models.TextChoices):
    ADD = "add", _("add")
    REMOVE = "remove", _("remove")
    AMEND = "amend", _("amend")


class Reason(models.TextChoices):
    """Why an enterprise comes onto or leaves a list (product section 4)."""

    KEY_LINK = "key_link", _("key link")
    SOLE_SUPPLIER = "sole_supplier", _("sole source")
    RECOMMENDED = "recommended", _("recommended")
    NOMINATED = "nominated", _("nominated by a listed buyer")
    LIVELIHOOD = "livelihood", _("livelihood guarantee")
    RESUMED = "resumed", _("resumed and steady for 30 days")
    RETIRED = "retired", _("no longer in business")
    REFUSED_ALLOCATION = "refused_allocation", _("refused allocation")
    CHAIN = "chain", _("chain or field corrected")
    UNDO = "undo", _("undoes an earlier batch")
    OTHER = "other", _("other, see note")


class Decision(models.TextChoices):
    UNDECIDED = "undecided", _("undecided")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class RejectReason(models.TextChoices):
    NOT_KEY = "not_key", _("not a key link")
    NO_EVIDENCE = "no_evidence", _("evidence missing")
    WRONG_DATA = "wrong_data", _("data wrong")
    DUPLICATE = "duplicate", _("stands elsewhere")
    OTHER = "other", _("other, see note")


class ReturnReason(models.TextChoices):
    INCOMPLETE = "incomplete", _("incomplete")
    WRONG_LIST = "wrong_list", _("wrong list")
    CONFLICT = "conflict", _("conflicts with another batch")
    OTHER = "other", _("other, see note")
