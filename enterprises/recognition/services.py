"""Verbs on recognitions: propose, accept, withdraw, lapse; leave single enterprises out."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.recognition import policies
from enterprises.recognition.flows import RECOGNITION_FLOW
from enterprises.recognition.models import Recognition, RecognitionException
from enterprises.recognition.words import RecognitionStatus
from enterprises.register.models import Enterprise
from enterprises.whitelists.models import Listing, WhiteList
from whitelist.accounts.models import NATION, Division, Level, Office, OfficeKind, User
from whitelist.audit.services import advance, record
from whitelist.core.days import ONE, today
from whitelist.core.errors import Conflict, DomainError, Fault, NotAllowed, WrongState
from whitelist.delivery.services import later

LONGEST = 366  # days: every agreement has an end that somebody remembers


def lists_of(user):
    """The lists that this user's office may offer to others."""
    return _running().filter(office=user.office_id)


def no_lists():
    return WhiteList.objects.none()


def lists_elsewhere(user):
    """The lists that this user's office may ask to recognise. Of each it learns the office and the title, no more."""
    return _running().exclude(office=user.office_id).exclude(office__division=NATION)


def _running():
    running = WhiteList.objects.filter(closed_on=None, ends_on__gt=today())
    return running.select_related("office").order_by("office__division_id", "title", "pk")


def offices_elsewhere(user):
    """The offices to which a list can be offered: those that keep lists, of provinces and prefectures."""
    keepers = Office.objects.filter(
        kind__in=policies.LIST_KEEPERS, division__level__in=(Level.PROVINCE, Level.PREFECTURE)
    )
    found = keepers.exclude(pk=user.office_id).exclude(kind=OfficeKind.WORKING_GROUP)
    return found.order_by("division_id", "kind")


def recogniser_named(white_list, division, kind, *, by):
    """The office that shall recognise a list: oneself for another's list, else the named division's office."""
    if division is None and white_list.office_id != by.office_id:
        return by.office
    if division is None:
        raise _fault("recogniser", "required", _("Say which division shall recognise your list."))
    offices = Office.objects.filter(division_id=division, kind=kind)
    found = offices.order_by("pk").first()
    if found is None:
        raise _fault("recogniser", "unknown", _("There is no such office."))
    return found


def places_to_ask(user):
    """The divisions offered to ask about: the reporting units, and the user's own with what lies right below."""
    own = user.office.division_id
    near = Q(is_reporting_unit=True) | Q(pk=own) | (Q(parent=own) if own != NATION else Q(pk=own))
    return Division.objects.visible_to(user).filter(near).order_by("code")


def standing_on(white_list, code, *, by):
    """The enterprise with this code that stands on a list today, among the listings that the user sees."""
    named = Enterprise.objects.coded(code)
    listing = Listing.objects.visible_to(by).in_force(today()).filter(white_list=white_list, enterprise__in=named)
    found = listing.select_related("enterprise").order_by("pk").first()
    if found is None:
        raise _fault("enterprise", "not_listed", _("No enterprise with this code stands on the list today."))
    return found.enterprise


def check_may_propose(*, by):
    if not policies.may_propose_recognitions(by):
        raise NotAllowed(_("Recognition is proposed by an approver of an office below the nation that keeps lists."))


@transaction.atomic
def propose_recognition(white_list, *, recogniser, since, until, by, chains=(), fields=(), note=""):
    """Offer or ask that an office recognises a list; the other side answers. Either side proposes."""
    if not policies.is_side(by, recogniser, white_list):
        raise NotAllowed(_("Only the office of the list or the one that shall recognise it proposes."))
    _check_sides(white_list, recogniser)
    _check_days(white_list, since, until)
    WhiteList.objects.select_for_update(no_key=True).order_by("pk").get(pk=white_list.pk)
    if white_list.recognitions.filter(recogniser=recogniser, status=RecognitionStatus.PROPOSED).exists():
        raise Conflict(_("A proposal about this list waits for an answer already."), code="already_proposed")
    _check_overlap(white_list, recogniser, since, until)
    recognition = Recognition.objects.create(
        white_list=white_list,
        recogniser=recogniser,
        chains=sorted(set(chains)),
        fields=sorted(set(fields)),
        since=since,
        until=until,
        note=note,
        proposing_office=recogniser if by.holds("approve", recogniser) else white_list.office,
        proposed_by=by,
    )
    agreed = {"since": str(since), "until": str(until), "chains": recognition.chains, "fields": recognition.fields}
    record(recognition, "proposed", by=by, after=agreed, note=note)
    later("enterprises.tell_proposed", recognition=recognition.pk)
    return recognition


def _check_sides(white_list, recogniser):
    if recogniser.pk == white_list.office_id:
        raise _fault("recogniser", "own_list", _("An office's own list counts in its division anyway."))
    if white_list.office.division_id == NATION:
        raise _fault("white_list", "ministry_list", _("The ministry's lists are recognised everywhere already."))
    if recogniser.division_id == NATION:
        raise _fault("recogniser", "too_wide", _("The nation recognises no list; provinces and prefectures do."))


