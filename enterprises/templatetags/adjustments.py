"""How pages say what became of a proposal, and how much waits beside the lists."""

from django import template
from django.db.models import Count, Value
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from enterprises.models import AdjustmentProposal, Nomination
from whitelist.core.templatetags.face import quantity, state

register = template.Library()

TONES = {"open": "attention", "taken": "good", "dismissed": "off", "over": "off"}


@register.simple_tag
def adjustment_state(row):
    return state(row.status, row.get_status_display(), tone=TONES[row.status])


@register.simple_tag(takes_context=True)
def waiting_beside_lists(context):
    """The ways from the lists to what is proposed about them, each with the number that waits for the reader."""
    ways = (
        ("nomination-list", _("Nominations"), Nomination),
        ("adjustment-list", _("Adjustments"), AdjustmentProposal),
    )
    first, second = (
        model.objects.waiting_for(context["request"].user).order_by().values(name=Value(name)).annotate(n=Count("pk"))
        for name, _label, model in ways
    )
    waiting = dict(first.union(second, all=True).values_list("name", "n"))
    shown = (
        (reverse(name), label, format_html(' <span class="number">{}</span>', quantity(waiting[name])))
        if name in waiting
        else (reverse(name), label, "")
        for name, label, _model in ways
    )
    return format_html_join(" ", '<a class="button" href="{}">{}{}</a>', shown)
