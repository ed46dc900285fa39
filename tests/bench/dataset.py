"""The data that is measured: built once in the database of the bench, kept, and brought up to the newest migration."""

import random
from dataclasses import dataclass
from datetime import date, time

from django.core.management import call_command
from django.db import connection
from django.db.models import Count, Max

from alerts.board.demonstration.firms import Inventor, Places
from alerts.models import WarningRun
from alerts.warnings.services import run
from enterprises.models import (
    AdjustmentRun,
    Batch,
    Chain,
    DailyReport,
    Enterprise,
    ListClosing,
    Nomination,
    Recognition,
    StockReading,
    SupplyLink,
    WhiteList,
)
from enterprises.whitelists.adjustments.daily import propose_adjustments
from whitelist.accounts.models import NATION, Duty, Office, OfficeKind, User
from whitelist.accounts.services import make_token
from whitelist.core.days import ONE, at, days_between
from whitelist.delivery.models import Notification
from whitelist.sheets.models import SheetImport, SheetRow

ENTERPRISES, DAYS, SEED = 22_522, 90, 1
RUN_DAYS = 21  # days judged before the day that is measured
RECOGNISERS, RECOGNISED = 31, 6  # provinces, and of how many others each recognises the list
FEW = 60  # rows in lists that the seed leaves empty


@dataclass
class Data:
    """What the figures ask for: the last day, the user, a token, and one list, batch and import with many rows."""

    until: date
    user: User
    token: str
    white_list: WhiteList
    batch: Batch
    sheet_import: SheetImport
    recogniser: str
    sizes: dict

    @property
    def judged(self):
        """The last day whose warnings stand."""
        return self.until - ONE


def ready(say):
    """The data set, built where it is missing."""
    call_command("migrate", verbosity=0)
    if not Enterprise.objects.exists():
        say("Building the data set; this takes some minutes, once.")
        call_command("seed", enterprises=ENTERPRISES, days=DAYS, seed=SEED)
    until = DailyReport.objects.aggregate(last=Max("day"))["last"]
    judge(until, say)
    user = measuring_user()
    fill_small_lists(user)
    fill_agreements(user)
    fill_proposals(user, until - ONE)
    biggest = Batch.objects.annotate(number_of_lines=Count("lines")).order_by("-number_of_lines", "pk").first()
    white_list = WhiteList.objects.annotate(number=Count("listings")).order_by("-number", "pk").first()
    return Data(
        until=until,
        user=user,
        token=make_token(user, name="bench", by=None, days=1)[1],
        white_list=white_list,
        batch=biggest,
        sheet_import=SheetImport.objects.filter(file_name="bench.xlsx").order_by("pk").first(),
        recogniser=Recognition.objects.order_by("recogniser__division").first().recogniser.division_id,
        sizes={
            "enterprises": Enterprise.objects.count(),
            "days": DAYS,
            "reports": DailyReport.objects.count(),
            "stock lines": StockReading.objects.count(),
            "recognitions": Recognition.objects.count(),
        },
    )


