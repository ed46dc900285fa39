"""Inventing enterprises: valid codes, names that look invented, sizes and quantities that fit each other."""

import re
from dataclasses import dataclass, field

from alerts.board.demonstration.vocabulary import (
    BRANDS,
    FARMING,
    FIELD_OF,
    FOOD,
    KINDS,
    MACHINES,
    MEDICINE,
    WEIGHTS,
    Kind,
)
from enterprises.models import Size, Tag
from enterprises.register.words import Ownership
from whitelist.accounts.models import Division, Level
from whitelist.core.codes import check_digit

INVENTED = "（虚构）"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
SIZES = ((Size.LARGE, 0.14, 3.4), (Size.MEDIUM, 0.36, 1.0), (Size.SMALL, 0.4, 0.32), (Size.MICRO, 0.1, 0.09))
OWNERSHIPS = ((Ownership.PRIVATE, 0.58), (Ownership.STATE, 0.2), (Ownership.FOREIGN, 0.14), (Ownership.MIXED, 0.08))
ENDING = re.compile(r"(?<=..)(新区|地区|市|区|县|盟|旗)$")


@dataclass(slots=True)
class Firm:
    """An invented enterprise with what a normal day of it looks like: output in its unit, kWh, 10,000 yuan."""

    id: int
    code: str
    name: str
    division: str
    registered: str
    kind: Kind
    size: str
    ownership: str
    tags: list
    staff: int
    output: float
    power: float
    value: float
    needs: dict = field(default_factory=dict)

    @property
    def unit(self):
        return unit_of(self.division)

    @property
    def field(self):
        return FIELD_OF[self.kind.chain]


REMOTE = frozenset({"15", "46", "54", "62", "63", "64", "65", "66"})
OWN_REPORTERS = frozenset({"2102", "3302", "3502", "3702", "4403"})


def unit_of(division):
    """The reporting unit in which a division lies: one of the five cities, else the province or the Corps."""
    return f"{division[:4]}00" if division[:4] in OWN_REPORTERS else f"{division[:2]}0000"


def kinds_of(unit):
    """The kinds of plants that stand in a unit: far from the coast no chains of cars, chips and devices."""
    return tuple(kind for kind in KINDS if unit[:2] not in REMOTE or kind.chain in (MACHINES, FARMING, FOOD, MEDICINE))


def uscc(division, number):
    """A valid code for an invented organisation: MAX, a counted number, both check characters right."""
    body = f"MAX{number:05d}" if number < 100_000 else f"MA{number:06d}"
    total = sum((int(c) if c.isdigit() else ord(c) - 55) * w for c, w in zip(body, ORGANISATION_WEIGHTS, strict=True))
    last = "0X987654321"[total % 11]
    return (head := f"91{division}{body}{last}") + check_digit(head)


class Places:
    """Where invented plants may stand: every reporting unit with its counties, or what it has instead of them."""

    def __init__(self):
        rows = Division.objects.exclude(level=Level.NATION).order_by("code")
        self.names = {row.code: row.name for row in rows}
        self.sites = {row.code: [] for row in rows if row.is_reporting_unit}
        parents = {row.parent_id for row in rows}
        for row in rows:
            if row.code not in parents and (row.level != Level.PROVINCE or row.code.startswith("66")):
                self.sites[unit_of(row.code)].append(row.code)
        for unit, sites in self.sites.items():
            towns = [
                code for code in sites if self.names[code].endswith(("区", "市")) and "市辖" not in self.names[code]
            ]
            self.sites[unit] = towns or sites
        self.units = sorted(self.sites)
        self.weights = [WEIGHTS[unit[:2]] * (0.18 if unit[:4] in OWN_REPORTERS else 1) for unit in self.units]

    def short(self, code):
        """How people call a place: 嘉定, 昆山, 兵团; where that would be long, the province."""
        if code.startswith("66"):
            return "兵团"
        for each in (code, f"{code[:4]}00", f"{code[:2]}0000"):
            name = ENDING.sub("", self.names.get(each, ""))
            if 2 <= len(name) <= 3 and "自治" not in name and name not in ("市辖", "省直"):
                return name
        return self.names[f"{code[:2]}0000"][:2]


class Inventor:
    """Invents enterprises one after another, all from one source of chance; never the same name or code twice."""

    def __init__(self, chance, places, *, first_id):
        self.chance, self.places = chance, places
        self.next_id, self.number = first_id, 0
        self.names: set[str] = set()

    def firm(self, unit=None, kind=None, size=None, name=None):
        """One more enterprise, at a place of the unit; what is not given is drawn."""
        chance = self.chance
        unit = unit or chance.choices(self.places.units, self.places.weights)[0]
        if kind is None:
            kinds = kinds_of(unit)
            kind = chance.choices(kinds, [each.weight for each in kinds])[0]
        division = chance.choice(self.places.sites[unit])
        size = size or drawn(chance, SIZES)
        factor = next(each[2] for each in SIZES if each[0] == size) * chance.uniform(0.7, 1.45)
        self.number += 1
        made = Firm(
            id=self.next_id,
            code=uscc(division, self.number),
            name=name or self.name(division, kind),
            division=division,
            registered=unit if chance.random() < 0.08 else division,
            kind=kind,
            size=size,
            ownership=drawn(chance, OWNERSHIPS),
            tags=self.tags(kind, size),
            staff=max(8, round(kind.staff * factor**0.8)),
            output=rounded(kind.output * factor),
            power=rounded(kind.power * factor),
            value=max(0.5, round(kind.value * factor, 1)),
        )
        self.next_id += 1
        made.needs = {need.material: (made.output * need.per_unit, need.criticality) for need in kind.needs}
        return made

    def name(self, division, kind):
        place = self.places.short(division)
        for attempt in range(60):
            brand = self.chance.choice(BRANDS[0]) + self.chance.choice(BRANDS[1])
            more = self.chance.choice(BRANDS[1]) if attempt > 30 else ""
            name = f"{place}{brand}{more}{kind.product}{INVENTED}"
            if name not in self.names:
                break
        else:
            name = f"{place}{brand}{kind.product}{self.number}{INVENTED}"
        self.names.add(name)
        return name

    def tags(self, kind, size):
        chance, tags = self.chance, []
        if size == Size.LARGE:
            tags.append(Tag.LEADING)
        if size in (Size.LARGE, Size.MEDIUM):
            tags.append(Tag.ABOVE_SCALE)
        if kind.makes and chance.random() < 0.4:
            tags.append(Tag.KEY_LINK)
        if FIELD_OF[kind.chain] in ("necessities", "medical"):
            tags.append(Tag.LIVELIHOOD)
        if kind.makes and size != Size.LARGE:
            roll = chance.random()
            tags += [Tag.LITTLE_GIANT] if roll < 0.12 else [Tag.SPECIALISED_NEW] if roll < 0.34 else []
        if chance.random() < 0.12:
            tags.append(Tag.FOREIGN_TRADE)
        return [str(tag) for tag in tags]


def drawn(chance, table):
    """One of the first column by the weights of the second."""
    return str(chance.choices([row[0] for row in table], [row[1] for row in table])[0])


def rounded(amount):
    """Two significant figures, as people state a normal day; never below one."""
    if amount < 10:
        return float(max(1, round(amount)))
    step = 10 ** (len(str(int(amount))) - 2)
    return float(round(amount / step) * step)
