"""Verbs on nominations: propose, accept into a draft, decline, withdraw."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.register.models import Enterprise, Material, SupplyLink
from enterprises.register.supply.services import fault_of_material, fault_of_party
from enterprises.whitelists.drafts import draft_on, drafts_on, put_line
from enterprises.whitelists.models import Listing
from enterprises.whitelists.nearest import industry_office_over, nearest_list
from enterprises.whitelists.nominations import policies
from enterprises.whitelists.nominations.flows import NOMINATION_FLOW
from enterprises.whitelists.nominations.models import Nomination
from enterprises.whitelists.words import Action, Reason
from whitelist.audit.services import advance, record
from whitelist.core.codes import CODE, normalise
from whitelist.core.days import today
from whitelist.core.errors import Conflict, DomainError, Fault, NotAllowed
from whitelist.core.templatetags.face import quantity
from whitelist.delivery.services import later

__all__ = ["drafts_on", "nearest_list"]

MOST_NAMED = 2  # enough to know that a name is not enough


def check_may_nominate(*, by):
    if not policies.may_nominate(by):
        raise NotAllowed(_("A listed buyer nominates, or an editor of an office above it."))


def buyer_named(text, *, by):
    """The buyer for which this user acts: by code among those in sight; a clerk's is the own enterprise."""
    own = Enterprise.objects.visible_to(by)
    row = own.filter(pk=by.enterprise_id).first() if by.enterprise_id and not text else own.coded(text or "").first()
    if row is None:
        told = _("No enterprise of yours has the code %(code)s.") % {"code": normalise(text)[:18] or "–"}
        raise DomainError(told, errors=[Fault("buyer", "unknown_enterprise", told)])
    return row


def supplier_named(text):
    """The supplier that a contract names, wherever it stands: by code or by exact name."""
    code = normalise(text)
    if CODE.fullmatch(code):
        found = list(Enterprise.objects.coded(code)[:1])
    else:
        named = Enterprise.objects.filter(name=str(text).strip())
        found = list(named.active()[:MOST_NAMED]) or list(named[:1])
    if len(found) == MOST_NAMED:
        told = _("Several enterprises have this name. Give the code of the one that is meant.")
        raise DomainError(told, errors=[Fault("supplier", "ambiguous_enterprise", told)])
    if not found:
        told = _("The register has no enterprise with the code or exact name “%(text)s”.") % {"text": str(text)[:60]}
        raise DomainError(told, errors=[Fault("supplier", "unknown_enterprise", told)])
    return found[0]


def _faults(buyer, supplier, values, by):
    """Everything wrong with what was proposed, but for where it is to go."""
    if not policies.may_nominate_for(by, buyer):
        raise NotAllowed(_("Only the buyer itself or an office above it nominates its suppliers."))
    day = today()
    if supplier == buyer:
        yield Fault("supplier", "same", _("An enterprise does not nominate itself."))
    elif fault := fault_of_party(supplier, field="supplier"):
        yield fault
    if not Listing.objects.in_force(day).filter(enterprise=buyer).exists():
        told = _("%(name)s stands on no list today; only a listed buyer nominates.")
        yield Fault("buyer", "not_listed", told % {"name": buyer.name})
    if not values["contract_number"].strip():
        yield Fault("contract_number", "required", _("Give the number of the contract."))
    if values["contract_on"] > day:
        yield Fault("contract_on", "in_the_future", _("The contract is dated after today."))
    if not values["why"].strip():
        yield Fault("why", "required", _("Say why the supplier is needed."))
    if values.get("undertaking") is not True:
        yield Fault("undertaking", "required", _("A nomination needs the signed undertaking."))
    share = values.get("share")
    if share is not None and not 0 <= share <= 100:
        yield Fault("share", "out_of_range", _("A share lies between 0 and 100."))


def _target(supplier):
    """The list that a supplier is nominated for, or why there is none."""
    white_list = nearest_list(supplier)
    if white_list is None:
        told = _("No office above the plant of %(name)s keeps an open list, so there is nothing to nominate it for.")
        told = told % {"name": supplier.name}
        raise DomainError(told, errors=[Fault("supplier", "no_list", told)])
    if Listing.objects.in_force(today()).filter(white_list=white_list, enterprise=supplier).exists():
        told = _("%(name)s stands on the list of its office already: %(list)s.")
        told = told % {"name": supplier.name, "list": white_list.title}
        raise DomainError(told, errors=[Fault("supplier", "already_listed", told)])
    return white_list


