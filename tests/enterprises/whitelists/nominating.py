"""A listed buyer in Shanghai, a supplier in Jilin with a list to go to, and a nomination between them."""

from types import SimpleNamespace

from enterprises.models import Nomination
from enterprises.whitelists.nominations import services
from whitelist.core.days import today


def evidence(**changed):
    said = {
        "contract_number": "HT-2022-17",
        "contract_on": today(),
        "why": "The line stands still without it.",
        "undertaking": True,
    }
    return said | changed


def two_sides(make, place="220102"):
    """The buyer on Shanghai's list, the supplier on none, and the list of the supplier's province."""
    buyer = make.enterprise("310115", name="上海买方（虚构）")
    make.listing(buyer)
    target = make.white_list(f"{place[:2]}0000", title="Jilin list")
    supplier = make.enterprise(place, name="吉林卖方（虚构）")
    return SimpleNamespace(buyer=buyer, supplier=supplier, target=target)


def nominate(sides, *, by, **changed):
    made = services.nominate(buyer=sides.buyer, supplier=sides.supplier, by=by, **evidence(**changed))
    return Nomination.objects.for_table().seen_by(by).get(pk=made.pk)


def seen(nomination, by):
    return Nomination.objects.for_table().seen_by(by).get(pk=nomination.pk)
