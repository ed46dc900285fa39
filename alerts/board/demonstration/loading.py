"""The demonstration: 600 enterprises in all 37 reporting units, four lists, a fortnight of crisis, and people."""

import random
from datetime import time, timedelta

from django.apps import apps
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.board.demonstration.agreements import agree
from alerts.board.demonstration.bulk import copy_in, first_free, run_sql
from alerts.board.demonstration.crisis import Course
from alerts.board.demonstration.firms import INVENTED, Inventor, Places, kinds_of
from alerts.board.demonstration.lists import Lists
from alerts.board.demonstration.past import Trail
from alerts.board.demonstration.people import require_demonstration, write_people
from alerts.board.demonstration.proposals import nominate
from alerts.board.demonstration.reporting import Reporting
from alerts.board.demonstration.stock import Stock, draw_stocks
from alerts.board.demonstration.vocabulary import KINDS
from alerts.board.demonstration.writing import (
    draw_links,
    write_firms,
    write_key_materials,
    write_links,
    write_materials,
)
from alerts.models import Warning, WarningRule
from alerts.warnings import services as warnings
from enterprises.models import Batch, Clerk, Enterprise, Material, Size
from enterprises.whitelists.adjustments.daily import propose_adjustments
from enterprises.whitelists.closing.services import leave_reports
from enterprises.whitelists.words import BatchStatus
from whitelist.core.days import ONE, at, business_day, days_between
from whitelist.core.errors import Conflict
from whitelist.delivery.services import later

DAYS = 14
SEED = 2022
# How many enterprises stand in each reporting unit; together 600.
SPREAD = {
    "310000": 90, "320000": 78, "220000": 55, "440000": 32, "330000": 27, "340000": 22, "420000": 21, "370000": 20,
    "410000": 16, "510000": 15, "500000": 15, "430000": 13, "440300": 13, "130000": 12, "120000": 12, "110000": 12,
    "210000": 12, "350000": 11, "360000": 10, "610000": 10, "330200": 10, "140000": 8, "450000": 8, "150000": 8,
    "370200": 8, "230000": 7, "530000": 7, "210200": 7, "520000": 6, "350200": 6, "650000": 6, "540000": 5, "620000": 5,
    "640000": 5, "460000": 4, "630000": 4, "660000": 4,
}  # fmt: skip
FOLLOWED = 270  # enterprises whose stock is told
TALK_OF_THE_DAY = ("310000", "220000")  # car towns: there more plants belong to that chain
KEPT = (Material, WarningRule)  # what a fresh loading leaves standing, beside divisions, offices and users
OWN_STEERING, OWN_KITS = "上海远航转向系统" + INVENTED, "上海白鹭检测试剂" + INVENTED


def load_demo(*, again=False, now=None, say=lambda sentence: None):
    """Load the demonstration into an empty register, days ending yesterday. `again` first empties all but users."""
    require_demonstration()
    now = now or timezone.now()
    with transaction.atomic():
        run_sql("SET CONSTRAINTS ALL IMMEDIATE")
        if again:
            empty()
        elif Enterprise.objects.exists():
            raise Conflict(
                _("The register is not empty. --again replaces all that is in it, --if-empty leaves it alone.")
            )
        Demonstration(now, say).load()


def empty():
    """Remove all lists, reports, warnings, imports, notices and the trail; users, tokens and materials stay."""
    labels = ("enterprises", "logistics", "alerts", "audit", "delivery", "sheets")
    models = [model for label in labels for model in apps.get_app_config(label).get_models() if model not in KEPT]
    run_sql(f"TRUNCATE {', '.join(model._meta.db_table for model in models)} RESTART IDENTITY")


