"""The demonstration's recognitions between Shanghai, Jiangsu and Jilin: in force, waiting for an answer, and lapsed."""

from datetime import time, timedelta
from typing import NamedTuple

from alerts.board.demonstration.people import office_of
from enterprises.models import Chain, Listing, Recognition, RecognitionException, WhiteList
from enterprises.recognition.words import RecognitionStatus
from whitelist.accounts.models import User
from whitelist.core.days import at

SLUGS = {"310000": "shanghai", "220000": "jilin", "320000": "jiangsu"}
CARS, CHIPS, DEVICES = Chain.AUTOMOBILES, Chain.INTEGRATED_CIRCUITS, Chain.CONSUMER_ELECTRONICS
IN_FORCE, PROPOSED, LAPSED = RecognitionStatus.IN_FORCE, RecognitionStatus.PROPOSED, RecognitionStatus.LAPSED


class Agreed(NamedTuple):
    """Who recognises whose list for which chains; `since` and `until` are days before (−) and after the last day."""

    recogniser: str
    source: str
    chains: tuple
    since: int
    until: int
    status: str
    note: str


AGREED = (
    Agreed("320000", "310000", (CARS, CHIPS), -22, 67, IN_FORCE, "长三角白名单互认"),
    Agreed("310000", "320000", (CHIPS, DEVICES), -22, 67, IN_FORCE, "长三角白名单互认"),
    Agreed("310000", "220000", (CARS,), -13, 46, IN_FORCE, "整车与零部件跨省配套"),
    Agreed("320000", "220000", (CARS,), -9, 50, IN_FORCE, "零部件运输保障"),
    Agreed("220000", "310000", (CARS,), 1, 60, PROPOSED, "吉林整车厂的上海供应商，请予互认"),
    Agreed("220000", "320000", (Chain.MEDICINE, Chain.FOOD), -34, -5, LAPSED, "医疗物资和食品临时互认"),
)
LEFT_OUT = "已停产搬迁，原址无车辆出入"


def agree(users, *, until, trail):
    """Write them as they would have come about; answers those that wait for somebody."""
    lists = {
        code: WhiteList.objects.select_related("office").get(office=office_of(code), closed_on=None) for code in SLUGS
    }
    clock, waiting = User.objects.system(), []
    for terms in AGREED:
        made = write(terms, lists[terms.source], users, until=until, trail=trail)
        if terms.status == LAPSED:
            ended = at(made.until + timedelta(days=1), time(0, 10))
            after = {"status": str(LAPSED)}
            trail.add(made, "lapse", by=clock, at=ended, before={"status": str(IN_FORCE)}, after=after)
        if terms.status == PROPOSED:
            waiting.append(made)
    leave_out(Recognition.objects.filter(status=IN_FORCE).order_by("pk").first(), users, until=until, trail=trail)
    return waiting


def write(terms, white_list, users, *, until, trail):
    """One agreement, proposed by the list's office three days before it was to begin and accepted the day after."""
    since, last = until + timedelta(days=terms.since), until + timedelta(days=terms.until)
    proposed = at(min(since - timedelta(days=3), until), time(14, 20))
    author, other = (users[f"{SLUGS[code]}-approver"] for code in (terms.source, terms.recogniser))
    held = {}
    if terms.status != PROPOSED:
        held = {"held_from": since, "held_until": last, "accepted_by": other}
        held |= {"accepted_at": proposed + timedelta(hours=20)}
    chains = sorted(map(str, terms.chains))
    made = Recognition.objects.create(
        recogniser=office_of(terms.recogniser), white_list=white_list, chains=chains, since=since, until=last,
        status=terms.status, note=terms.note, proposing_office=white_list.office, proposed_by=author,
        created_at=proposed, **held,
    )  # fmt: skip
    agreed = {"since": str(since), "until": str(last), "chains": chains}
    trail.add(made, "proposed", by=author, at=proposed, after=agreed, note=terms.note)
    if held:
        after = {"status": str(IN_FORCE), "held_from": str(since), "held_until": str(last)}
        trail.add(made, "accept", by=other, at=held["accepted_at"], before={"status": str(PROPOSED)}, after=after)
    return made


def leave_out(recognition, users, *, until, trail):
    """The recogniser does not accept one of the enterprises on the list, and says why."""
    listings = Listing.objects.in_force(until).filter(white_list=recognition.white_list, chain__in=recognition.chains)
    listing = listings.select_related("enterprise").order_by("-enterprise").first()
    by = users[f"{SLUGS[recognition.recogniser.division_id]}-approver"]
    since = until - timedelta(days=4)
    RecognitionException.objects.create(
        recognition=recognition, enterprise=listing.enterprise, reason=LEFT_OUT, since=since, made_by=by
    )
    after = {"enterprise": listing.enterprise.code}
    trail.add(recognition, "excepted", by=by, at=at(since, time(10, 45)), after=after, note=LEFT_OUT)
