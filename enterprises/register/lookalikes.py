"""Enterprises of nearly the same name: one under another spelling, or another one. People tell."""

import re
from collections import defaultdict

from django.db import connection

from enterprises.register.initials import BETWEEN
from enterprises.register.models import Enterprise, folded
from whitelist.core.codes import normalise
from whitelist.sheets.tables.upsert import chunks

GENERAL = re.compile(r"股份|有限|责任|公司|集团|省|市|[\s()\[\]【】《》·.,、'\"&/_-]")
COUNTING = frozenset("0123456789一二三四五六七八九十甲乙丙丁东南西北")  # what tells sisters apart
SHORTEST = 3
MOST_COMPARED = 300  # names compared letter by letter; of more, only those with the same core are found
MOST_TWINS = 3
NEAR = 0.65


def core(name):
    """What is left of a name without its legal form, brackets and blanks."""
    return next(cores([name]))


def cores(names):
    """The same of each of many names."""
    for some in chunks(names):
        yield from GENERAL.sub("", folded(BETWEEN.join(some))).split(BETWEEN)


def is_one_letter_apart(one, other):
    """Whether a single letter was mistyped, left out or added; a number that differs tells two plants apart."""
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    place = next((at for at, (here, there) in enumerate(zip(short, long, strict=False)) if here != there), len(short))
    if short[place + (len(short) == len(long)) :] != long[place + 1 :]:
        return False
    return not COUNTING & {long[place], *short[place : place + (len(short) == len(long))]}


def by_core(*, by):
    """The enterprises that somebody may see, by the core of their names: {core: [(id, name)]}."""
    found = defaultdict(list)
    named = Enterprise.objects.visible_to(by).active().order_by("pk").values_list("pk", "name")
    for each, left in zip(named, cores(name for _pk, name in named), strict=True):
        found[left].append(each)
    return found


class Held:
    """What a file of many rows is compared with, looked up once: the names that somebody may see, also by their core,
    and all codes.
    """

    def __init__(self, *, by):
        self.by_core = by_core(by=by)
        self.names = {name for twins in self.by_core.values() for _pk, name in twins}
        codes = Enterprise._base_manager.values_list("uscc", "registration_no")
        self.codes = {code for pair in codes.iterator() for code in pair if code}


def near(names, *, by, held=None, told=None):
    """The register's enterprises with nearly these names, but not the same: {name: [twin]}.

    `held` is what `by_core` gives, where that was asked already. `told` are the Notes of an import, to say how many
    names were too many to be compared letter by letter.
    """
    if not names:
        return {}
    held, found, rest = held or by_core(by=by), {}, []
    for name, left in zip(names, cores(names), strict=True):
        if len(left) < SHORTEST:
            continue
        if left in held and (twins := {pk for pk, other in held[left] if other != name}):
            found[name] = twins
        else:
            rest.append(name)
    if len(rest) <= MOST_COMPARED:
        for name, pk in _alike(rest):
            found.setdefault(name, set()).add(pk)
    elif told is not None:
        told.count("core_only", "name", len(rest))
    visible = Enterprise.objects.visible_to(by).active()
    held = visible.in_bulk({pk for pks in found.values() for pk in pks})
    near_names = {
        name: [
            twin_of(held[pk])
            for pk in sorted(pks)
            if pk in held and held[pk].name != name and is_one_letter_apart(core(name), core(held[pk].name))
        ][:MOST_TWINS]
        for name, pks in found.items()
    }
    return {name: twins for name, twins in near_names.items() if twins}


def _alike(names):
    """Pairs of a name and an enterprise in whose names or former names it nearly stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(NEAR)])
        cursor.execute(
            "SELECT a.name, e.id FROM unnest(%s::text[], %s::text[]) AS a(name, plain) "
            "JOIN enterprises_enterprise e ON a.plain <%% e.search",
            [names, [folded(name) for name in names]],
        )
        return cursor.fetchall()


def twin_of(enterprise):
    """What stands beside a row of a file, so that people can compare."""
    return {
        "code": normalise(enterprise.code),
        "name": enterprise.name,
        "place": f"{enterprise.division.name} {enterprise.division_id}",
        "state": str(enterprise.get_status_display()),
    }
