"""Verbs on enterprises. Materials and supply links have theirs in `materials.py` and `supply.py`, re-exported here."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from enterprises.register import intake, policies
from enterprises.register.flows import ENTERPRISE_FLOW
from enterprises.register.materials.services import add_material, change_material, put_material
from enterprises.register.models import Enterprise, Material
from enterprises.register.supply import services as supply
from enterprises.register.supply.services import confirm_link, declare_link, put_link, remove_link
from enterprises.register.words import RetireReason, Standing
from whitelist.accounts.models import Division
from whitelist.audit.models import AuditEntry
from whitelist.audit.services import advance, record
from whitelist.core.days import today
from whitelist.core.errors import Conflict, DomainError, Fault, NotAllowed, WrongState

__all__ = ["add_material", "change_material", "confirm_link", "declare_link", "put_link", "put_material", "remove_link"]

WROTE = ("changed", "imported", "undone")  # steps that change fields of an enterprise, each telling the version before


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed since the editor read it: the value now stored, and the one now sent."""

    name: str
    theirs: object
    mine: object
    is_touched: bool

    @property
    def fault(self):
        told = _("Somebody changed this meanwhile. It is now: %(value)s.")
        return Fault(self.name, "changed_meanwhile", told % {"value": intake.worded(self.name, self.theirs)})


class EditConflict(Conflict):
    """An edit of an older version than the stored one. Nothing is written; `differences` say what to choose between."""

    code = "edit_conflict"

    def __init__(self, row, differences):
        super().__init__(
            _("Somebody changed this enterprise after you opened it. Nothing of yours is lost: choose field by field."),
            errors=[each.fault for each in differences],
        )
        self.row, self.differences = row, differences


def _locked(enterprise):
    return Enterprise.objects.select_for_update(of=("self",)).order_by("pk").get(pk=enterprise.pk)


def _ask(values, *, by, row, accept_doubt, accept_duplicate):
    """Refuse what is possible but doubtful until the sender says that it is meant."""
    faults = []
    for remark in intake.remarks(values, by=by, row=row):
        if remark.code == "same_name" and not accept_duplicate:
            faults.append(Fault("accept_duplicate", remark.code, remark.detail))
        elif remark.is_doubt and remark.code != "same_name" and not accept_doubt:
            faults.append(Fault("accept_doubt", remark.code, remark.detail))
    if faults:
        raise DomainError(
            _("One thing is doubtful. Look at it again, then say that it is meant."), code="doubtful", errors=faults
        )


def _store(row, **kwargs):
    """Save; a code that somebody else entered a moment ago is refused like any other."""
    try:
        with transaction.atomic():
            row.save(**kwargs)
    except IntegrityError as refusal:
        constraint = refusal.__cause__.diag.constraint_name or ""
        name = next((code for code in intake.CODES if code in constraint), None)
        if name is None:
            raise
        raise DomainError(errors=[intake.taken(name)]) from refusal


def _shown(row, names):
    return {name: intake.stored(row, name) for name in names}


@transaction.atomic
def add_enterprise(*, by, accept_doubt=False, accept_duplicate=False, **values):
    """Enter an enterprise whose plant stands in the user's division.

    A wrong check digit and a name that is there already are doubts: `accept_doubt`, `accept_duplicate` let them pass.
    """
    if not policies.may_add_enterprises(by):
        raise NotAllowed
    wanted = intake.read(values, by=by)
    _ask(values, by=by, row=None, accept_doubt=accept_doubt, accept_duplicate=accept_duplicate)
    row = Enterprise(**wanted)
    _store(row)
    record(
        row,
        "added",
        by=by,
        after={name: value for name, value in _shown(row, intake.FIELDS).items() if value not in (None, "", [])},
    )
    return row


@transaction.atomic
def change_enterprise(enterprise, *, version, by, accept_doubt=False, **values):
    """Change what is given of an enterprise, as read at `version`; if it has changed since, that is a conflict."""
    row = _locked(enterprise)
    if not policies.may_edit_enterprise(by, row):
        raise NotAllowed
    if row.status != Standing.ACTIVE:
        raise WrongState(
            _("This enterprise is %(state)s; it can no longer be changed."), state=row.get_status_display()
        )
    wanted = intake.read(values, by=by, row=row)
    guard_version(row, version, wanted)
    _ask(values, by=by, row=row, accept_doubt=accept_doubt, accept_duplicate=True)
    changed = [name for name in values if name in intake.FIELDS and wanted[_column(name)] != intake.stored(row, name)]
    if not changed:
        return row
    before = {"version": row.version} | _shown(row, changed)
    for name in changed:
        setattr(row, _column(name), wanted[_column(name)])
    row.version += 1
    _store(row, update_fields=[*changed, "version"])
    record(row, "changed", by=by, before=before, after={"version": before["version"]} | _shown(row, changed))
    return row


def _column(name):
    return intake.field_of(name).attname


def guard_version(row, version, wanted):
    """Refuse an edit of an older version, naming each field that somebody else changed, with its value now."""
    if row.version == version:
        return
    base = changed_since(row, version)
    names = [name for name in intake.FIELDS if _column(name) in wanted] if base is None else list(base)
    found = []
    for name in names:
        theirs = intake.stored(row, name)
        before = (
            theirs if base is None else intake.field_of(name).to_python(base[name]) if base[name] is not None else None
        )
        mine = wanted.get(_column(name), before)
        if mine != theirs:
            found.append(Difference(name, theirs, mine, is_touched=base is None or mine != before))
    raise EditConflict(row, found)