@transaction.atomic
def nominate(*, buyer, supplier, contract_number, contract_on, why, undertaking, by, **values):
    """Propose a supplier of a listed buyer for the list of the supplier's own office, which decides.

    `supplier` is a row, or a code or exact name; `material` a row or a code, or nothing.
    """
    check_may_nominate(by=by)
    supplier = supplier if isinstance(supplier, Enterprise) else supplier_named(supplier)
    said = {"contract_number": contract_number, "contract_on": contract_on, "why": why, "undertaking": undertaking}
    faults = list(_faults(buyer, supplier, {**values, **said}, by))
    material = values.pop("material", None) or None
    if material is not None and not isinstance(material, Material):
        code = str(material).strip().lower()
        material = Material.objects.filter(code=code).first()
        faults += [] if material else [fault_of_material(code)]
    if faults:
        raise DomainError(_("The nomination cannot be sent like this."), errors=faults)
    white_list = _target(supplier)
    if Nomination.objects.under_way().filter(buyer=buyer, supplier=supplier, white_list=white_list).exists():
        raise Conflict(_("This nomination was accepted already; its line is being decided."), code="under_way")
    try:
        with transaction.atomic():
            made = Nomination.objects.create(
                buyer=buyer, supplier=supplier, material=material, white_list=white_list,
                buyer_office=industry_office_over(buyer), proposed_by=by, **said, **values,
            )  # fmt: skip
    except IntegrityError as refusal:
        if refusal.__cause__.diag.constraint_name != "nomination_open_once":
            raise
        told = _("This buyer has nominated this supplier already; the answer is still to come.")
        raise Conflict(told, code="nominated_already", errors=[Fault("supplier", "nominated_already", told)]) from None
    after = {"buyer": buyer.name, "supplier": supplier.name, "white_list": white_list.title}
    record(made, "nominated", by=by, after={**after, "contract_number": contract_number}, note=why)
    later("enterprises.tell_nominated", nomination=made.pk)
    return made


def evidence_of(nomination):
    """What speaks for the supplier, in one text for the line of the batch."""
    said = [
        _("Nominated by %(buyer)s, contract %(number)s of %(day)s, undertaking signed.")
        % {"buyer": nomination.buyer.name, "number": nomination.contract_number, "day": nomination.contract_on}
    ]
    if nomination.is_sole_source:
        said.append(_("Sole source."))
    if nomination.share is not None:
        said.append(_("Covers %(share)s %% of the need.") % {"share": quantity(nomination.share)})
    return " ".join([*said, nomination.why])


@transaction.atomic
def accept(nomination, *, by, batch=None, note=""):
    """Take a nomination up: a line with its evidence goes into a draft of the list, where others decide on it."""
    nomination = _locked(nomination)
    NOMINATION_FLOW.check(nomination, "accept", by=by)
    supplier, white_list = nomination.supplier, nomination.white_list
    if Listing.objects.standing().filter(white_list=white_list, enterprise=supplier).exists():
        raise Conflict(_("%(name)s is on the list by now."), code="already_listed", name=supplier.name)
    title = _("Nominations of %(day)s") % {"day": today()}
    draft = draft_on(white_list, by=by, title=title, batch=batch, holding=supplier)
    before = Nomination.objects.filter(line__batch=draft, line__enterprise=supplier).order_by("pk")
    texts = [evidence_of(each) for each in [*before.select_related("buyer"), nomination]]
    line = put_line(draft, supplier, action=Action.ADD, reason=Reason.NOMINATED, note=" ".join(texts), by=by)
    told = {"line": line, "decision_note": note, "decided_by": by, "decided_at": timezone.now()}
    nomination = advance(nomination, NOMINATION_FLOW, "accept", by=by, note=note, **told)
    later("enterprises.tell_nomination", nomination=nomination.pk, step="accepted")
    return nomination


@transaction.atomic
def decline(nomination, *, reason, by, note=""):
    if not reason:
        NOMINATION_FLOW.check(nomination, "decline", by=by)
        told = _("A refusal needs a reason.")
        raise DomainError(told, errors=[Fault("reason", "required", told)])
    told = {"decision_reason": reason, "decision_note": note, "decided_by": by, "decided_at": timezone.now()}
    nomination = advance(nomination, NOMINATION_FLOW, "decline", by=by, note=note, **told)
    later("enterprises.tell_nomination", nomination=nomination.pk, step="declined")
    return nomination


@transaction.atomic
def withdraw(nomination, *, by, note=""):
    nomination = advance(nomination, NOMINATION_FLOW, "withdraw", by=by, note=note)
    later("enterprises.tell_nomination", nomination=nomination.pk, step="withdrawn")
    return nomination


def _locked(nomination):
    rows = Nomination.objects.select_for_update(of=("self",)).order_by("pk")
    return rows.select_related("buyer", "supplier", "white_list__office").get(pk=nomination.pk)


def link_named(pk, *, by):
    """The supply link from which a nomination starts, where this user stands on its buyer's side; else None."""
    if not str(pk).isascii() or not str(pk).isdigit() or len(str(pk)) > 18:
        return None
    rows = SupplyLink.objects.visible_to(by).select_related("supplier", "buyer", "material")
    link = rows.filter(pk=int(pk)).first()
    return link if link and policies.may_nominate_for(by, link.buyer) else None
