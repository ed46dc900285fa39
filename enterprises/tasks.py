"""The jobs of this app: explicit names, ids in, one service call each."""

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_noop

from enterprises.models import Batch, Clerk, ListClosing, Recognition, RecognitionException
from enterprises.recognition.services import lapse_ended
from enterprises.resumption.services import freeze_due
from enterprises.whitelists.adjustments import tasks as adjustment_tasks
from enterprises.whitelists.batches.climbing import climbed_batches, told_above
from enterprises.whitelists.closing.services import leave_reports
from enterprises.whitelists.nominations import tasks as nomination_tasks
from whitelist.accounts.models import Duty, User
from whitelist.core.days import today, yesterday
from whitelist.delivery.services import notify

__all__ = ["adjustment_tasks", "nomination_tasks"]


@shared_task(name="enterprises.freeze_due")
def freeze_due_task():
    freeze_due(yesterday())


def _holders(office, duty):
    return User.objects.filter(office=office, duties__contains=[duty], is_active=True, is_system=False)


@shared_task(name="enterprises.ask_decision")
def ask_decision(batch):
    """Tell those who may decide that a batch waits for them."""
    batch = Batch.objects.select_related("white_list__office").get(pk=batch)
    waiting = _holders(batch.white_list.office, Duty.APPROVE).exclude(pk__in=batch.author_ids)
    sentence = gettext_noop("“%(batch)s” on %(list)s waits for your decision.")
    key = f"decide-{batch.pk}-{batch.version}"
    notify(waiting, sentence, key=key, address=batch.get_absolute_url(), batch=batch.title, list=batch.white_list.title)


@shared_task(name="enterprises.tell_returned")
def tell_returned(batch):
    """Tell the authors that their batch came back."""
    batch = Batch.objects.select_related("white_list").get(pk=batch)
    sentence = gettext_noop("“%(batch)s” was returned to you.")
    authors = User.objects.filter(pk__in=batch.author_ids)
    notify(
        authors,
        sentence,
        key=f"returned-{batch.pk}-{batch.version}",
        address=batch.get_absolute_url(),
        batch=batch.title,
    )


@shared_task(name="enterprises.announce_batch")
def announce_batch(batch):
    """Tell the office and the enterprises concerned that a batch is published."""
    batch = Batch.objects.select_related("white_list__office").get(pk=batch)
    values = {"number": batch.number, "list": batch.white_list.title, "day": str(batch.effective_on)}
    sentence = gettext_noop("Batch %(number)s of %(list)s is published, in force from %(day)s.")
    key = f"published-{batch.pk}"
    notify(_holders(batch.white_list.office, Duty.VIEW), sentence, key=key, address=batch.get_absolute_url(), **values)
    touched = batch.lines.accepted().values("enterprise")
    clerks = User.objects.filter(pk__in=Clerk.objects.filter(enterprise__in=touched).values("user"), is_active=True)
    own = gettext_noop("Your listing on %(list)s changed by batch %(number)s, in force from %(day)s.")
    notify(clerks, own, key=key, address="/listing/", **values)
    nomination_tasks.tell_listed(batch)
    _tell_recognisers(batch, values)


def _tell_recognisers(batch, values):
    """Whoever recognises the list learns at once how many of the enterprises that it recognises leave."""
    lost = batch.white_list.recognitions.lost_by(batch)
    sentence = gettext_noop(
        "Of the enterprises that you recognise, %(removed)s leave %(list)s by batch %(number)s on %(day)s."
    )
    for recognition in Recognition.objects.filter(pk__in=lost).select_related("recogniser").order_by("pk"):
        told = {"key": f"left-{batch.pk}-{recognition.pk}", "address": recognition.get_absolute_url()}
        notify(_holders(recognition.recogniser, Duty.VIEW), sentence, removed=lost[recognition.pk], **told, **values)


@shared_task(name="enterprises.tell_climbed")
def tell_climbed():
    """Tell the office above of batches that nobody has reviewed for a week; it sees them without being told."""
    sentence = gettext_noop("“%(batch)s” of %(office)s has waited %(days)s days for a decision.")
    for batch in climbed_batches(timezone.now()):
        told = {"batch": batch.title, "office": str(batch.white_list.office), "days": batch.waited_days}
        key = f"climbed-{batch.pk}-{batch.version}"
        notify(told_above(batch), sentence, key=key, address=batch.get_absolute_url(), **told)


def _closing(pk):
    return ListClosing.objects.select_related("white_list__office", "proposed_by").get(pk=pk)


