"""Who recognises whom, unit by unit, and how many enterprises count by it: a picture of 37 by 37."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from enterprises.models import Listing, Recognition
from enterprises.recognition.units import SHORT, unit_of, units
from whitelist.accounts.models import NATION
from whitelist.core import export
from whitelist.core.scoping import within
from whitelist.core.templatetags.face import day as written
from whitelist.core.templatetags.face import is_chinese

STEPS = (10, 50, 200, 1000)  # enterprises from which on a cell is one shade darker


@dataclass(frozen=True)
class Unit:
    code: str
    name: str
    short: str
    takes_part: bool


@dataclass(frozen=True)
class Cell:
    """`into` recognises `number` enterprises of `of`; on the diagonal stands how many its own lists hold."""

    into: Unit
    of: Unit
    number: int
    href: str

    @property
    def is_own(self):
        return self.into.code == self.of.code

    @property
    def shade(self):
        return sum(self.number >= step for step in STEPS)


@dataclass
class Matrix:
    """`by_recogniser` are the same cells in words: [(unit, cells)], without the diagonal."""

    day: object
    units: list
    cells: dict
    everywhere: int
    by_recogniser: list = field(default_factory=list)

    @property
    def pairs(self):
        return sum(len(cells) for _unit, cells in self.by_recogniser)

    def answer(self, form, *, by):
        columns = [_("Recogniser"), _("Division"), _("Recognised"), _("Division"), _("Enterprises")]
        found = [cell for _unit, cells in self.by_recogniser for cell in cells]
        rows = [(cell.into.name, cell.into.code, cell.of.name, cell.of.code, cell.number) for cell in found]
        taken = export.Taken(_("Who recognises whom"), Recognition, by, len(rows))
        about = [(_("As of"), written(self.day))]
        return export.answer(form, f"recognition-{self.day}", columns=columns, rows=rows, about=about, taken=taken)


def drawn(recognitions, user, day):
    """The matrix of these recognitions on a day; on the diagonal the lists of the units that the user covers."""
    counted = {(into, of): number for into, of, number in recognitions.between_units(day)}
    own, everywhere = listed_by_unit(user, day)
    parties = {code for pair in counted for code in pair}
    shown = [Unit(each.pk, str(each), SHORT[each.pk][0 if is_chinese() else 1], each.pk in parties) for each in units()]
    known = {unit.code: unit for unit in shown}
    cells = {
        (into, of): Cell(known[into], known[of], number, behind(into, of, day))
        for (into, of), number in counted.items()
        if into in known and of in known
    }
    for code, number in own.items():
        if code in known:
            where = f"{reverse('white-list-list')}?{urlencode({'division': code})}"
            cells[code, code] = Cell(known[code], known[code], number, where)
    told = []
    for unit in shown:
        mine = [cells[unit.code, of.code] for of in shown if of is not unit and (unit.code, of.code) in cells]
        if mine:
            told.append((unit, mine))
    return Matrix(day, shown, cells, everywhere, told)


def behind(into, of, day):
    query = urlencode({"recogniser": into, "source": of, "as_of": day})
    return f"{reverse('recognition-list')}?{query}"


def listed_by_unit(user, day):
    """How many enterprises stand on the lists of each unit that the user covers; and on the ministry's."""
    running = Listing.objects.in_force(day).filter(white_list__ends_on__gt=day)
    own = running.filter(within("white_list__office__division__code", user))
    by_unit = own.annotate(unit=unit_of("white_list__office__division__code")).order_by().values_list("unit")
    found = dict(by_unit.annotate(n=Count("enterprise", distinct=True)))
    found.pop(NATION, None)
    ministry = running.filter(white_list__office__division=NATION)
    return found, ministry.aggregate(n=Count("enterprise", distinct=True))["n"]
