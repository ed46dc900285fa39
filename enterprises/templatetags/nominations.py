"""How pages say how far a nomination has come, and who may be nominated."""

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from enterprises.models import Listing, Nomination
from enterprises.register.words import Standing
from enterprises.whitelists.nominations.policies import may_nominate_for
from enterprises.whitelists.nominations.words import Stage
from whitelist.core.days import today
from whitelist.core.templatetags.face import state

register = template.Library()

TONES = {
    Stage.PROPOSED: "attention",
    Stage.DRAFT: "info",
    Stage.SUBMITTED: "info",
    Stage.APPROVED: "info",
    Stage.LISTED: "good",
    Stage.DECLINED: "bad",
    Stage.REJECTED: "bad",
    Stage.DROPPED: "off",
    Stage.WITHDRAWN: "off",
}


@register.simple_tag
def nomination_stage(row):
    return state(row.stage.value, row.stage.label, tone=TONES[row.stage])


@register.simple_tag(takes_context=True)
def nominable(context, links):
    """Of supply links those whose supplier may be nominated: the address of an open nomination, and of a new one.

    The buyer is listed and the reader acts for it; the supplier is active and stands on no list.
    """
    user = context["request"].user
    mine = [link for link in links if link.supplier.status == Standing.ACTIVE and may_nominate_for(user, link.buyer)]
    if not mine:
        return {}
    firms = {pk for link in mine for pk in (link.buyer_id, link.supplier_id)}
    listed = set(Listing.objects.in_force(today()).filter(enterprise__in=firms).values_list("enterprise", flat=True))
    open_ones = Nomination.objects.proposed() | Nomination.objects.under_way()
    known = {
        (buyer, supplier): reverse("nomination-detail", args=[pk])
        for pk, buyer, supplier in open_ones.filter(buyer__in=firms, supplier__in=firms).values_list(
            "pk", "buyer", "supplier"
        )
    }
    adding = reverse("nomination-add")
    return {
        link.pk: (known.get((link.buyer_id, link.supplier_id)), f"{adding}?link={link.pk}")
        for link in mine
        if link.buyer_id in listed and link.supplier_id not in listed
    }


@register.simple_tag
def nominate_way(ways, link):
    """The way from a supply link to its supplier's nomination, where there is one."""
    if link.pk not in ways:
        return ""
    known, adding = ways[link.pk]
    if known:
        return format_html(' <a class="button small plain" href="{}">{}</a>', known, _("Nominated"))
    return format_html(
        ' <a class="button small" href="{}" data-key="n">{} <span class="key needs-script">N</span></a>',
        adding,
        _("Nominate…"),
    )
