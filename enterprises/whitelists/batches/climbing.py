"""Batches that nobody reviewed for a week: which they are, and who above is told of them."""

from enterprises.whitelists.models import Batch
from enterprises.whitelists.policies import LIST_KEEPERS
from whitelist.accounts.models import Duty, User


def climbed_batches(now):
    return Batch.objects.climbed(now).select_related("white_list__office").defer("file")


def told_above(batch):
    """Those who approve in the offices that keep lists in the divisions to which the batch has climbed by now."""
    people = User.objects.filter(office__division__in=batch.reached_divisions, office__kind__in=LIST_KEEPERS)
    return people.filter(is_active=True, is_system=False).holding(Duty.APPROVE)
