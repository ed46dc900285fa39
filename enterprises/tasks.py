"""The jobs of this app: explicit names, ids in, one service call each."""

from celery import shared_task
from django.utils.translation import gettext_noop

from enterprises.models import Batch, Clerk
from enterprises.resumption.services import freeze_due
from whitelist.accounts.models import Duty, User
from whitelist.core.days import yesterday
from whitelist.delivery.services import notify


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
