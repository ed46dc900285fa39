"""How many enterprises stand on lists, counted once for each day and state of a list.

A list changes by its published batches and by its closing alone. So a number holds as long as the last batch's file and
the day of the closing are the same, and is kept under them: it cannot be out of date.
"""

from collections import Counter, defaultdict
from functools import cache as once
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count

from enterprises.whitelists.lists import Batch
from enterprises.whitelists.models import Listing
from whitelist.core.compiled import Compiled
from whitelist.core.days import today

SOME_LISTS = [0]
KEPT_SECONDS, KEPT_SECONDS_OF_OTHER_DAYS = 86_400, 300


class Last(NamedTuple):
    """The last published batch of a list."""

    pk: int
    number: int
    effective_on: object
    file_hash: str


@once
def _last_batches():
    found = Batch.objects.published().filter(white_list__pk__any_of=SOME_LISTS)
    found = found.order_by("white_list", "-number").distinct("white_list")
    return Compiled(found.values_list("white_list", *Last._fields))


def last_batches(lists):
    """The last published batch of each of these lists, by the key of the list; none for a list without any."""
    keys = [each.pk for each in lists]
    if not keys:
        return {}
    found = _last_batches().rows(lambda mark: keys if mark == SOME_LISTS else mark)
    return {white_list: Last(*told) for white_list, *told in found}


def standing_on(lists, day, *, last=None):
    """How many enterprises of each chain and field count on a day: {list: Counter({(chain, field): number})}."""
    running = {each.pk: each for each in lists if each.ends_on > day}
    last = last_batches(running.values()) if last is None else last
    keys = {
        pk: f"standing-{pk}-{last[pk].pk}-{last[pk].file_hash}-{each.closed_on}-{day}"
        for pk, each in running.items()
        if pk in last
    }
    known = cache.get_many(keys.values())
    missing = {pk: Counter() for pk, key in keys.items() if key not in known}
    if missing:
        rows = Listing.objects.filter(white_list__in=missing, days__contains=day).order_by()
        for pk, *group, number in rows.values_list("white_list", "chain", "field").annotate(n=Count("pk")):
            missing[pk][tuple(group)] = number
        seconds = KEPT_SECONDS if day == today() else KEPT_SECONDS_OF_OTHER_DAYS
        cache.set_many({keys[pk]: counted for pk, counted in missing.items()}, seconds)
    counted = {pk: known[key] for pk, key in keys.items() if key in known}
    return defaultdict(Counter, counted | missing)


def tell(lists):
    """Give lists what `for_table` asks the database for: how many are listed today, and the last batch."""
    last = last_batches(lists)
    counted = standing_on(lists, today(), last=last)
    for each in lists:
        each.listed = counted[each.pk].total()
        found = last.get(each.pk)
        each.last_pk, each.last_number, each.last_on = found[:3] if found else (None, None, None)