def _check_days(white_list, since, until):
    if until < since:
        raise _fault("until", "ends_before_begin", _("The last day lies before the first."))
    if until < today():
        raise _fault("until", "in_the_past", _("The last day is over. Choose today or a later day."))
    if (until - since).days >= LONGEST:
        raise _fault("until", "too_long", _("A recognition lasts a year at most; it can be renewed."))
    if since > white_list.ends_on:
        detail = _("The list ends on %(day)s, before the recognition would begin.") % {"day": white_list.ends_on}
        raise _fault("since", "list_ends", detail)


def _fault(field, code, detail):
    return DomainError(detail, errors=[Fault(field, code, detail)])


def _check_overlap(white_list, recogniser, since, until, but=None):
    """Two agreements of the same two sides never hold on the same day."""
    same = white_list.recognitions.filter(recogniser=recogniser, held_from__lte=until, held_until__gte=since)
    found = same.exclude(pk=but).order_by("held_from").first()
    if found:
        told = {"since": found.held_from, "until": found.held_until}
        detail = _("This list is recognised already from %(since)s until %(until)s; choose other days.") % told
        raise Conflict(detail, code="overlaps")


@transaction.atomic
def accept_recognition(recognition, *, by, note=""):
    """The other side agrees: it holds from its first day, or from today if that is over."""
    RECOGNITION_FLOW.check(recognition, "accept", by=by)
    if recognition.until < today():
        raise WrongState(_("The last day that was proposed is over. Propose it anew."))
    WhiteList.objects.select_for_update(no_key=True).order_by("pk").get(pk=recognition.white_list_id)
    since = max(recognition.since, today())
    _check_overlap(recognition.white_list, recognition.recogniser, since, recognition.until, but=recognition.pk)
    recognition = advance(
        recognition,
        RECOGNITION_FLOW,
        "accept",
        by=by,
        note=note,
        accepted_by=by,
        accepted_at=timezone.now(),
        held_from=since,
        held_until=recognition.until,
    )
    later("enterprises.tell_recognition", recognition=recognition.pk, step="accepted")
    return recognition


@transaction.atomic
def withdraw_recognition(recognition, *, by, note=""):
    """Either side ends it: from this moment on it holds nowhere. What held until yesterday stays in the record."""
    RECOGNITION_FLOW.check(recognition, "withdraw", by=by)
    if not note.strip():
        raise _fault("note", "required", _("Say why the recognition is withdrawn: the other side reads it."))
    recognition = Recognition.objects.select_for_update(of=("self",)).order_by("pk").get(pk=recognition.pk)
    held = {"held_from": recognition.held_from, "held_until": recognition.held_until}
    if recognition.held_from is not None and recognition.held_until >= today():
        began = recognition.held_from < today()
        held = {"held_from": held["held_from"] if began else None, "held_until": today() - ONE if began else None}
    recognition = advance(recognition, RECOGNITION_FLOW, "withdraw", by=by, note=note, **held)
    later("enterprises.tell_recognition", recognition=recognition.pk, step="withdrawn")
    return recognition


def lapse_ended(day):
    """Write down which agreements and proposals the clock has ended; the answers did not wait for this."""
    clock = User.objects.system()
    ended = list(Recognition.objects.ended(day).order_by("pk"))
    for recognition in ended:
        advance(recognition, RECOGNITION_FLOW, "lapse", by=clock)
        later("enterprises.tell_recognition", recognition=recognition.pk, step="lapsed")
    return len(ended)


@transaction.atomic
def except_enterprise(recognition, *, enterprise, reason, by):
    """Leave one enterprise out of what is recognised, from today on, with the reason that its office reads."""
    check_may_except(recognition, by=by)
    if not reason.strip():
        raise _fault("reason", "required", _("Say why this enterprise is left out: its office reads it."))
    _hold(recognition)
    if recognition.exceptions.filter(enterprise=enterprise, until=None).exists():
        raise Conflict(_("This enterprise is excepted already."), code="already_excepted")
    made = RecognitionException.objects.create(
        recognition=recognition, enterprise=enterprise, reason=reason.strip(), since=today(), made_by=by
    )
    record(recognition, "excepted", by=by, after={"enterprise": enterprise.code}, note=reason)
    later("enterprises.tell_exception", exception=made.pk)
    return made


@transaction.atomic
def end_exception(exception, *, by):
    """Let an excepted enterprise count again, from today on."""
    recognition = exception.recognition
    check_may_except(recognition, by=by)
    _hold(recognition)
    exception.refresh_from_db()
    if exception.until is not None:
        raise WrongState(_("This exception has ended already."))
    exception.until = max(today(), exception.since)
    exception.save(update_fields=["until"])
    record(recognition, "exception_ended", by=by, after={"enterprise": exception.enterprise.code})
    return exception


def check_may_except(recognition, *, by):
    if not policies.may_except(by, recognition):
        raise NotAllowed(_("Exceptions are made by the office that recognises the list."))
    if recognition.status not in (RecognitionStatus.PROPOSED, RecognitionStatus.IN_FORCE):
        raise WrongState(_("This recognition has ended; nothing can be excepted from it."))


def _hold(recognition):
    Recognition.objects.select_for_update(of=("self",)).order_by("pk").get(pk=recognition.pk)
