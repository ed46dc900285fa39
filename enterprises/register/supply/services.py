"""Verbs on supply links: who supplies whom with what, declared by one side and confirmed by another."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register import intake, policies
from enterprises.register.models import Enterprise, Material, SupplyLink
from enterprises.register.words import Standing
from whitelist.audit.services import record
from whitelist.core.codes import normalise
from whitelist.core.errors import DomainError, Fault, NotAllowed, WrongState

LINK = ("share", "criticality", "is_sole_source")
AROUND = ("id", "supplier", "buyer", "material", "declared_by", "version", "created_at", "updated_at")
WHOLE = 100


def fault_of_party(row, *, field, said=""):
    """What keeps an enterprise from being one side of a link; `row` is None where `said` names none."""
    if row is None:
        told = _("The register has no enterprise with the code %(code)s.") % {"code": said or "–"}
        return Fault(field, "unknown_enterprise", told)
    if row.status != Standing.ACTIVE:
        told = _("%(name)s is %(state)s in the register.") % {"name": row.name, "state": row.get_status_display()}
        return Fault(field, "not_active", told)
    return None


def partner(text, *, field):
    """The active enterprise that a contract names by its code, wherever it stands."""
    code = normalise(text)
    row = Enterprise.objects.coded(code).first() if len(code) in (15, 18) else None
    if fault := fault_of_party(row, field=field, said=code[:18]):
        raise DomainError(errors=[fault])
    return row


def faults_between(supplier, buyer, *, by):
    """What keeps these two from being linked by this user: one of them must be the user's own."""
    if supplier == buyer:
        return [Fault("buyer", "same", _("An enterprise does not supply itself."))]
    if not policies.may_declare_link(by, supplier, buyer):
        told = _("One of the two must be yours: your enterprise, or one with its plant in your division.")
        return [Fault(field, "outside_scope", told) for field in ("supplier", "buyer")]
    return []


def fault_of_material(code):
    told = _("“%(code)s” is no material of the vocabulary.") % {"code": code[:40]}
    return Fault("material", "unknown_material", told)


def _parties(supplier, buyer, material, by):
    """Both sides and the material, out of rows or codes; raises with every fault."""
    faults, sides = [], {}
    for field, named in (("supplier", supplier), ("buyer", buyer)):
        try:
            sides[field] = named if isinstance(named, Enterprise) else partner(named, field=field)
        except DomainError as refusal:
            faults += refusal.errors
    if not isinstance(material, Material):
        code = str(material or "").strip().lower()
        material = Material.objects.filter(code=code).first()
        if material is None:
            faults.append(fault_of_material(code))
    if len(sides) == 2:
        faults += faults_between(sides["supplier"], sides["buyer"], by=by)
    if faults:
        raise DomainError(_("The supply link cannot be entered like this."), errors=faults)
    return sides["supplier"], sides["buyer"], material


def faults_in(link):
    """What is wrong with the figures of a link by themselves."""
    try:
        link.clean_fields(exclude=set(AROUND))
    except ValidationError as refusal:
        return intake.faults_of(refusal)
    return []


def fault_beyond_whole(share, others):
    """Confirmed suppliers together do not cover more than the whole need; `others` is what all the others cover."""
    if share is None or others + share <= WHOLE:
        return None
    told = _(
        "Other confirmed suppliers cover %(others)s %% of this need already; together that is more than the whole."
    )
    return Fault("share", "beyond_whole", told % {"others": others})


def _check(link):
    if faults := faults_in(link):
        raise DomainError(_("The supply link cannot be entered like this."), errors=faults)


def _guard_whole(link):
    others = SupplyLink.objects.filter(buyer=link.buyer_id, material=link.material_id, is_confirmed=True)
    told_before = others.exclude(pk=link.pk).aggregate(sum=Sum("share"))["sum"] or 0
    if fault := fault_beyond_whole(link.share, told_before):
        raise DomainError(errors=[fault])


def _shown(link):
    return {"supplier": link.supplier_id, "buyer": link.buyer_id, "material": link.material_id} | {
        name: getattr(link, name) for name in LINK
    }


@transaction.atomic
def declare_link(*, supplier, buyer, material, by, **values):
    """Declare that a supplier covers part of a buyer's need. One side is the declarer's own; it waits for confirmation.

    `supplier` and `buyer` are rows or codes, `material` a row or its code; `values` are those of LINK.
    """
    if not policies.may_declare_links(by):
        raise NotAllowed
    supplier, buyer, material = _parties(supplier, buyer, material, by)
    link = SupplyLink(supplier=supplier, buyer=buyer, material=material, declared_by=by)
    for name in LINK:
        if values.get(name) is not None:
            setattr(link, name, values[name])
    _check(link)
    _guard_whole(link)
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError as refusal:
        if refusal.__cause__.diag.constraint_name != "supply_link_once":
            raise
        told = _("This supply link is declared already.")
        raise DomainError(told, errors=[Fault("material", "declared_already", told)]) from refusal
    record(link, "declared", by=by, after=_shown(link))
    return link


