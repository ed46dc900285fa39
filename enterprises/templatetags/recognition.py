"""How pages say whose list counts where: states, rights, the matrix, and who recognises a list."""

from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.models import Recognition
from enterprises.recognition.policies import may_propose_recognitions
from enterprises.recognition.words import Basis
from enterprises.register.words import Chain, Field
from whitelist.accounts.models import NATION
from whitelist.core.addresses import address_of
from whitelist.core.compiled import prepared
from whitelist.core.days import today
from whitelist.core.templatetags.face import quantity, short_day, state
from whitelist.core.words import in_each_language

register = template.Library()

TONES = {"proposed": "attention", "in_force": "good", "lapsed": "off", "withdrawn": "off"}
BASIS_TONES = {"ministry": "info", "own": "neutral", "agreement": "good"}


@register.simple_tag
def recognition_state(row):
    """Its state today; of one that is agreed and has still to begin, from when on."""
    if row.waits:
        return state(row.status, _("agreed, from %(day)s") % {"day": short_day(row.held_from)}, tone="info")
    return state(row.state, row.state_word, tone=TONES[row.state])


@register.simple_tag
def basis_mark(basis):
    return state(basis, Basis(basis).label, tone=BASIS_TONES[basis])


@register.simple_tag(takes_context=True)
def right_of(context, white_list):
    """By which right a list is among those that the reader sees, where it is not the own division's."""
    user, division = context["request"].user, white_list.office.division_id
    if user.is_national or user.covers(division):
        return ""
    return basis_mark(Basis.MINISTRY if division == NATION else Basis.AGREEMENT)


@register.simple_tag
def covers(row):
    """For which chains and fields it was agreed."""
    return _covers(tuple(row.chains), tuple(row.fields))


@in_each_language
def _covers(chains, fields):
    if not chains and not fields:
        return format_html('<span class="soft">{}</span>', _("all chains and fields"))
    words = [word for key, word in [*Chain.choices, *Field.choices] if key in chains or key in fields]
    tags = format_html_join("", '<span class="tag">{}</span>', ((capfirst(str(word)),) for word in words))
    return format_html('<span class="tags">{}</span>', tags)


@register.simple_tag(takes_context=True)
def enterprise_named(context, enterprise):
    """Its name, leading to the register where the reader may open its entry; of others one knows the listing only."""
    if context["request"].user.covers(enterprise.division_id):
        return format_html('<a class="lead" href="{}">{}</a>', enterprise.get_absolute_url(), enterprise.name)
    return format_html('<span class="lead">{}</span>', enterprise.name)


@lru_cache(maxsize=1024)
def _quiet(address, name):
    """A way to a batch: in the rows of a page the same few come again and again."""
    return format_html('<a class="quiet" href="{}">{}</a>', address, name)


@register.simple_tag(takes_context=True)
def batch_named(context, batch, white_list):
    """A batch, leading to its page where the reader may open it."""
    if context["request"].user.covers(white_list.office.division_id):
        return _quiet(batch.get_absolute_url(), str(batch))
    return batch


@register.simple_tag(takes_context=True)
def last_batch(context, white_list):
    """The last batch of a list in a row of lists, which brings its number and key along."""
    said = _("Batch %(number)s") % {"number": white_list.last_number}
    if context["request"].user.covers(white_list.office.division_id):
        return _quiet(address_of("batch-detail", white_list.last_pk), said)
    return said


@register.inclusion_tag("enterprises/recognition/recognised_by.html", takes_context=True)
def recognised_by(context, white_list):
    """Who recognises a list, who was asked to, and the way to propose it to others."""
    user = context["request"].user
    found = Recognition.objects.visible_to(user).filter(white_list=white_list, until__gte=today()).beside_list()
    with prepared():
        rows = [row for row in found[:60] if row.is_open]
    is_ours = white_list.office_id == user.office_id
    may_propose = (
        may_propose_recognitions(user) and not white_list.closed_on and white_list.office.division_id != NATION
    )
    return {"white_list": white_list, "rows": rows, "is_ours": is_ours, "may_propose": may_propose, "shown": 60}


TABLE = (
    '<table class="matrix"><thead><tr><th scope="col" class="corner">{}</th>{}</tr></thead><tbody>{}</tbody></table>'
)
HEAD = '<th scope="col" class="{}"><abbr title="{}">{}</abbr></th>'
ROW = '<tr class="{}"><th scope="row"><abbr title="{}">{}</abbr></th>{}</tr>'
CELL = '<td class="{}"><a class="shade-{}" href="{}" title="{}">{}</a></td>'


@register.simple_tag
def matrix_table(matrix):
    """The picture: a recogniser in each row, the recognised in the columns, the darker the more enterprises."""
    idle = {unit.code: "" if unit.takes_part else "idle" for unit in matrix.units}
    head = format_html_join("", HEAD, ((idle[each.code], each.name, each.short) for each in matrix.units))
    rows = (
        (idle[unit.code], unit.name, unit.short, _cells(matrix, unit, idle)) for unit in matrix.units
    )  # fmt: skip
    table = format_html_join("", ROW, rows)
    return format_html(TABLE, _("recognises ↓ whose →"), head, table)


def _cells(matrix, unit, idle):
    return format_html_join("", "{}", ((_cell(matrix, unit, of, idle[of.code]),) for of in matrix.units))


def _cell(matrix, unit, of, kind):
    """A number that leads to what is behind it, or nothing; one's own lists stand on the diagonal."""
    cell, kind = matrix.cells.get((unit.code, of.code)), f"{'own ' if of is unit else ''}{kind}".strip()
    if cell is None:
        return format_html('<td class="{}"></td>', kind)
    return format_html(CELL, kind, cell.shade, cell.href, _said(cell), quantity(cell.number))


def _said(cell):
    told = {"into": cell.into.name, "of": cell.of.name, "n": quantity(cell.number)}
    if cell.is_own:
        return (
            ngettext(
                "%(of)s: %(n)s enterprise on its own lists", "%(of)s: %(n)s enterprises on its own lists", cell.number
            )
            % told
        )
    return (
        ngettext(
            "%(into)s recognises %(n)s enterprise of %(of)s",
            "%(into)s recognises %(n)s enterprises of %(of)s",
            cell.number,
        )
        % told
    )
