"""Plain functions that make valid rows by default: `make.batch(status="submitted")` reads as a sentence."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

from enterprises.models import (
    Batch,
    BatchLine,
    Clerk,
    Enterprise,
    KeyMaterial,
    Listing,
    Material,
    SupplyLink,
    WhiteList,
)
from enterprises.recognition import services as recognitions
from enterprises.resumption import services as reports
from enterprises.resumption.services import StockLine
from enterprises.whitelists import services as lists
from whitelist.accounts.models import Duty, Office, User
from whitelist.accounts.services import make_token
from whitelist.core.codes import check_digit
from whitelist.core.days import today, yesterday

ALL = [Duty.VIEW, Duty.EDIT, Duty.APPROVE, Duty.COORDINATE, Duty.ADMIN]
_numbers = itertools.count(1)


def uscc(division="310115", number=None):
    """A valid code that looks invented."""
    body = f"91{division}MA1X{number or next(_numbers):05d}"[:17]
    return body + check_digit(body)


def office(division="310000", kind="industry"):
    made, _made = Office.objects.get_or_create(
        division_id=division, kind=kind, defaults={"name": f"{division} {kind}", "name_en": f"{division} {kind}"}
    )
    return made


def user(division="310000", duties=ALL, username=None, **fields):
    """A user of a division's industry office; the nation's is the ministry."""
    fields.setdefault("office", office(division))
    return User.objects.create_user(
        username or f"user-{next(_numbers)}", "a-long-password", duties=list(duties), **fields
    )


def clerk(of=None, duties=(Duty.VIEW, Duty.EDIT)):
    """A user of an enterprise."""
    made = user(office=None, duties=duties)
    Clerk.objects.create(user=made, enterprise=of or enterprise())
    return User.objects.for_request().get(pk=made.pk)


def token(holder):
    """The secret of a fresh token."""
    return make_token(holder, name="test", by=None)[1]


def enterprise(division="310115", name=None, **fields):
    fields.setdefault("uscc", uscc(division))
    fields.setdefault("chain", "automobiles")
    fields.setdefault("field", "strategic")
    return Enterprise.objects.create(name=name or f"测试企业{next(_numbers)}（虚构）", division_id=division, **fields)


def material(code=None, **fields):
    fields.setdefault("unit", "件")
    code = code or f"part-{next(_numbers)}"
    return Material.objects.create(
        code=code, name=fields.pop("name", f"零件 {code}"), name_en=fields.pop("name_en", f"Part {code}"), **fields
    )


def supply_link(**fields):
    fields.setdefault("supplier", None) or fields.update(supplier=enterprise())
    fields.setdefault("buyer", None) or fields.update(buyer=enterprise())
    fields.setdefault("material", None) or fields.update(material=material())
    return SupplyLink.objects.create(**fields)


def white_list(division="310000", title=None, **fields):
    fields.setdefault("opened_on", date(2022, 3, 1))
    fields.setdefault("ends_on", date(2032, 12, 31))
    return WhiteList.objects.create(office=office(division), title=title or f"List {next(_numbers)}", **fields)


def batch(status="draft", on=None, enterprises=None, editor=None, approver=None, effective_on=None, action="add"):
    """A batch driven to a status by its real services."""
    on = on or white_list()
    division = on.office.division_id
    editor = editor or user(division)
    made = lists.draft_batch(on, title=f"Batch {next(_numbers)}", by=editor)
    firms = (
        [enterprise(f"{division[:2]}0101" if division[:2] != "31" else "310115")]
        if enterprises is None
        else enterprises
    )
    if firms:
        lists.put_lines(made, [{"enterprise": e, "action": action, "reason": "key_link"} for e in firms], by=editor)
    if status == "draft":
        return Batch.objects.get(pk=made.pk)
    made = lists.submit_batch(made, by=editor)
    if status == "submitted":
        return made
    approver = approver or user(division)
    lists.decide_lines(made, list(made.lines.values_list("pk", flat=True)), decision="accepted", by=approver)
    made = lists.approve_batch(made, by=approver)
    if status == "approved":
        return made
    return lists.publish_batch(made, document_number="Test 1", effective_on=effective_on or on.opened_on, by=approver)


def listing(of=None, on=None, since=None):
    """An enterprise on a list, from a published batch."""
    of = of or enterprise()
    made = batch("published", on=on, enterprises=[of], effective_on=since)
    return Listing.objects.get(opened_by=made, enterprise=of)


def report(of, day=None, stock=(), by=None, **values):
    """A day's report; `stock` are (material, on hand, daily use) or StockLine."""
    lines = [x if isinstance(x, StockLine) else StockLine(x[0], Decimal(x[1]), Decimal(x[2])) for x in stock]
    values = {"state": "normal", "staff_due": 100, "staff_on_duty": 90, "output": Decimal(80)} | values
    return reports.file_report(
        of, day or yesterday(), values=values, stock=lines, by=by or user(of.division_id[:2] + "0000")
    )[0]


def key_material(of, what=None, since=None):
    return KeyMaterial.objects.create(
        enterprise=of, material=what or material(), since_on=since or yesterday() - timedelta(days=30)
    )


def recognition(of=None, by="220000", accepted=True, since=None, until=None, **terms):
    """An office's recognition of a list: proposed by the list's office, accepted by the recogniser."""
    of = of or white_list()
    recogniser = office(by) if isinstance(by, str) else by
    since, until = since or today(), until or today() + timedelta(days=30)
    author, other = user(of.office.division_id), user(recogniser.division_id)
    made = recognitions.propose_recognition(of, recogniser=recogniser, since=since, until=until, by=author, **terms)
    return recognitions.accept_recognition(made, by=other) if accepted else made


make = SimpleNamespace(
    uscc=uscc, office=office, user=user, clerk=clerk, token=token, enterprise=enterprise, material=material,
    supply_link=supply_link,
    white_list=white_list, batch=batch, line=BatchLine, listing=listing, report=report, key_material=key_material,
    recognition=recognition,
)  # fmt: skip