@shared_task(name="enterprises.ask_closing")
def ask_closing(closing):
    """Tell those who may confirm that a list is to be closed."""
    row = _closing(closing)
    others = _holders(row.white_list.office, Duty.APPROVE).exclude(pk=row.proposed_by_id)
    sentence = gettext_noop("%(list)s is to be closed on %(day)s; a second person confirms it.")
    values = {"list": row.white_list.title, "day": str(row.ends_on)}
    notify(others, sentence, key=f"close-{row.pk}", address=row.get_absolute_url(), **values)


@shared_task(name="enterprises.tell_closing")
def tell_closing(closing):
    """Tell the office, its recognisers and the enterprises concerned on which day a list ends."""
    row = _closing(closing)
    values = {"list": row.white_list.title, "day": str(row.ends_on)}
    sentence = gettext_noop("%(list)s ends on %(day)s; from that day on nobody is listed on it.")
    key = f"closed-{row.pk}"
    notify(_holders(row.white_list.office, Duty.VIEW), sentence, key=key, address=row.get_absolute_url(), **values)
    for recognition in row.white_list.recognitions.holding(row.ends_on).select_related("recogniser"):
        offices = _holders(recognition.recogniser, Duty.VIEW)
        notify(offices, sentence, key=key, address=recognition.get_absolute_url(), **values)
    listed = row.white_list.listings.filter(days__endswith=row.ends_on).values("enterprise")
    clerks = User.objects.filter(pk__in=Clerk.objects.filter(enterprise__in=listed).values("user"), is_active=True)
    own = gettext_noop("%(list)s ends on %(day)s; your listing on it ends with it.")
    notify(clerks, own, key=key, address="/listing/", **values)


@shared_task(name="enterprises.leave_closing_reports")
def leave_closing_reports():
    leave_reports(timezone.now())


def _recognition(pk):
    return Recognition.objects.select_related("recogniser", "white_list__office", "proposing_office").get(pk=pk)


@shared_task(name="enterprises.tell_proposed")
def tell_proposed(recognition):
    """Tell those who decide on the other side that a recognition was proposed to them."""
    row = _recognition(recognition)
    sides = (row.recogniser, row.white_list.office)
    other = next(office for office in sides if office.pk != row.proposing_office_id)
    sentence = gettext_noop("%(office)s proposes that %(list)s be recognised from %(since)s until %(until)s.")
    notify(
        _holders(other, Duty.APPROVE),
        sentence,
        key=f"recognition-proposed-{row.pk}",
        address=row.get_absolute_url(),
        office=str(row.proposing_office),
        list=row.white_list.title,
        since=str(row.since),
        until=str(row.until),
    )


RECOGNITION_TOLD = {
    "accepted": gettext_noop("%(recogniser)s recognises %(list)s until %(until)s."),
    "withdrawn": gettext_noop("The recognition of %(list)s by %(recogniser)s was withdrawn; it holds no longer."),
    "lapsed": gettext_noop("The recognition of %(list)s by %(recogniser)s has lapsed on %(until)s."),
}


@shared_task(name="enterprises.tell_recognition")
def tell_recognition(recognition, step):
    """Tell both sides that a recognition was accepted, withdrawn or has lapsed."""
    row = _recognition(recognition)
    told = {"list": row.white_list.title, "recogniser": str(row.recogniser), "until": str(row.until)}
    for office in (row.recogniser, row.white_list.office):
        notify(
            _holders(office, Duty.VIEW),
            RECOGNITION_TOLD[step],
            key=f"recognition-{step}-{row.pk}",
            address=row.get_absolute_url(),
            **told,
        )


@shared_task(name="enterprises.tell_exception")
def tell_exception(exception):
    """Tell the list's office that one of its enterprises is not accepted by a recogniser, and why."""
    row = RecognitionException.objects.select_related(
        "enterprise", "recognition__recogniser", "recognition__white_list__office"
    ).get(pk=exception)
    sentence = gettext_noop("%(recogniser)s leaves %(enterprise)s out of what it recognises: %(reason)s")
    notify(
        _holders(row.recognition.white_list.office, Duty.VIEW),
        sentence,
        key=f"recognition-exception-{row.pk}",
        address=row.recognition.get_absolute_url(),
        recogniser=str(row.recognition.recogniser),
        enterprise=row.enterprise.name,
        reason=row.reason,
    )


@shared_task(name="enterprises.lapse_recognitions")
def lapse_recognitions():
    lapse_ended(today())
