"""What recognition promises, asked where a user asks: over the API and on the page of who counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.models import Recognition
from enterprises.recognition.question import recognised
from enterprises.tasks import announce_batch
from tests.enterprises.whitelists.asking import ROOT
from whitelist.core.days import ONE, at_end, today
from whitelist.delivery.models import Notification, OutboxEvent

SHANGHAI, JILIN, JIANGSU = "310000", "220000", "320000"


@pytest.fixture
def jiangsu(make):
    return make.user(JIANGSU)


@pytest.fixture
def ask(api, page):
    """Whether an enterprise counts in the user's division, by the question and by the effective list, which agree."""
    clients = {}

    def asked(user, firm, day=None):
        client = clients.setdefault(user, api(user))
        query = {"as_of": str(day)} if day else {}
        said = client.get(f"{ROOT}recognition/", {"uscc": firm.code, "division": user.office.division_id, **query})
        assert said.status_code == 200
        shown = page(user).get("/recognised/", {"q": firm.code, **query})
        listed = [row.enterprise_id for row in shown.context["object_list"]]
        assert said.json()["recognised"] == (firm.pk in listed) == bool(said.json()["grounds"])
        assert (firm.name in shown.content.decode()) == said.json()["recognised"]
        assert said.json()["recognised"] == bool(recognised(firm, user.office.division_id, day or today()))
        return said.json()["recognised"]

    return asked


def test_c_does_not_get_bs_enterprises_through_a(make, ask, jilin, jiangsu):
    """A (Jilin) recognises B (Shanghai), C (Jiangsu) recognises A."""
    firm, own = make.listing(on=make.white_list(SHANGHAI)).enterprise, make.enterprise("220102")
    of_a = make.listing(of=own, on=make.white_list(JILIN)).white_list
    make.recognition(make.listing(of=firm, on=make.white_list(SHANGHAI)).white_list, by=JILIN)
    make.recognition(of_a, by=JIANGSU)
    assert ask(jilin, firm) and ask(jiangsu, own)
    assert not ask(jiangsu, firm)


def test_nor_does_c_in_a_ring_of_agreements(make, ask, shanghai, jilin, jiangsu):
    """A recognises B, B recognises C, C recognises A: each gets its neighbour's, and nobody the third's."""
    users = [shanghai, jilin, jiangsu]
    places = [user.office.division_id for user in users]
    counties = ["310115", "220102", "320102"]
    firms = map(make.enterprise, counties)
    listed = [make.listing(of=firm, on=make.white_list(p)) for firm, p in zip(firms, places, strict=True)]
    for place, recogniser in enumerate(places):
        make.recognition(listed[(place + 1) % 3].white_list, by=recogniser)
    counts = [[ask(user, listing.enterprise) for listing in listed] for user in users]
    assert counts == [[True, True, False], [False, True, True], [True, False, True]]


def test_when_b_opens_a_list_a_did_not_agree_to_it_does_not_count_there(make, ask, jilin):
    agreed = make.listing(on=make.white_list(SHANGHAI))
    make.recognition(agreed.white_list, by=JILIN)
    other = make.listing(on=make.white_list(SHANGHAI))
    assert ask(jilin, agreed.enterprise) and not ask(jilin, other.enterprise)


def test_an_agreement_lapses_by_the_clock_alone(make, ask, jilin, monkeypatch):
    listing = make.listing()
    agreement = make.recognition(listing.white_list, by=JILIN, until=today() + 3 * ONE)
    OutboxEvent.objects.all().delete()
    for after, counts in ((0, True), (3, True), (4, False), (300, False)):
        instant = at_end(today() + after * ONE)
        with monkeypatch.context() as clock:
            clock.setattr(timezone, "now", lambda instant=instant: instant)
            assert ask(jilin, listing.enterprise) == counts, f"{after} days later"
    stored = Recognition.objects.get(pk=agreement.pk)
    assert (stored.status, stored.version) == ("in_force", agreement.version), "no job has run, nobody has written"
    assert not OutboxEvent.objects.exists()


def test_it_begins_by_the_clock_alone(make, ask, jilin, monkeypatch):
    listing = make.listing()
    make.recognition(listing.white_list, by=JILIN, since=today() + 2 * ONE, until=today() + 5 * ONE)
    assert not ask(jilin, listing.enterprise) and ask(jilin, listing.enterprise, day=today() + 2 * ONE)
    with monkeypatch.context() as clock:
        instant = timezone.now() + timedelta(days=2)
        clock.setattr(timezone, "now", lambda: instant)
        assert ask(jilin, listing.enterprise)


def test_a_removal_at_the_source_is_seen_by_the_next_request(make, ask, jilin):
    """Asked right before and right after, with no job run in between, and nothing kept from the first answer."""
    listing = make.listing(since=today() - 5 * ONE)
    make.recognition(listing.white_list, by=JILIN)
    removal = {"on": listing.white_list, "enterprises": [listing.enterprise], "action": "remove"}
    assert ask(jilin, listing.enterprise)
    make.batch("approved", **removal)
    assert ask(jilin, listing.enterprise), "it is decided, but not yet published"
    OutboxEvent.objects.all().delete()
    make.batch("published", effective_on=today(), **removal)
    assert not ask(jilin, listing.enterprise)
    assert OutboxEvent.objects.filter(name="enterprises.announce_batch", done_at=None).exists(), "told later"


def test_a_removal_that_is_dated_counts_from_its_day(make, ask, jilin):
    listing = make.listing(since=today() - 5 * ONE)
    make.recognition(listing.white_list, by=JILIN)
    removal = {"enterprises": [listing.enterprise], "action": "remove", "effective_on": today() + 2 * ONE}
    make.batch("published", on=listing.white_list, **removal)
    assert ask(jilin, listing.enterprise) and ask(jilin, listing.enterprise, day=today() + ONE)
    assert not ask(jilin, listing.enterprise, day=today() + 2 * ONE)


def test_a_recogniser_is_told_of_the_enterprises_that_it_recognised_and_of_no_others(make, jilin, jiangsu):
    white_list = make.white_list()
    cars, meals = ([make.enterprise(chain=chain) for _n in range(2)] for chain in ("automobiles", "food"))
    make.batch("published", on=white_list, enterprises=[*cars, *meals], effective_on=today() - 5 * ONE)
    make.recognition(white_list, by=JILIN, chains=["automobiles"])
    make.recognition(white_list, by=JIANGSU, chains=["medicine"])
    removal = {"on": white_list, "action": "remove", "effective_on": today()}
    announce_batch(make.batch("published", enterprises=meals, **removal).pk)
    told = Notification.objects.filter(key__startswith="left-")
    assert not told.exists(), "nobody recognised these"
    announce_batch(make.batch("published", enterprises=cars, **removal).pk)
    assert told.get(user=jilin).values["removed"] == 2
    assert not told.filter(user=jiangsu).exists()