def changed_since(row, version):
    """The fields changed after `version`, each with its value then; None where the trail does not tell all of it."""
    if not 1 <= version < row.version:
        return None
    entries = AuditEntry.objects.about(row).filter(verb__in=WROTE, before__version__gte=version).order_by("pk")
    told, base = set(), {}
    for entry in entries:
        told.add(entry.before["version"])
        for name, value in entry.before.items():
            if name in intake.FIELDS:
                base.setdefault(name, value)
    return base if told == set(range(version, row.version)) else None


def _check_day(on):
    if on > today():
        told = _("An enterprise is retired on a day that has come; %(day)s has not.") % {"day": on}
        raise DomainError(errors=[Fault("on", "in_the_future", told)])


@transaction.atomic
def retire_enterprise(enterprise, *, reason, on, by, note=""):
    """End an enterprise's time in the register. Its listings stay until a batch removes them; nothing is deleted."""
    row = _locked(enterprise)
    ENTERPRISE_FLOW.check(row, "retire", by=by)
    if reason not in RetireReason.values:
        told = _("A retirement needs one of the reasons: %(reasons)s.") % {"reasons": ", ".join(RetireReason.values)}
        raise DomainError(errors=[Fault("reason", "unknown_reason", told)])
    _check_day(on)
    return advance(row, ENTERPRISE_FLOW, "retire", by=by, note=note, retired_reason=reason, retired_on=on)


def what_hangs_on(enterprise, *, day):
    """How many listings, links, users and key materials an enterprise has, for the page that asks before a step."""
    return {
        "listings": enterprise.listings.in_force(day).count(),
        "links": supply.links_of(enterprise).count(),
        "users": enterprise.clerks.filter(user__is_active=True).count(),
    }


def merge_preview(source, *, into, day):
    """What a merger would do, in numbers: links moved, joined, dropped; listings that stay; lists that forbid it."""
    moved, joined, dropped = supply.sort_links(source, into)
    return {
        "moved": len(moved),
        "joined": len(joined),
        "dropped": len(dropped),
        "listings": source.listings.in_force(day).count(),
        "users": source.clerks.filter(user__is_active=True).count(),
        "both_on": lists_with_both(source, into),
    }


def lists_with_both(source, into):
    """The white lists on which both stand, or stood, at the same time."""
    theirs = list(into.listings.all())
    ours = source.listings.select_related("white_list").order_by("white_list__title", "pk")
    both = {
        listing.white_list_id: listing.white_list
        for listing in ours
        for other in theirs
        if other.white_list_id == listing.white_list_id and _overlap(listing.days, other.days)
    }
    return list(both.values())


def _overlap(first, second):
    starts, ends = max(first.lower, second.lower), [days.upper for days in (first, second) if days.upper]
    return not ends or starts < min(ends)


@transaction.atomic
def merge_enterprises(source, *, into, by, note=""):
    """Merge one entry of the register into another: its supply links move, its listings stay where they were."""
    if source.pk == into.pk:
        raise DomainError(errors=[Fault("into", "same", _("An enterprise is not merged into itself."))])
    locked = Enterprise.objects.select_for_update(of=("self",)).order_by("pk").in_bulk([source.pk, into.pk])
    source, into = locked[source.pk], locked[into.pk]
    ENTERPRISE_FLOW.check(source, "merge", by=by)
    if not policies.may_merge_enterprise(by, into):
        raise NotAllowed
    if into.status != Standing.ACTIVE:
        told = _("%(name)s is %(state)s; merge into an active enterprise.") % {
            "name": into.name,
            "state": into.get_status_display(),
        }
        raise Conflict(told, code="not_active", errors=[Fault("into", "not_active", told)])
    both = lists_with_both(source, into)
    if both:
        titles = ", ".join(each.title for each in both)
        told = _("Both stand on the same list at the same time: %(lists)s. Remove one by a batch first.") % {
            "lists": titles
        }
        raise Conflict(told, code="both_listed", errors=[Fault("into", "both_listed", told)])
    counts = supply.move_links(source, into, by=by)
    row = advance(source, ENTERPRISE_FLOW, "merge", by=by, note=note, merged_into=into, retired_on=today())
    record(into, "absorbed", by=by, after={"enterprise": source.code, **counts}, note=note)
    return row


def put_enterprise(*, by, **values):
    """Add the enterprise with this code, or change the one that has it. Returns (enterprise, whether it is new).

    An enterprise outside the user's division is not there to be changed: its code is then taken.
    """
    known = None
    for name in intake.CODES:
        known = known or (Enterprise.objects.visible_to(by).coded(values[name]).first() if values.get(name) else None)
    if known is None:
        return add_enterprise(by=by, accept_doubt=True, accept_duplicate=True, **values), True
    return change_enterprise(known, version=_locked(known).version, by=by, accept_doubt=True, **values), False


def divisions_of(user):
    """The divisions that a form offers for a plant, by code. The nation has too many: there it is typed."""
    if not user.prefix:
        return []
    return list(Division.objects.filter(code__startswith=user.prefix).order_by("code"))


def vocabulary(user):
    return Material.objects.visible_to(user).for_table()


def touched_at(row):
    """Who changed the enterprise last, and when: the newest entry of its trail."""
    return AuditEntry.objects.about(row).for_table().first()
