"""How many enterprises agreements cover: the number beside each row of their list."""

from collections import Counter

from django.db.models import F

from enterprises.recognition.models import RecognitionException
from enterprises.whitelists.models import Listing
from enterprises.whitelists.standing import standing_on


def covered_by(agreements, day):
    """How many enterprises each of these agreements was made for on a day, by its key, whether or not it holds then.

    `RecognitionQuerySet.with_their_listings` counted without a row for each listing of each agreement: an enterprise
    stands on a list once at a time, so listings are counted by list, chain and field, and exceptions are taken off.
    """
    lists = {each.white_list_id: each.white_list for each in agreements if each.white_list.ends_on > day}
    groups = standing_on(lists.values(), day)
    standing = Listing.objects.filter(white_list__in=lists, days__contains=day).order_by()
    excepted = RecognitionException.objects.standing(day).filter(recognition__in=agreements)
    left_out = Counter(
        standing.filter(
            white_list__recognitions__exceptions__in=excepted,
            white_list__recognitions__exceptions__enterprise=F("enterprise"),
        ).values_list("white_list__recognitions__exceptions__recognition", "chain", "field")
    )
    return {
        each.pk: sum(
            number - left_out[each.pk, chain, field]
            for (chain, field), number in groups[each.white_list_id].items()
            if each.names(chain, field)
        )
        for each in agreements
    }
