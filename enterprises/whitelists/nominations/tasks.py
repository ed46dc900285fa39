"""The jobs that tell both sides of a nomination what became of it."""

from celery import shared_task
from django.utils.translation import gettext_noop

from enterprises.register.models import Clerk
from enterprises.whitelists.nominations.models import Nomination
from whitelist.accounts.models import Duty, User
from whitelist.delivery.services import notify

OUTCOMES = {
    "accepted": gettext_noop("%(supplier)s, nominated by %(buyer)s, was accepted into a draft of %(list)s."),
    "declined": gettext_noop("%(supplier)s, nominated by %(buyer)s, was declined for %(list)s."),
}


def _people(office):
    return User.objects.filter(office=office, is_active=True, is_system=False)


def _clerks(enterprise):
    return User.objects.filter(pk__in=Clerk.objects.filter(enterprise=enterprise).values("user"), is_active=True)


def _row(pk):
    related = ("buyer", "supplier", "white_list__office", "buyer_office", "proposed_by")
    return Nomination.objects.select_related(*related).get(pk=pk)


def _told(row):
    return {"buyer": row.buyer.name, "supplier": row.supplier.name, "list": row.white_list.title}


def _buyers_side(row):
    """The buyer's users, the office that follows it, and whoever nominated."""
    followers = _people(row.buyer_office).holding(Duty.EDIT) if row.buyer_office else User.objects.none()
    return {user.pk: user for rows in (_clerks(row.buyer), followers) for user in rows} | {
        row.proposed_by_id: row.proposed_by
    }


@shared_task(name="enterprises.tell_nominated")
def tell_nominated(nomination):
    """Ask the office of the list, let the supplier know, and tell the buyer's own office."""
    row = _row(nomination)
    told, address = _told(row), row.get_absolute_url()
    office = _people(row.white_list.office)
    ask = gettext_noop("%(buyer)s nominates %(supplier)s for %(list)s; your office decides.")
    deciders = {user.pk: user for duty in (Duty.EDIT, Duty.APPROVE) for user in office.holding(duty)}
    notify(deciders.values(), ask, key=f"nominated-{row.pk}", address=address, **told)
    chosen = gettext_noop("%(buyer)s nominated your enterprise for %(list)s.")
    notify(_clerks(row.supplier), chosen, key=f"nominated-{row.pk}", address=address, **told)
    follow = gettext_noop("%(buyer)s nominated its supplier %(supplier)s for %(list)s.")
    others = [user for pk, user in _buyers_side(row).items() if pk != row.proposed_by_id and pk not in deciders]
    notify(others, follow, key=f"nominated-{row.pk}", address=address, **told)


@shared_task(name="enterprises.tell_nomination")
def tell_nomination(nomination, step):
    """Tell the buyer's side how it was answered; tell the deciders that it was taken back."""
    row = _row(nomination)
    key = f"nomination-{step}-{row.pk}"
    if step == "withdrawn":
        office = _people(row.white_list.office)
        people = {user.pk: user for duty in (Duty.EDIT, Duty.APPROVE) for user in office.holding(duty)}.values()
        sentence = gettext_noop("%(buyer)s no longer nominates %(supplier)s for %(list)s.")
    else:
        people, sentence = _buyers_side(row).values(), OUTCOMES[step]
    notify(people, sentence, key=key, address=row.get_absolute_url(), **_told(row))


def tell_listed(batch):
    """Tell the buyers whose suppliers a published batch has listed."""
    sentence = gettext_noop("Your supplier %(supplier)s is listed on %(list)s from %(day)s.")
    rows = Nomination.objects.filter(line__batch=batch, line__decision="accepted", status="accepted")
    for row in rows.select_related("buyer", "supplier", "white_list", "buyer_office", "proposed_by"):
        told = {**_told(row), "day": str(batch.effective_on)}
        people = _buyers_side(row).values()
        notify(people, sentence, key=f"nomination-listed-{row.pk}", address=row.get_absolute_url(), **told)