class Demonstration:
    """One loading, from invention to warnings; everything drawn from one source of chance."""

    def __init__(self, now, say):
        self.now, self.say, self.chance = now, say, random.Random(SEED)
        self.until = business_day(now) - ONE
        self.days = days_between(self.until - ONE * (DAYS - 1), self.until)
        self.since = at(self.until - timedelta(days=80), time(9, 30))

    def load(self):
        self.users = write_people(since=self.since)
        self.invent()
        self.write_register()
        trail = Trail()
        Lists(self.chance, self.firms, self.users, until=self.until, trail=trail, named=self.named.values()).write()
        proposals = agree(self.users, until=self.until, trail=trail)
        nominations = nominate(self.users, until=self.until, trail=trail)
        self.report(trail)
        trail.write()
        self.run_days()
        propose_adjustments(self.until, now=self.now)
        leave_reports(self.now)
        for batch in Batch.objects.filter(status=BatchStatus.SUBMITTED):
            later("enterprises.ask_decision", key=f"demonstration-{batch.pk}-{self.now:%Y%m%d%H%M%S}", batch=batch.pk)
        for proposal in proposals:
            later(
                "enterprises.tell_proposed",
                key=f"demonstration-{proposal.pk}-{self.now:%Y%m%d%H%M%S}-proposal",
                recognition=proposal.pk,
            )
        for nomination in nominations:
            key = f"demonstration-{nomination.pk}-{self.now:%Y%m%d%H%M%S}-nomination"
            later("enterprises.tell_nominated", key=key, nomination=nomination.pk)
        self.say(f"Demonstration loaded: {len(self.firms)} enterprises, {self.days[0]} to {self.until}.")

    def invent(self):
        """The enterprises, those of the two clerks first."""
        inventor = Inventor(self.chance, Places(), first_id=first_free(Enterprise))
        steering = next(kind for kind in KINDS if kind.product == "转向系统")
        kits = next(kind for kind in KINDS if kind.product == "检测试剂")
        a = inventor.firm("310000", steering, Size.MEDIUM, OWN_STEERING)
        b = inventor.firm("310000", kits, Size.MEDIUM, OWN_KITS)
        a.output, a.staff, a.value, a.power = 100.0, 420, 96.0, 21_000.0
        a.needs = {need.material: (a.output * need.per_unit, need.criticality) for need in steering.needs}
        self.named, self.firms = {"enterprise-a": a, "enterprise-b": b}, [a, b]
        weights = [kind.weight * (2.2 if kind.chain == "automobiles" else 1) for kind in KINDS]
        for unit, number in SPREAD.items():
            for place in range(number - (2 if unit == "310000" else 0)):
                kinds = kinds_of(unit)
                kind = kinds[(place + number) % len(kinds)] if place % 3 else None
                if kind is None and unit in TALK_OF_THE_DAY:
                    kind = self.chance.choices(KINDS, weights)[0]
                self.firms.append(inventor.firm(unit, kind))

    def write_register(self):
        self.materials = write_materials(created_at=self.since)
        write_firms(self.firms, created_at=self.since)
        self.links = list(draw_links(self.chance, self.firms, near=0.35))
        write_links(self.links, self.materials, declared_by=self.users["ministry-editor"], created_at=self.since)
        copy_in(Clerk, ("user", "enterprise"), [(self.users[name].pk, firm.id) for name, firm in self.named.items()])
        run_sql("ANALYZE enterprises_enterprise, enterprises_material, enterprises_supplylink")

    def report(self, trail):
        chance, named = self.chance, {firm.id: name for name, firm in self.named.items()}
        fixed = {self.named["enterprise-a"].id: 0.55, self.named["enterprise-b"].id: 0.93}
        courses = {firm.id: Course(chance, firm, DAYS, fixed=fixed.get(firm.id)) for firm in self.firms}
        listed = set(Enterprise.objects.listed_on(self.until).values_list("pk", flat=True))
        buyers = [firm for firm in self.firms[2:] if firm.needs and firm.id in listed and firm.size != Size.MICRO]
        buyers.sort(key=lambda firm: (firm.size != Size.LARGE, firm.kind.chain != "automobiles", firm.id))
        followed = [*self.named.values(), *buyers[: FOLLOWED - 2]]
        stocks = draw_stocks(chance, courses, self.links, followed)
        self.tell_of_running_out(stocks[self.named["enterprise-a"].id])
        pairs = [(firm_id, self.materials[each.material]) for firm_id, rows in stocks.items() for each in rows]
        write_key_materials(pairs, since_on=self.days[0])
        Reporting(
            chance, courses, stocks, self.materials, self.users, trail, days=self.days, named=named, now=self.now
        ).play()  # fmt: skip
        run_sql(
            "ANALYZE enterprises_dailyreport, enterprises_stockreading, enterprises_keymaterial, enterprises_listing"
        )

    def tell_of_running_out(self, stocks: list[Stock]):
        """The clerk's own story: since yesterday control units last less than three days; the next come too late."""
        for stock in stocks:
            is_the_one = stock.material == "ecu-12v"
            last = 190.0 if is_the_one else stock.use * 9
            stock.on_hand = last + stock.use * 0.55 * (DAYS - 1)
            stock.sources = []
            stock.on_the_road = [(DAYS + 2, 200.0)] if is_the_one else []
            stock.confirmed = True

    def run_days(self):
        for day in self.days:
            done = warnings.run(day, now=min(at(day + ONE, warnings.RUN_AT), self.now))
        self.say(", ".join(f"{number} {level}" for level, number in done.counts.items()))
        self.acknowledge_some()

    def acknowledge_some(self):
        """Somebody has answered for every third red that is older than yesterday."""
        older = Warning.objects.red_now().filter(changed_on__lt=self.until).order_by("enterprise", "material")
        for warning in list(older)[::3]:
            by = self.users["ministry-editor"]
            when = at(warning.changed_on + ONE, time(15, 10))
            Warning.objects.filter(pk=warning.pk).update(acknowledged_at=when, acknowledged_by=by)
