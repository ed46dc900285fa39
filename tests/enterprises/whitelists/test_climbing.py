"""An unreviewed batch climbs by the clock alone, whether or not a message was delivered."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.models import Batch
from enterprises.tasks import tell_climbed
from enterprises.whitelists import policies, services
from tests.enterprises.whitelists.asking import ROOT, step
from tests.enterprises.whitelists.showing import text
from whitelist.accounts.models import User
from whitelist.core.days import today
from whitelist.core.errors import NotAllowed
from whitelist.delivery.models import Notification

WEEK = timedelta(days=7)


@pytest.fixture
def clock(monkeypatch):
    """Lets time pass."""
    start = timezone.now()

    class Clock:
        passed = timedelta()

        def wait(self, span):
            self.passed += span

    hand = Clock()
    monkeypatch.setattr(timezone, "now", lambda: start + hand.passed)
    return hand


@pytest.fixture
def waiting(make, clock):
    """A submitted batch of Changchun."""
    return make.batch("submitted", on=make.white_list("220100"), enterprises=[make.enterprise("220102")])


def climbed_to(user):
    return list(Batch.objects.visible_to(user).climbed_to(user, timezone.now()))


def test_it_climbs_after_a_week_and_a_level_more_each_week(clock, waiting, jilin, ministry, changchun, shanghai):
    clock.wait(WEEK - timedelta(seconds=1))
    assert not Batch.objects.climbed(timezone.now()) and climbed_to(jilin) == []
    clock.wait(timedelta(seconds=1))
    assert climbed_to(jilin) == [waiting] and climbed_to(ministry) == []
    clock.wait(WEEK)
    assert climbed_to(jilin) == climbed_to(ministry) == [waiting]
    assert climbed_to(changchun) == climbed_to(shanghai) == []
    assert not Notification.objects.exists(), "nobody was told, and it climbed"


def test_a_province_climbs_to_the_ministry(make, clock, ministry, jilin):
    batch = make.batch("submitted", on=make.white_list("220000"), enterprises=[make.enterprise("220102")])
    clock.wait(WEEK)
    assert climbed_to(ministry) == [batch] and climbed_to(jilin) == []


@pytest.mark.parametrize("status", ["draft", "approved", "published"])
def test_only_what_waits_for_a_review_climbs(make, clock, jilin, status):
    make.batch(status, on=make.white_list("220100"), enterprises=[make.enterprise("220102")])
    clock.wait(3 * WEEK)
    assert climbed_to(jilin) == []


def test_once_it_is_returned_it_no_longer_climbs(api, make, clock, waiting, jilin):
    clock.wait(WEEK)
    assert step(api(make.user("220100")), waiting, "return", {"reason": "incomplete"}).status_code == 200
    assert climbed_to(jilin) == []


def test_the_office_above_sees_it_with_how_long_it_waits(page, api, clock, waiting, jilin, changchun):
    clock.wait(9 * timedelta(days=1))
    shown = text(page(jilin).get("/batches/"))
    assert "Climbed to us" in shown and "waits 9 days" in shown
    assert waiting.title in text(page(jilin).get("/batches/?climbed=true&sort=waiting"))
    assert waiting.title not in text(page(jilin).get("/batches/?climbed=false"))
    assert "for 9 days. The office above may decide it now." in text(page(changchun).get(waiting.get_absolute_url()))
    assert "Climbed to us" not in text(page(changchun).get("/batches/"))
    (row,) = api(jilin).get(f"{ROOT}batches/?climbed=true").json()["results"]
    assert (row["id"], row["waited_days"], row["climbed"]) == (waiting.pk, 9, True)


def test_the_nightly_job_tells_the_office_above_once(make, clock, waiting, jilin, ministry, changchun):
    tell_climbed()
    assert not Notification.objects.exists()
    clock.wait(WEEK)
    tell_climbed()
    tell_climbed()
    (notice,) = Notification.objects.all()
    assert notice.user == jilin and notice.address == waiting.get_absolute_url() and notice.values["days"] == 7
    clock.wait(WEEK)
    tell_climbed()
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"jilin", "ministry"}


def decided_by(client, batch):
    """What the API answers to accepting all lines, approving and publishing."""
    lines = [line.pk for line in batch.lines.all()]
    wanted = (
        ("decide", {"lines": lines, "decision": "accept"}),
        ("approve", {}),
        ("publish", {"document_number": "No. 1 (test)", "effective_on": str(today())}),
    )
    return [step(client, batch, name, body).status_code for name, body in wanted]


def test_until_it_has_climbed_nobody_else_decides_it(api, page, clock, waiting, jilin, ministry):
    assert decided_by(api(jilin), waiting) == [403, 403, 403]
    clock.wait(WEEK)
    assert decided_by(api(ministry), waiting) == [403, 403, 403], "so far it has not come yet"


def test_the_office_that_it_climbed_to_may_decide_and_publish_it(api, page, clock, waiting, jilin, ministry):
    clock.wait(WEEK)
    assert jilin in services.deciders(waiting) and ministry not in services.deciders(waiting)
    assert "The office above may decide it now." in text(page(jilin).get(waiting.get_absolute_url()))
    assert decided_by(api(jilin), waiting) == [200, 200, 200]
    waiting.refresh_from_db()
    assert (waiting.status, waiting.approved_by, waiting.published_by) == ("published", jilin, jilin)


def test_what_was_approved_below_is_not_published_from_above(make, api, clock, waiting, jilin):
    clock.wait(WEEK)
    assert decided_by(api(make.user("220100")), waiting)[:2] == [200, 200]
    assert (
        step(api(jilin), waiting, "publish", {"document_number": "1", "effective_on": "2022-05-01"}).status_code == 403
    )


def test_whoever_approved_from_above_and_approves_there_no_more_does_not_publish(make, api, clock, waiting, jilin):
    clock.wait(WEEK)
    for name, body in (("decide", {"lines": [waiting.lines.get().pk], "decision": "accept"}), ("approve", {})):
        assert step(api(jilin), waiting, name, body).status_code == 200
    waiting.refresh_from_db()
    assert policies.may_publish_batch(jilin, waiting)
    elsewhere = make.user("310000")
    for changed in ({"duties": ["view", "edit"]}, {"is_active": False}, {"office": elsewhere.office}):
        User.objects.filter(pk=jilin.pk).update(**changed)
        assert not policies.may_publish_batch(User.objects.get(pk=jilin.pk), waiting), changed
        User.objects.filter(pk=jilin.pk).update(duties=jilin.duties, is_active=True, office=jilin.office)


def test_above_too_nobody_decides_what_he_wrote(make, clock, jilin):
    author = make.user("220100")
    firm, own = make.enterprise("220102"), make.white_list("220100")
    batch = make.batch("submitted", on=own, enterprises=[firm], editor=author)
    User.objects.filter(pk=author.pk).update(office=jilin.office)
    moved = User.objects.get(pk=author.pk)
    clock.wait(WEEK)
    assert jilin in services.deciders(batch) and moved not in services.deciders(batch)
    with pytest.raises(NotAllowed):
        services.decide_lines(batch, None, decision="accepted", by=moved)


def test_other_offices_above_do_not_decide_it(make, api, clock, waiting, shanghai):
    clock.wait(WEEK)
    transport = make.user("220000", office=make.office("220000", "transport"))
    assert decided_by(api(transport), waiting) == [403, 403, 403]
    assert api(shanghai).get(f"{ROOT}batches/{waiting.pk}/").status_code == 404