def judge(until, say):
    """Run the days before the last one, so that the measured run has a yesterday."""
    wanted = days_between(until - ONE * RUN_DAYS, until - ONE)
    missing = [day for day in wanted if not WarningRun.objects.filter(day=day, state=WarningRun.RunState.DONE).exists()]
    if missing:
        say(f"Judging {len(missing)} days.")
    for day in missing:
        run(day, now=at(day + ONE, time(12, 30)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) alerts_assessment, alerts_warning")


def measuring_user():
    """A user of the ministry who sees everything and may look after users."""
    office = Office.objects.get(division_id=NATION, kind=OfficeKind.INDUSTRY)
    duties = [str(duty) for duty in (Duty.VIEW, Duty.EDIT, Duty.APPROVE, Duty.COORDINATE, Duty.ADMIN)]
    User.objects.update_or_create(
        username="bench",
        defaults={"name": "Bench", "office": office, "duties": duties, "password": "!", "is_active": True},
    )
    return User.objects.for_request().get(username="bench")


def fill_small_lists(user):
    """Imports with rows, and notices, which the seed does not make."""
    if SheetImport.objects.filter(file_name="bench.xlsx").count() < FEW:
        made = SheetImport.objects.bulk_create(
            SheetImport(
                kind="enterprises", state="preview", file_name="bench.xlsx", file_hash="", file_size=1,
                office=user.office, uploaded_by=user, rows=FEW,
                counts={"created": FEW, "updated": 0, "unchanged": 0, "rejected": 0},
            )
            for _ in range(FEW)
        )  # fmt: skip
        SheetRow.objects.bulk_create(
            SheetRow(sheet_import=made[0], number=number, key=str(number), outcome="created") for number in range(FEW)
        )
    if user.notifications.count() < FEW:
        notices = (Notification(user=user, sentence="Bench", key=f"bench-{number}") for number in range(FEW))
        Notification.objects.bulk_create(notices, ignore_conflicts=True)


def fill_agreements(user):
    """Each of 31 provinces recognises the lists of six others, every second one for some chains only."""
    if Recognition.objects.exists():
        return
    provinces = WhiteList.objects.filter(office__division__level="province").select_related("office")
    lists = list(provinces.order_by("office__division_id", "pk"))[:RECOGNISERS]
    last, chains = date(2099, 12, 31), sorted(Chain.values)[:3]
    Recognition.objects.bulk_create(
        Recognition(
            recogniser=mine.office, white_list=lists[(place + 1 + 5 * number) % len(lists)],
            chains=chains if number % 2 else [], since=mine.opened_on, until=last, held_from=mine.opened_on,
            held_until=last, status="in_force", proposing_office=mine.office, proposed_by=user, accepted_by=user,
        )
        for place, mine in enumerate(lists)
        for number in range(RECOGNISED)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE enterprises_recognition")


def fill_proposals(user, day):
    """What a day's facts propose, nominations along supply links, and lists whose end somebody proposed."""
    if not AdjustmentRun.objects.filter(day=day).exists():
        propose_adjustments(day)
    lists = {white_list.office.division_id[:2]: white_list for white_list in WhiteList.objects.select_related("office")}
    if not Nomination.objects.exists():
        pairs = {(link.buyer_id, link.supplier_id): link for link in SupplyLink.objects.select_related("supplier")}
        Nomination.objects.bulk_create(
            Nomination(
                buyer_id=buyer, supplier_id=supplier, material_id=link.material_id, contract_number="HT-1",
                contract_on=day, why="bench", undertaking=True, white_list=lists[link.supplier.division_id[:2]],
                buyer_office=user.office, proposed_by=user,
            )
            for (buyer, supplier), link in list(pairs.items())[: 2 * FEW]
        )  # fmt: skip
    if not ListClosing.objects.exists():
        ListClosing.objects.bulk_create(
            ListClosing(white_list=white_list, ends_on=day + ONE * 30, proposed_by=user)
            for white_list in lists.values()
        )


def invented_rows(number):
    """Rows of a workbook of enterprises that are not in the register, as (headings, rows)."""
    places = Places()
    inventor = Inventor(random.Random(SEED + 1), places, first_id=1)
    inventor.number = 500_000
    headings = (
        "统一社会信用代码", "企业名称", "所属省份", "区划代码", "行业", "产业链", "领域", "环节", "规模", "标签",
        "职工人数", "正常日产量", "产量单位", "日产值（万元）", "正常日用电量",
    )  # fmt: skip
    rows = []
    for _ in range(number):
        firm = inventor.firm()
        province = places.names[f"{firm.division[:2]}0000"]
        rows.append(
            (
                firm.code, firm.name, province, firm.division, firm.kind.industry, str(firm.kind.chain),
                str(firm.field), firm.kind.link, firm.size, "、".join(firm.tags), firm.staff, firm.output,
                firm.kind.unit, firm.value, firm.power,
            )
        )  # fmt: skip
    return headings, rows
