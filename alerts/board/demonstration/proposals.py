"""The demonstration's nominations between Shanghai and Jilin, each way: one taken up, one declined, one that waits."""

from datetime import time, timedelta
from typing import NamedTuple

from enterprises.models import Batch, BatchLine, Enterprise, Nomination, SupplyLink
from enterprises.whitelists.nearest import industry_office_over, nearest_list
from enterprises.whitelists.nominations.services import evidence_of
from enterprises.whitelists.nominations.words import NominationStatus
from enterprises.whitelists.words import OPEN_STATES, Action, BatchStatus, Reason, RejectReason
from whitelist.core.days import at

SLUGS = {"31": "shanghai", "22": "jilin"}
WAYS = (("31", "22"), ("22", "31"))
DRAFT = "在册企业提名的外省供应商（草案）"


class Story(NamedTuple):
    """How long before the last day it was proposed, what became of it the day after, and what was said."""

    days: int
    status: str
    why: str
    answer: str = ""


STORIES = (
    Story(4, NominationStatus.ACCEPTED, "生产线依赖该零件，供应商不在任何名单，无法派车。", "合同和承诺书齐全"),
    Story(
        6, NominationStatus.DECLINED, "现有供应商产能不足，拟增加第二来源。", "该零件另有两家在册企业供应，请补充说明"
    ),
    Story(1, NominationStatus.PROPOSED, "该供应商停产将导致我方三日内停线。"),
)


def nominate(users, *, until, trail):
    """Write them as they would have come about; answers those that wait for somebody."""
    waiting = []
    for buyers, suppliers in WAYS:
        proposer, decider = users[f"{SLUGS[buyers]}-editor"], users[f"{SLUGS[suppliers]}-editor"]
        for number, (link, story) in enumerate(zip(_links(buyers, suppliers, until), STORIES, strict=False), 1):
            contract = f"HT-{until.year}-{buyers}{number:02d}（虚构）"
            made = _propose(link, story, contract, proposer, until=until, trail=trail)
            if story.status == NominationStatus.PROPOSED:
                waiting.append(made)
            else:
                _answer(made, story, decider, until=until, trail=trail)
    return waiting


def _links(buyers, suppliers, until):
    """Suppliers of the one province that stand nowhere with listed buyers of the other: declared links come first."""
    listed = Enterprise.objects.listed_on(until)
    drafted = BatchLine.objects.filter(batch__status__in=OPEN_STATES).values("enterprise")
    free = Enterprise.objects.active().exclude(pk__in=listed.values("pk")).exclude(pk__in=drafted)
    free = free.filter(division__code__startswith=suppliers)
    here = listed.filter(division__code__startswith=buyers)
    rows = SupplyLink.objects.filter(buyer__in=here.values("pk"), supplier__in=free)
    found: dict = {}
    for link in rows.select_related("buyer", "supplier", "material").order_by("-is_sole_source", "pk"):
        found.setdefault(link.supplier, link)
    for supplier in free.order_by("pk"):
        buyer = here.filter(chain=supplier.chain).order_by("pk").first()
        if buyer is not None:
            found.setdefault(supplier, SupplyLink(buyer=buyer, supplier=supplier))
    return list(found.values())


def _propose(link, story, contract, by, *, until, trail):
    when = at(until - timedelta(days=story.days), time(15, 30))
    made = Nomination.objects.create(
        buyer=link.buyer, supplier=link.supplier, material_id=link.material_id, contract_number=contract,
        contract_on=until - timedelta(days=60 + story.days), share=link.share, is_sole_source=link.is_sole_source,
        why=story.why, undertaking=True, white_list=nearest_list(link.supplier, until),
        buyer_office=industry_office_over(link.buyer), proposed_by=by, created_at=when,
    )  # fmt: skip
    after = {"buyer": made.buyer.name, "supplier": made.supplier.name, "white_list": made.white_list.title}
    trail.add(made, "nominated", by=by, at=when, after=after | {"contract_number": contract}, note=story.why)
    return made


def _answer(made, story, by, *, until, trail):
    when = at(until - timedelta(days=story.days - 1), time(10, 10))
    before = {"status": str(NominationStatus.PROPOSED)}
    made.status, made.decision_note, made.decided_by, made.decided_at = story.status, story.answer, by, when
    if story.status == NominationStatus.ACCEPTED:
        made.line, verb, after = _line(made, by, when, trail), "accept", {}
    else:
        made.decision_reason, verb = RejectReason.NO_EVIDENCE, "decline"
        after = {"decision_reason": str(made.decision_reason)}
    made.save()
    trail.add(made, verb, by=by, at=when, before=before, after={"status": str(made.status), **after}, note=story.answer)


def _line(made, by, when, trail):
    """The line in the list's newest draft, or in one begun for it."""
    drafts = Batch.objects.filter(white_list=made.white_list, status=BatchStatus.DRAFT, created_at__lt=when)
    batch = drafts.order_by("-pk").first()
    if batch is None:
        batch = Batch.objects.create(white_list=made.white_list, title=DRAFT, drafted_by=by, created_at=when)
        trail.add(batch, "drafted", by=by, at=when, after={"title": DRAFT})
    firm = made.supplier
    told = {"count": 1, "enterprises": [firm.code]}
    trail.add(batch, "lines put", by=by, at=when + timedelta(seconds=1), after=told)
    return BatchLine.objects.create(
        batch=batch, enterprise=firm, action=Action.ADD, field=firm.field, chain=firm.chain, reason=Reason.NOMINATED,
        note=evidence_of(made)[:500], edited_by=by,
    )  # fmt: skip
