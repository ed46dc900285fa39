"""A data set of any size for measuring: register, links, lists, daily reports and stock, loaded by COPY.

The same number of enterprises, days, seed and last day give the same rows.
"""

import random
from datetime import time, timedelta
from itertools import groupby

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.board.demonstration.bulk import copy_in, first_free, run_sql
from alerts.board.demonstration.firms import Inventor, Places
from alerts.board.demonstration.past import Replay, Trail, Wish, open_list
from alerts.board.demonstration.writing import (
    draw_links,
    write_firms,
    write_key_materials,
    write_links,
    write_materials,
    write_users,
)
from enterprises.models import DailyReport, Enterprise, StockReading
from enterprises.resumption.services import freeze_due
from whitelist.accounts.models import NATION, Office, OfficeKind
from whitelist.core.days import ONE, at, days_between, today
from whitelist.core.errors import Conflict, DomainError

MINISTRY_SHARE = 1722 / 22522  # enterprises on the ministry's list in June 2022, of all that were listed
FOLLOWED_SHARE = 5000 / 22522  # enterprise–material pairs whose stock is told each day, per enterprise
SILENT_SHARE = 0.01  # of those pairs, beside them: firms that fell silent ten days ago
MISSING, LATE = 0.02, 0.03
REPORT = (
    "enterprise", "day", "state", "staff_due", "staff_on_duty", "staff_in_loop", "output", "electricity",
    "inbound_open", "outbound_open", "epidemic_cases", "reason",
    "receipt", "revision", "is_on_time", "channel", "filed_by", "filed_at",
)  # fmt: skip
READING = ("report", "enterprise", "material", "day", "on_hand", "daily_use", "arrivals", "stopped_for_want")
BATCH_SIZE = 600


def seed(*, enterprises, days, seed, until, say=lambda sentence: None):
    """Fill an empty register; returns how many rows of which kind were loaded. `until` is the last day with reports."""
    if Enterprise.objects.exists():
        raise Conflict(_("The register is not empty; seed fills an empty one."))
    if until >= today():
        raise DomainError(_("Reports end yesterday at the latest."))
    with transaction.atomic():
        run_sql("SET CONSTRAINTS ALL IMMEDIATE")
        return Seeding(enterprises, days, random.Random(seed), until, say).run()


