"""From invention to rows: materials, enterprises, supply links, and the users behind the seed."""

from typing import NamedTuple

from alerts.board.demonstration.bulk import copy_in
from alerts.board.demonstration.firms import Firm
from alerts.board.demonstration.vocabulary import MATERIALS
from enterprises.models import Enterprise, KeyMaterial, Material, SupplyLink
from enterprises.register.models import search_text
from whitelist.accounts.models import User

ENTERPRISE = (
    "uscc", "name", "division", "registered_division", "industry", "chain", "field", "link", "size", "ownership",
    "tags", "staff_total", "normal_output", "output_unit", "output_value", "electricity_baseline", "search",
    "created_at", "updated_at",
)  # fmt: skip
LINK = (
    "supplier",
    "buyer",
    "material",
    "share",
    "criticality",
    "is_sole_source",
    "is_confirmed",
    "declared_by",
    "created_at",
    "updated_at",
)
USER = ("username", "password", "name", "office", "duties", "is_system", "responsible", "is_active", "created_at")


class Link(NamedTuple):
    """A supplier covers a share (per cent) of a buyer's need of a material."""

    supplier: Firm
    buyer: Firm
    material: str
    share: int
    criticality: str
    is_sole: bool
    is_confirmed: bool


def write_materials(*, created_at):
    """The materials of the vocabulary; those that stand already are kept. Returns ids by code."""
    known = set(Material.objects.values_list("code", flat=True))
    copy_in(
        Material,
        ("code", "name", "name_en", "unit", "chain", "is_bulk", "updated_at"),
        [
            (m.code, m.name, m.name_en, m.unit, str(m.chain), m.is_bulk, created_at)
            for m in MATERIALS
            if m.code not in known
        ],
    )
    return dict(Material.objects.values_list("code", "pk"))


def write_firms(firms, *, created_at):
    """The enterprises, in the order of their ids."""
    first = copy_in(
        Enterprise,
        ENTERPRISE,
        (
            (
                f.code, f.name, f.division, f.registered, f.kind.industry, str(f.kind.chain), str(f.field), f.kind.link,
                f.size, f.ownership, f.tags, f.staff,
                f"{f.output:.2f}", f.kind.unit, f"{f.value:.2f}", f"{f.power:.2f}",
                search_text(name=f.name, code=f.code), created_at, created_at,
            )
            for f in firms
        ),
    )  # fmt: skip
    if firms and first != firms[0].id:
        raise ValueError("the register changed while enterprises were being invented")


def draw_links(chance, firms, *, near=0.4):
    """One to three suppliers for each need, some nearby, most of them anywhere; shares add up to 100 per cent."""
    makers: dict[str, list] = {}
    for firm in firms:
        if firm.kind.makes:
            makers.setdefault(firm.kind.makes, []).append(firm)
    for buyer in firms:
        for material, (_use, criticality) in buyer.needs.items():
            everybody = [firm for firm in makers.get(material, ()) if firm is not buyer]
            close = [firm for firm in everybody if firm.division[:2] == buyer.division[:2]]
            number = min(len(everybody), chance.choices((1, 2, 3), (0.34, 0.46, 0.2))[0])
            chosen: list = []
            for _ in range(number):
                pool = close if close and chance.random() < near else everybody
                supplier = pool[int(chance.random() * len(pool))]
                if supplier not in chosen:
                    chosen.append(supplier)
            for supplier, share in zip(chosen, shares(chance, len(chosen)), strict=True):
                yield Link(supplier, buyer, material, share, criticality, len(chosen) == 1, chance.random() < 0.7)


def shares(chance, number):
    """Whole per cent for so many suppliers, the first the largest, together 100."""
    if number < 2:
        return [100] * number
    main = chance.randrange(45, 75, 5)
    rest = 100 - main
    return [main, rest] if number == 2 else [main, rest - rest // 3, rest // 3]


def write_links(links, materials, *, declared_by, created_at):
    copy_in(
        SupplyLink,
        LINK,
        (
            (
                each.supplier.id, each.buyer.id, materials[each.material], each.share, each.criticality,
                each.is_sole, each.is_confirmed, declared_by.pk, created_at, created_at,
            )
            for each in links
        ),
    )  # fmt: skip


def write_key_materials(pairs, *, since_on):
    """`pairs` are (enterprise id, material id)."""
    copy_in(KeyMaterial, ("enterprise", "material", "since_on"), [(*pair, since_on) for pair in pairs])


def write_users(rows):
    """Users as (username, password hash, name, office id, duties, is_system, responsible id, is_active, created_at).

    A user of that name that stands already keeps its row, tokens and sessions, and takes on what is said here.
    """
    known = set(User.objects.values_list("username", flat=True))
    for username, password, name, office, duties, is_system, responsible, is_active, _created in rows:
        if username in known:
            User.objects.filter(username=username).update(
                password=password,
                name=name,
                office=office,
                duties=duties,
                is_system=is_system,
                responsible=responsible,
                is_active=is_active,
            )
    fresh = [row for row in rows if row[0] not in known]
    copy_in(User, USER, fresh)
    return {user.username: user for user in User.objects.filter(username__in=[row[0] for row in rows])}
