"""How many warnings: one definition for list, board, export and API. Grey is counted apart, never as none."""

from dataclasses import dataclass

from django.db.models import Count, F, Q

from alerts.warnings.models import Level
from enterprises.models import Material
from enterprises.resumption.metrics import groups, names_of

LEVELS = (Level.RED, Level.YELLOW, Level.BLUE, Level.GREY)
RED = Q(level=Level.RED)
UNACKNOWLEDGED = Q(warning__acknowledged_at=None)
BY = ("division", "chain", "field", "size", "tag", "region", "list", "batch", "material")


def aggregates():
    """The levels, and of the reds those that nobody has answered for."""
    wanted = {str(level): Count("pk", filter=Q(level=level)) for level in LEVELS}
    return wanted | {"unacknowledged": Count("pk", filter=RED & UNACKNOWLEDGED)}


@dataclass(frozen=True)
class Counts:
    """Numbers of warnings by level for a key (division, chain, day, …)."""

    key: object
    numbers: dict

    def __getitem__(self, name):
        return self.numbers[name]

    @property
    def warned(self):
        """All of them, whatever the level."""
        return sum(self.numbers[level] for level in LEVELS)


def total(rows):
    return Counts(None, rows.order_by().aggregate(**aggregates()))


def total_with_news(rows, **conditions):
    """Also how many reds are `new` since the day before, and how many rows meet conditions; rows `with_news`."""
    wanted = {"new": RED & Q(is_new=True), **conditions}
    counted = {name: Count("pk", filter=condition) if condition else Count("pk") for name, condition in wanted.items()}
    return Counts(None, rows.order_by().aggregate(**aggregates(), **counted))


def _counted(rows, **keys):
    found = rows.order_by().values(**keys).annotate(**aggregates()).order_by(*keys)
    for row in found:
        taken = tuple(row.pop(name) for name in keys)
        yield Counts(taken[0] if len(taken) == 1 else taken, row)


def key_of(by, prefix=""):
    """What a table of warnings can be broken down by, as an expression."""
    return F("material__code") if by == "material" else groups(prefix)[by]


def table(rows, by, prefix=""):
    """Counts by division (one level below the prefix), chain, material, …; rows without a key are left out."""
    return [each for each in _counted(rows, key=key_of(by, prefix)) if each.key not in (None, "")]


def cross(rows, first, second, prefix=""):
    """Counts by two keys at once, in one query; the key is the pair."""
    return list(_counted(rows, first_key=key_of(first, prefix), second_key=key_of(second, prefix)))


def series(rows):
    """Counts day by day."""
    return list(_counted(rows, key=F("day")))


def names(by, keys, user):
    """What the keys of a table are called: {key: name}."""
    if by == "material":
        return {each.code: str(each) for each in Material.objects.filter(code__in=keys)}
    return names_of(by, keys, user)
