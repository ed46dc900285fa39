"""Batches that nobody reviewed for a week: which they are, and who above is told of them."""

from enterprises.whitelists.lists import CLIMBS_AFTER, LEVELS
from enterprises.whitelists.models import Batch
from enterprises.whitelists.policies import LIST_KEEPERS
from whitelist.accounts.models import Duty, User


def climbed_batches(now):
    return Batch.objects.climbed(now).select_related("white_list__office").defer("file")


def told_above(batch):
    """Those who approve in the offices that keep lists in the divisions to which the batch has climbed by now."""
    reached, division = [], batch.white_list.office.division
    for _level in range(min(batch.waited_days // CLIMBS_AFTER.days, LEVELS - 1)):
        if division.parent_id is None:
            break
        division = division.parent
        reached.append(division.pk)
    people = User.objects.filter(office__division__in=reached, office__kind__in=LIST_KEEPERS, is_active=True)
    return people.filter(is_system=False).holding(Duty.APPROVE)
