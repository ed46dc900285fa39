"""How pages say what became of a proposal, and how much waits beside the lists."""

from functools import lru_cache

from django import template
from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Value
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from enterprises.models import AdjustmentProposal, Nomination
from whitelist.accounts.models import Office, User
from whitelist.core.addresses import page_address
from whitelist.core.compiled import Compiled
from whitelist.core.templatetags.face import quantity, state

register = template.Library()

TONES = {"open": "attention", "taken": "good", "dismissed": "off", "over": "off"}


@register.simple_tag
def adjustment_state(row):
    return state(row.status, row.get_status_display(), tone=TONES[row.status])


@register.simple_tag(takes_context=True)
def waiting_beside_lists(context):
    """The ways from the lists to what is proposed about them, each with the number that waits for the reader."""
    user = context["request"].user
    asked = _waiting(user.office_id, user.office and user.office.kind, tuple(user.duties))
    waiting = dict(asked.rows(lambda mark: mark)) if asked else {}
    shown = (
        (page_address(name), label, _number(waiting.get(name)))
        for name, label in (("nomination-list", _("Nominations")), ("adjustment-list", _("Adjustments")))
    )
    return format_html_join(" ", '<a class="button" href="{}">{}{}</a>', shown)


def _number(waiting):
    return format_html(' <span class="number">{}</span>', quantity(waiting)) if waiting else ""


@lru_cache(maxsize=256)
def _waiting(office, kind, duties):
    """How many of both wait for somebody with these duties there, in one query; None where nothing ever does.

    Every visit to the lists asks it: it is compiled once for each office and duties.
    """
    person = User(office=Office(pk=office, kind=kind) if office else None, duties=list(duties))
    first, second = (
        model.objects.waiting_for(person).order_by().values(name=Value(name)).annotate(n=Count("pk"))
        for name, model in (("nomination-list", Nomination), ("adjustment-list", AdjustmentProposal))
    )
    try:
        return Compiled(first.union(second, all=True).values_list("name", "n"))
    except EmptyResultSet:
        return None
