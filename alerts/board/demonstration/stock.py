"""Stock of key materials in the crisis: used every day, refilled by shipments from suppliers that may stand still."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from alerts.board.demonstration.crisis import LOCKED, Course, amount
from alerts.board.demonstration.vocabulary import AUTO, MATERIALS
from whitelist.core.days import ONE

TROUBLED, TROUBLED_CARS = (
    0.09,
    0.2,
)  # share of stocks that run down for reasons of their own; car parts are held for days only
HELD = {material.code: material.days for material in MATERIALS}
COUNTED = frozenset(material.code for material in MATERIALS if material.unit not in ("吨", "千克", "升"))


@dataclass
class Source:
    """One supplier of a stock: a shipment every `interval` days, `transit` days on the road."""

    course: Course | None
    share: float
    interval: int
    phase: int
    transit: int
    ability: float = 1.0

    def level(self, place):
        return self.ability * (1.0 if self.course is None else self.course.level(place))


@dataclass
class Stock:
    """A followed material of an enterprise from day to day."""

    buyer: Course
    material: str
    use: float
    criticality: str
    on_hand: float
    target: float
    sources: list
    confirmed: float
    on_the_road: list = field(default_factory=list)

    SERVED_IN_FULL: ClassVar = 0.8

    def receive(self, place):
        """Take in what arrives today."""
        self.on_hand += sum(quantity for arrives, quantity in self.on_the_road if arrives == place)
        self.on_the_road = [each for each in self.on_the_road if each[0] > place]

    def order(self, place):
        """Suppliers ship what they can: all where they work well, less where they do not, nothing where they stop."""
        wanted = self.use * max(0.35, self.buyer.level(place))
        position = self.on_hand + sum(quantity for _arrives, quantity in self.on_the_road)
        wanted *= 1 + min(0.5, max(-0.9, (self.target - position) / (8 * self.use)))
        for source in self.sources:
            if (place + source.phase) % source.interval:
                continue
            able = source.level(place)
            quantity = wanted * source.interval * source.share * (1 if able >= self.SERVED_IN_FULL else able)
            if quantity >= 0.05 * self.use:
                self.on_the_road.append((place + source.transit, self.counted(quantity)))

    def counted(self, quantity):
        return float(round(quantity)) if self.material in COUNTED else amount(quantity)

    def reading(self, place, day: date, *, level, is_wanting):
        """(on hand, daily use, arrivals as JSON, stopped for want of it) at the end of the day."""
        arrivals = [
            {"on": str(day + ONE * (arrives - place)), "quantity": f"{quantity:.2f}"}
            for arrives, quantity in sorted(self.on_the_road)
            if quantity and self.confirmed
        ]
        use = self.counted(self.use * level) or (self.counted(self.use * 0.02) if level else 0)
        return f"{self.counted(self.on_hand):.2f}", f"{use:.2f}", json.dumps(arrivals), is_wanting


def draw_stocks(chance, courses, links, followed):
    """The stocks of the followed enterprises, with their suppliers as the links have them; by enterprise id."""
    suppliers: dict[tuple, list] = {}
    for link in links:
        suppliers.setdefault((link.buyer.id, link.material), []).append(link)
    stocks = {}
    for firm in followed:
        rows = []
        for material, (use, criticality) in firm.needs.items():
            declared = suppliers.get((firm.id, material), ())
            sources = [draw_source(chance, courses[link.supplier.id], firm, link.share / 100) for link in declared]
            sources = sources or [Source(None, 1, chance.randrange(3, 6), chance.randrange(6), 2)]
            use = max(1.0, use)
            target = use * HELD[material] * chance.uniform(1.0, 2.4)
            touched = sum(s.share for s in sources if s.course and s.course.is_locked)
            on_hand = target * (chance.uniform(0.62, 1.1) if touched > 0.3 else chance.uniform(0.8, 1.15))
            row = Stock(courses[firm.id], material, use, criticality, on_hand, target, sources, chance.random() > 0.12)
            if chance.random() < (TROUBLED_CARS if firm.kind.chain == AUTO else TROUBLED):
                run_short(chance, row)
            row.on_the_road = [
                (source.phase % source.interval, row.counted(use * source.interval * source.share * source.ability))
                for source in row.sources
            ]
            rows.append(row)
        stocks[firm.id] = rows
    return stocks


def run_short(chance, stock):
    """Let a stock fall below three days some time from the middle of the days on: its suppliers deliver little."""
    stock.on_hand = stock.use * stock.buyer.usual * (3 + chance.uniform(6, 22))
    for source in stock.sources:
        source.ability = chance.uniform(0, 0.3)
    stock.confirmed = chance.random() < 0.5


def draw_source(chance, course, buyer, share):
    is_near = course.firm.division[:2] == buyer.division[:2]
    is_hard = any(place.startswith(LOCKED) for place in (course.firm.division, buyer.division))
    transit = 1 if is_near else chance.randrange(2, 4) + is_hard
    return Source(course, share, 2 if is_near else chance.randrange(2, 5), chance.randrange(6), transit)


def a_day(stocks, place, base):
    """Let one enterprise's day pass over its stocks: what it can make with them, and which of them it wants.

    Returns (level of output, wanting stocks).
    """
    level = base
    for stock in stocks:
        stock.receive(place)
        if base > 0 and stock.criticality == "stops":
            level = min(level, stock.on_hand / stock.use)
    wanting = [
        stock for stock in stocks if base > 0 and stock.criticality == "stops" and stock.on_hand < stock.use * 0.08
    ]
    if wanting:
        level = 0.0
    for stock in stocks:
        stock.on_hand = max(0.0, stock.on_hand - stock.use * level)
        stock.order(place)
    return level, wanting
