"""What everybody may know of the lists: which there are, their batches, and how many enterprises stand on them.

Counts only, no enterprise by name. Each enterprise is counted once in a total, on however many lists it stands; a city
under separate planning counts in its province.
"""

from django.core.cache import cache
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Left
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from enterprises.register.words import Chain
from enterprises.whitelists.lists import counted
from enterprises.whitelists.models import Batch, Listing, WhiteList
from whitelist.accounts.models import Division

KEPT_SECONDS = 300
LATEST = 12


def public_figures(day):
    """The figures of a day, with names in the reader's language."""
    kept = cache.get_or_set(f"public-figures-{day}", lambda: count(day), KEPT_SECONDS)
    words = dict(Chain.choices)
    names = {each.code[:2]: str(each) for each in Division.objects.provinces()}
    return kept | {
        "chains": [row | {"name": capfirst(str(words.get(row["key"], _("no chain"))))} for row in kept["chains"]],
        "provinces": [row | {"name": names.get(row["key"], row["key"])} for row in kept["provinces"]],
    }


def count(day):
    listed = Listing.objects.in_force(day).order_by()
    once = {"enterprises": Count("enterprise", distinct=True)}
    return {
        "as_of": day,
        "enterprises": listed.aggregate(**once)["enterprises"],
        "chains": list(listed.values(key=F("enterprise__chain")).annotate(**once).order_by("-enterprises", "key")),
        "provinces": list(
            listed.values(key=Left("enterprise__division_id", 2)).annotate(**once).order_by("-enterprises", "key")
        ),
        "lists": [_told(row) for row in _lists(day)],
        "batches": [
            {
                "list": row.white_list.title,
                "office": {"zh": row.white_list.office.name, "en": row.white_list.office.name_en},
                "number": row.number,
                "document_number": row.document_number,
                "effective_on": row.effective_on,
            }
            for row in _batches(day)[:LATEST]
        ],
    }


def _lists(day):
    published = Batch.objects.published().filter(white_list=OuterRef("pk"), effective_on__lte=day)
    listings = Listing.objects.in_force(day).filter(white_list=OuterRef("pk"))
    last = published.order_by("-number").values("effective_on")[:1]
    found = WhiteList.objects.filter(opened_on__lte=day).select_related("office")
    found = found.annotate(
        listed=counted(listings, "white_list"), published=counted(published, "white_list"), last_on=Subquery(last)
    )
    return found.order_by("office__division_id", "kind", "pk")


def _batches(day):
    found = Batch.objects.published().filter(effective_on__lte=day).select_related("white_list__office").defer("file")
    return found.order_by("-effective_on", "-published_at", "-pk")


def _told(row):
    return {
        "title": row.title,
        "kind": row.kind,
        "division": row.office.division_id,
        "office": {"zh": row.office.name, "en": row.office.name_en},
        "opened_on": row.opened_on,
        "ends_on": row.ends_on,
        "batches": row.published,
        "last_on": row.last_on,
        "enterprises": row.listed,
    }