def _locked(link):
    return (
        SupplyLink.objects.select_for_update(of=("self",))
        .select_related("supplier", "buyer", "material", "declared_by__clerk")
        .order_by("pk")
        .get(pk=link.pk)
    )


def _save(link, *names):
    """Store these fields as the next version; returns which version stood before, for the trail."""
    was = {"version": link.version}
    link.version, link.updated_at = link.version + 1, timezone.now()
    link.save(update_fields=[*names, "version", "updated_at"])
    return was


@transaction.atomic
def put_link(*, supplier, buyer, material, by, **values):
    """Declare a link, or change the one between the same two for the same material. Returns (link, whether it is new).

    Changed figures are a new declaration: the link waits for confirmation again.
    """
    if not policies.may_declare_links(by):
        raise NotAllowed
    supplier, buyer, material = _parties(supplier, buyer, material, by)
    known = SupplyLink.objects.filter(supplier=supplier, buyer=buyer, material=material).first()
    if known is None:
        return declare_link(supplier=supplier, buyer=buyer, material=material, by=by, **values), True
    link = _locked(known)
    before = _shown(link)
    for name in LINK:
        if name in values and (values[name] is not None or name == "share"):
            setattr(link, name, values[name])
    _check(link)
    if _shown(link) != before:
        _guard_whole(link)
        link.is_confirmed, link.declared_by = False, by
        was = _save(link, *LINK, "is_confirmed", "declared_by")
        record(link, "changed", by=by, before=was | before, after=was | _shown(link))
    return link, False


@transaction.atomic
def confirm_link(link, *, by):
    """Confirm what somebody else declared."""
    link = _locked(link)
    if not policies.may_confirm_link(by, link):
        raise NotAllowed(
            _("A supply link is confirmed by the other side or by an office above it, not by whoever declared it.")
        )
    if link.is_confirmed:
        raise WrongState(_("This supply link is confirmed already."))
    _guard_whole(link)
    link.is_confirmed = True
    was = _save(link, "is_confirmed")
    record(link, "confirmed", by=by, before=was | {"is_confirmed": False}, after=was | {"is_confirmed": True})
    return link


@transaction.atomic
def remove_link(link, *, by, note=""):
    """Take a link off the register; the trail keeps what it said. An enterprise removes only what nobody confirmed."""
    link = _locked(link)
    if not policies.may_remove_link(by, link):
        raise NotAllowed
    if link.is_confirmed and by.enterprise_id is not None:
        raise WrongState(_("A confirmed supply link is removed by an office."))
    record(link, "removed", by=by, before=_shown(link) | {"is_confirmed": link.is_confirmed}, note=note)
    link.delete()


def links_of(enterprise):
    return SupplyLink.objects.of(enterprise)


def sort_links(source, into):
    """What a merger does with the links of `source`: (moved, the same as one of `into`, between the two)."""
    known = set(SupplyLink.objects.of(into).values_list("supplier_id", "buyer_id", "material_id"))
    moved, joined, dropped = [], [], []
    for link in SupplyLink.objects.of(source).select_related("buyer", "supplier").order_by("pk"):
        supplier = into.pk if link.supplier_id == source.pk else link.supplier_id
        buyer = into.pk if link.buyer_id == source.pk else link.buyer_id
        target = dropped if supplier == buyer else joined if (supplier, buyer, link.material_id) in known else moved
        target.append(link)
    return moved, joined, dropped


def move_links(source, into, *, by):
    """Move the links of a merged enterprise; returns how many were moved, joined and dropped."""
    moved, joined, dropped = sort_links(source, into)
    for link in [*joined, *dropped]:
        record(link, "removed", by=by, before=_shown(link) | {"is_confirmed": link.is_confirmed})
        link.delete()
    for link in moved:
        before = _shown(link)
        link.supplier, link.buyer = (into if each.pk == source.pk else each for each in (link.supplier, link.buyer))
        was = _save(link, "supplier", "buyer")
        record(link, "moved", by=by, before=was | before, after=was | _shown(link))
    return {"moved": len(moved), "joined": len(joined), "dropped": len(dropped)}
