"""The course of the demonstration's crisis: Shanghai stands still and recovers, Jilin is ahead, the rest feels it.

A course is how far one enterprise works on each day; what it reports follows from that, so that state, staff, output
and electricity fit each other.
"""

from alerts.board.demonstration.firms import Firm
from enterprises.models import Field, Size
from enterprises.resumption.words import State

# Share of enterprises at work on the first and on the last day, and where their output settles.
OPENNESS = {"31": (0.15, 0.52, 0.74), "22": (0.44, 0.91, 0.95), "3205": (0.66, 0.92, 0.88), "32": (0.88, 0.96, 0.94)}
ELSEWHERE = (0.965, 0.985, 0.97)
LOCKED = ("31", "22")
IN_FIRST = 0.55  # plants for medicine and daily needs are let open earlier: their patience is multiplied by this


def setting(division):
    """(openness on the first day, on the last, usual level) of a place; the longest prefix wins."""
    return OPENNESS.get(division[:4]) or OPENNESS.get(division[:2]) or ELSEWHERE


def openness(division, progress):
    """Share at work after so much (0 to 1) of the days: slow, then quick, then slow again."""
    first, last, _usual = setting(division)
    return first + (last - first) * progress * progress * (3 - 2 * progress)


class Course:
    """How far an enterprise works on each day, before its supplies are asked."""

    def __init__(self, chance, firm: Firm, days, *, fixed=None):
        self.firm, self.days, self.fixed = firm, days, fixed
        self.patience = chance.random()
        if firm.field in (Field.MEDICAL, Field.NECESSITIES):
            self.patience *= IN_FIRST
        elif firm.size == Size.LARGE:
            self.patience *= 0.85
        self.worked_before = chance.randrange(1, 12)
        self.noise = [chance.uniform(0.95, 1.05) for _ in range(days)]
        self.usual = setting(firm.division)[2] * chance.uniform(0.86, 1.06)
        self.overhaul = self.draw_overhaul(chance)
        self.is_doubtful = chance.random() < 0.008 and not self.is_locked

    def draw_overhaul(self, chance):
        """The days of a planned stop, for one in thirty outside the two places."""
        if self.is_locked or chance.random() > 0.033:
            return range(0)
        first = chance.randrange(-4, self.days)
        return range(first, first + chance.randrange(5, 14))

    @property
    def is_locked(self):
        return self.firm.division[:2] in LOCKED

    def is_open(self, place):
        return self.patience <= openness(self.firm.division, place / max(1, self.days - 1))

    def level(self, place):
        """Part of normal output on the day with this place in the row, 0 when standing still."""
        if self.fixed is not None:
            return self.fixed
        if place in self.overhaul or not self.is_open(place):
            return 0.0
        level = self.usual
        if self.is_locked:
            at_work = next(n for n in range(place + 1) if self.is_open(n))
            since = place - at_work + (self.worked_before if at_work == 0 else 0)
            level = min(self.usual, 0.34 + (0.07 if self.firm.division.startswith("22") else 0.05) * since)
        return min(1.04, level * self.noise[place])

    def state(self, place, level):
        if place in self.overhaul:
            return State.PLANNED_STOP
        return State.STOPPED if level <= 0 else State.NORMAL if level >= 0.8 else State.PARTIAL


def report_values(chance, course, place, level):
    """The fields of a day's report, by their names, when the enterprise works at this level."""
    firm, state = course.firm, course.state(place, level)
    is_locked = course.is_locked or firm.division.startswith("3205")
    due = round(firm.staff * (0.2 if state == State.PLANNED_STOP else 0.95))
    share = chance.uniform(0.9, 1) if state == State.PLANNED_STOP else chance.uniform(0.01, 0.06)
    if level > 0:
        share = min(0.99, 0.16 + 0.8 * level + chance.uniform(-0.04, 0.04))
    on_duty = min(due, round(due * share))
    power = 0.2 if course.is_doubtful and level >= 0.8 else 0.06 + 0.94 * level
    is_passable = chance.random() < (0.97 if not is_locked else 0.35 + 0.55 * place / max(1, course.days - 1))
    cases = 0
    if firm.division.startswith("31") and level > 0 and chance.random() < 0.12 * (1 - place / course.days):
        cases = chance.randrange(1, 4)
    return {
        "state": str(state),
        "staff_due": due,
        "staff_on_duty": on_duty,
        "staff_in_loop": round(on_duty * 0.9) if is_locked and level > 0 else 0,
        "output": f"{amount(level * firm.output):.2f}",
        "electricity": f"{round(firm.power * power * chance.uniform(0.96, 1.04)):.2f}",
        "inbound_open": is_passable or chance.random() < 0.3,
        "outbound_open": is_passable,
        "epidemic_cases": cases,
        "reason": "",
    }


def amount(number):
    """As people write it: whole from ten upwards, else with one decimal."""
    return float(round(number)) if number >= 10 else round(number, 1)