class Seeding:
    def __init__(self, number, days, chance, until, say):
        self.chance, self.say = chance, say
        self.days = days_between(until - ONE * (days - 1), until)
        self.since = at(self.days[0] - timedelta(days=90), time(9))
        places = Places()
        inventor = Inventor(chance, places, first_id=first_free(Enterprise))
        units = [*places.units[:number], *[None] * (number - len(places.units))]
        self.firms = [inventor.firm(unit=unit) for unit in units]

    def run(self):
        chance, firms = self.chance, self.firms
        self.materials = write_materials(created_at=self.since)
        write_firms(firms, created_at=self.since)
        run_sql("ANALYZE enterprises_enterprise, enterprises_material")
        self.users = self.write_users()
        links = list(draw_links(chance, firms))
        write_links(links, self.materials, declared_by=self.users["seed-clerk"], created_at=self.since)
        self.say(f"{len(firms)} enterprises, {len(links)} supply links")
        batches = self.write_lists()
        self.say(f"{batches} batches published")
        pairs, falling_silent = self.follow()
        reports, readings = self.write_days(pairs, falling_silent)
        self.say(f"{reports} reports, {readings} stock lines")
        run_sql(
            "ANALYZE enterprises_dailyreport, enterprises_listing, enterprises_stockreading, enterprises_keymaterial"
        )
        due = sum(freeze_due(day) for day in self.days)
        self.say(f"{due} reports due")
        return {
            "enterprises": len(firms), "links": len(links), "batches": batches, "reports": reports,
            "stock lines": readings, "followed": len(pairs), "due": due,
        }  # fmt: skip

    def write_users(self):
        """Authors and deciders without password, who cannot sign in: one of each for every list's office."""
        industry = Office.objects.filter(kind=OfficeKind.INDUSTRY, division__code__endswith="0000").order_by(
            "division_id"
        )
        self.offices = {office.division_id: office for office in industry}
        rows = [("seed-clerk", "!", "填报员（虚构）", None, ["view", "edit"], False, None, False, self.since)]
        for code, office in self.offices.items():
            for duty in ("edit", "approve"):
                rows.append(
                    (
                        f"seed-{code}-{duty}",
                        "!",
                        f"{duty} {code}",
                        office.pk,
                        ["view", duty],
                        False,
                        None,
                        False,
                        self.since,
                    )
                )
        return write_users(rows)

    def write_lists(self):
        """The ministry's list and one of each province, in batches that are in force when the first day begins."""
        trail, chance = Trail(), self.chance
        chosen = {firm.id for firm in chance.sample(self.firms, max(1, round(len(self.firms) * MINISTRY_SHARE)))}
        lists = {NATION: [firm for firm in self.firms if firm.id in chosen]}
        rest = sorted(
            (firm for firm in self.firms if firm.id not in chosen), key=lambda firm: (firm.division[:2], firm.id)
        )
        lists |= {f"{two}0000": list(group) for two, group in groupby(rest, key=lambda firm: firm.division[:2])}
        written = 0
        for code, firms in lists.items():
            editor, approver = self.users[f"seed-{code}-edit"], self.users[f"seed-{code}-approve"]
            opened = self.days[0] - timedelta(days=60)
            white_list = open_list(
                self.offices[code],
                title="重点工业企业白名单（虚构）",
                opened_on=opened,
                ends_on=self.days[-1] + timedelta(days=365),
                by=approver,
                trail=trail,
            )
            parts = [firms[start : start + BATCH_SIZE] for start in range(0, len(firms), BATCH_SIZE)]
            for number, part in enumerate(parts, 1):
                day = opened + timedelta(days=number * 50 // len(parts))
                replay = Replay(
                    white_list,
                    [Wish(firm) for firm in part],
                    title=f"第{number}批",
                    editor=editor,
                    approver=approver,
                    day=day,
                    trail=trail,
                )
                replay.through(day, number=number, document_number=f"虚构〔{day.year}〕{number}号")
                written += 1
        trail.write()
        return written

    def follow(self):
        """The enterprise–material pairs whose stock is told, and the enterprises that fall silent towards the end."""
        wanted, chance = round(len(self.firms) * FOLLOWED_SHARE), self.chance
        buyers = [firm for firm in self.firms if firm.needs]
        chance.shuffle(buyers)
        pairs, silent = [], set()
        for firm in buyers:
            if len(pairs) >= wanted * (1 + SILENT_SHARE):
                break
            if len(pairs) >= wanted:
                silent.add(firm.id)
            needs = list(firm.needs.items())
            room = len(needs) if silent else min(len(needs), wanted - len(pairs))
            pairs += [Pair(chance, firm, self.materials[code], use) for code, (use, _criticality) in needs[:room]]
        write_key_materials(sorted((pair.firm.id, pair.material) for pair in pairs), since_on=self.days[0])
        return pairs, silent

    def write_days(self, pairs, falling_silent):
        followed = {pair.firm.id for pair in pairs}
        plants = [Plant(self.chance, firm, firm.id in followed) for firm in self.firms]
        silent_from = self.days[max(0, len(self.days) - 10)]
        reports = readings = 0
        for place, day in enumerate(self.days):
            gone = falling_silent if day >= silent_from else ()
            rows = list(self.reports_of(day, place, plants, gone))
            first = copy_in(DailyReport, REPORT, (line for _firm, line in rows))
            told = {firm: number for number, (firm, _line) in enumerate(rows, first)}
            lines = [pair.reading(place, day, told[pair.firm.id]) for pair in pairs if pair.firm.id in told]
            copy_in(StockReading, READING, lines)
            reports, readings = reports + len(rows), readings + len(lines)
        return reports, readings

    def reports_of(self, day, place, plants, gone):
        """Each as (enterprise id, line of COPY in the order of REPORT); the reason is empty."""
        roll, clerk = self.chance.random, self.users["seed-clerk"].pk
        date, head = day.isoformat(), f"R{day:%y%m%d}-"
        morning = [f"{day + ONE} {minute // 60:02d}:{minute % 60:02d}:00+08" for minute in range(421, 960)]
        share = place / max(1, len(self.days) - 1)
        for plant in plants:
            first = roll()
            if (not plant.is_followed and first < MISSING) or plant.id in gone:
                continue
            late = first > 1 - LATE
            level, state = plant.level(share, roll())
            filed_at = morning[int(300 + roll() * 238) if late else int(roll() * 298)]
            yield (
                plant.id,
                f"{plant.id}\t{date}\t{state}\t{plant.due}\t{int(plant.due * (0.1 + 0.88 * level))}\t\\N"
                f"\t{plant.output * level:.2f}\t{plant.power * (0.06 + 0.94 * level):.2f}\tt\t{level > 0}\t0\t"
                f"\t{head}{plant.id:08d}\t1\t{not late}\tapi\t{clerk}\t{filed_at}",
            )


class Plant:
    """What an enterprise reports: stopped until its share of the days is over, then rising to its usual level."""

    __slots__ = ("due", "id", "is_followed", "opens", "output", "power", "usual")

    def __init__(self, chance, firm, is_followed):
        self.id, self.is_followed = firm.id, is_followed
        self.due, self.output, self.power = int(firm.staff * 0.94), firm.output, firm.power
        self.opens = max(
            0.0, chance.uniform(-2.4, 0.9) if firm.division[:2] in ("22", "31") else chance.uniform(-9, 0.6)
        )
        self.usual = chance.uniform(0.72, 1.0)

    def level(self, share, noise):
        """(part of normal output, state) when `share` of the days is over."""
        if share < self.opens:
            return 0.0, "stopped"
        level = min(
            1.0, self.usual * (0.94 + 0.08 * noise) * min(1.0, 0.4 + 4 * (share - self.opens) if self.opens else 1.0)
        )
        return level, "normal" if level >= 0.8 else "partial"


class Pair:
    """A followed stock: used each day, refilled at intervals; one in six is refilled too little."""

    __slots__ = ("firm", "interval", "material", "on_hand", "phase", "refill", "use")

    def __init__(self, chance, firm, material, use):
        self.firm, self.material, self.use = firm, material, max(0.5, use)
        self.interval, self.phase = chance.randrange(2, 8), chance.randrange(8)
        self.refill = chance.uniform(0.8, 0.99) if chance.random() < 0.16 else chance.uniform(0.99, 1.02)
        self.on_hand = self.use * chance.uniform(6, 40)

    def reading(self, place, day, report):
        """The day's row: what came in the night was used during the day."""
        until_next = (place + self.phase) % self.interval
        lot = self.use * self.interval * self.refill
        if until_next == 0:
            self.on_hand += lot
        self.on_hand = min(max(0.0, self.on_hand - self.use), self.use * 60)
        arrivals = "[]"
        if until_next == self.interval - 1:
            arrivals = f'[{{"on": "{day + ONE}", "quantity": "{lot:.2f}"}}]'
        return report, self.firm.id, self.material, day, f"{self.on_hand:.2f}", f"{self.use:.2f}", arrivals, False
