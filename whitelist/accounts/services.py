"""Verbs on users, passwords and tokens. Every one leaves an entry; none of them records a secret."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from whitelist.accounts import policies
from whitelist.accounts.attempts import unlock
from whitelist.accounts.models import NATION, ApiToken, Duty, Office, OfficeKind, User
from whitelist.accounts.words import AT_ENTERPRISES
from whitelist.audit.services import record
from whitelist.core.errors import DomainError, Fault, NotAllowed, WrongState

TOKEN_DAYS, MOST_TOKEN_DAYS = 365, 730


def offices_within(user):
    """The offices a user sees."""
    return Office.objects.visible_to(user)


def may_give(by, duties, *, at_enterprise=False):
    """Refuse what goes beyond one's own duties; only an administrator of the ministry hands out any.

    An office's administrator gives users of an enterprise what concerns their own enterprise, held by himself or not.
    """
    given = Duty if by.is_national else by.duties
    if at_enterprise and by.office is not None:
        given = [*given, *AT_ENTERPRISES]
    beyond = [Duty(duty).label for duty in duties if duty not in given]
    if beyond:
        detail = _("You do not hold these duties yourself: %(duties)s.") % {"duties": ", ".join(map(str, beyond))}
        raise DomainError(detail, errors=[Fault("duties", "beyond_own", detail)])


def _fit_for_enterprise(duties):
    """Refuse duties that are an office's matter."""
    wrong = [Duty(duty).label for duty in duties if duty not in AT_ENTERPRISES]
    if wrong:
        named = {"duties": ", ".join(map(str, wrong))}
        detail = _("Users of an enterprise have none of these duties: %(duties)s.") % named
        raise DomainError(detail, errors=[Fault("duties", "not_at_enterprises", detail)])


def _checked(user):
    """Refuse what the fields of a user do not take."""
    try:
        user.clean_fields(exclude={"password"})
    except ValidationError as wrong:
        raise DomainError(
            errors=[Fault(name, "invalid", text) for name, texts in wrong.message_dict.items() for text in texts]
        ) from wrong


def _strong(password, user, *, field="password"):
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise DomainError(errors=[Fault(field, "weak", text) for text in weak.messages]) from weak


def _known(user):
    """What an entry tells of a user."""
    return {"name": user.name, "email": user.email, "duties": user.duties, "is_active": user.is_active}


def _taking_users(enterprise):
    """The enterprise, kept from being retired meanwhile; one whose time in the register has ended takes nobody in."""
    rows = type(enterprise)._base_manager.select_for_update(of=("self",), no_key=True)
    row = rows.order_by("pk").get(pk=enterprise.pk)
    if not row.is_active:
        told = _("This enterprise is %(state)s; nobody can be added to it any more.")
        raise WrongState(told, state=row.get_status_display())
    return row


@transaction.atomic
def add_user(*, username, name, duties, by, office=None, enterprise=None, password=None, email="", is_system=False):
    """A new user of an office, or a person of an enterprise; without either, of the caller's own enterprise.

    A system gets no password: it signs in by token. A person replaces the given password at the first sign-in.
    """
    if not policies.may_add_to(by, office, enterprise) or (is_system and office is None):
        raise NotAllowed
    if office is None:
        enterprise = _taking_users(enterprise or by.clerk.enterprise)
        _fit_for_enterprise(duties)
    may_give(by, duties, at_enterprise=office is None)
    made = User(
        username=username,
        name=name,
        office=office,
        duties=list(duties),
        email=email,
        is_system=is_system,
        responsible=by if is_system else None,
        must_change_password=not is_system,
    )
    _checked(made)
    if is_system:
        made.set_unusable_password()
    else:
        _strong(password or "", made)
        made.set_password(password)
    try:
        if User.objects.filter(username__iexact=username).exists():
            raise IntegrityError
        with transaction.atomic():
            made.save()
    except IntegrityError as taken:
        detail = _("This user name is taken.")
        raise DomainError(detail, errors=[Fault("username", "taken", detail)]) from taken
    if office is None:
        User._meta.get_field("clerk").related_model._base_manager.create(user=made, enterprise=enterprise)
        made = User.objects.for_request().get(pk=made.pk)
    of = {"office": str(office)} if office else {"enterprise": str(made.belongs_to)}
    record(made, "added", by=by, after={"username": username, **of, "is_system": is_system} | _known(made))
    return made


@transaction.atomic
def change_user(user, *, by, name, email, duties, is_active):
    """Change a user's name, duties or access; a loss of rights works from the next request on."""
    if not policies.may_administer_user(by, user):
        raise NotAllowed
    user = User.objects.select_for_update(of=("self",)).order_by("pk").get(pk=user.pk)
    new = [duty for duty in duties if duty not in user.duties]
    if user.office_id is None:
        _fit_for_enterprise(new)
    may_give(by, new, at_enterprise=user.office_id is None)
    before = _known(user)
    user.name, user.email, user.duties, user.is_active = name, email, list(duties), is_active
    _checked(user)
    user.save(update_fields=["name", "email", "duties", "is_active"])
    if _known(user) != before:
        record(user, "changed", by=by, before=before, after=_known(user))
    return user


@transaction.atomic
def set_password(user, *, by, password):
    """Give a user a new password, to be replaced at the next sign-in; ends the user's sessions and lifts a lock.

    Whoever sets a password could use it, so it takes all the duties of its owner.
    """
    if not policies.may_set_password(by, user):
        raise NotAllowed
    may_give(by, user.duties, at_enterprise=user.office_id is None)
    user = User.objects.select_for_update(of=("self",)).order_by("pk").get(pk=user.pk)
    _strong(password, user)
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    unlock(user.username)
    record(user, "password set", by=by)
    return user


@transaction.atomic
def change_password(user, *, by, old_password, new_password):
    """Replace one's own password; sessions elsewhere end."""
    if by.pk != user.pk or user.is_system:
        raise NotAllowed
    user = User.objects.select_for_update(of=("self",)).order_by("pk").get(pk=user.pk)
    if not user.check_password(old_password):
        raise DomainError(errors=[Fault("old_password", "wrong", _("This is not your present password."))])
    if old_password == new_password:
        raise DomainError(errors=[Fault("new_password", "same", _("Choose one that differs from the present one."))])
    _strong(new_password, user, field="new_password")
    user.set_password(new_password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(user, "password changed", by=by)
    return user


@transaction.atomic
def first_admin(*, username, password, name=""):
    """The ministry's first administrator; refused as soon as there is one, who then adds the others."""
    ministry = Office.objects.select_for_update().order_by("pk").get(division=NATION, kind=OfficeKind.INDUSTRY)
    if User.objects.holding(Duty.ADMIN).filter(office=ministry, is_active=True).exists():
        raise WrongState(_("The ministry has an administrator already."))
    made = User(
        username=username, name=name, office=ministry, duties=[Duty.VIEW, Duty.ADMIN], must_change_password=True
    )
    _checked(made)
    _strong(password, made)
    if User.objects.filter(username__iexact=username).exists():
        raise DomainError(_("This user name is taken."))
    made.set_password(password)
    made.save()
    record(made, "added", by=None, after={"username": username, "office": str(ministry)} | _known(made))
    return made


@transaction.atomic
def make_token(holder, *, name, by, duties=None, days=TOKEN_DAYS):
    """A token for a system; the secret is in the answer and nowhere else. Without a `by` it is the operator's doing."""
    wanted = list(holder.duties) if duties is None else [duty for duty in holder.duties if duty in duties]
    if by is not None:
        if not policies.may_make_token(by, holder):
            raise NotAllowed
        may_give(by, wanted)
    if not 1 <= days <= MOST_TOKEN_DAYS:
        detail = _("A token lasts from 1 to %(most)s days.") % {"most": MOST_TOKEN_DAYS}
        raise DomainError(detail, errors=[Fault("days", "out_of_range", detail)])
    if not holder.is_active:
        raise WrongState(_("This user is not active."))
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        user=holder,
        name=name,
        digest=ApiToken.digest_of(secret),
        prefix=secret[:10],
        duties=wanted,
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    record(holder, "token made", by=by, after={"token": str(token), "duties": wanted, "expires_at": token.expires_at})
    return token, secret


@transaction.atomic
def revoke_token(token, *, by):
    """End a token at once; whoever uses it is refused from the next request on."""
    if not policies.may_make_token(by, token.user):
        raise NotAllowed
    token = (
        ApiToken.objects.select_for_update(of=("self",)).select_related("user__office").order_by("pk").get(pk=token.pk)
    )
    if token.revoked_at:
        raise WrongState(_("This token was revoked before."))
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(token.user, "token revoked", by=by, before={"token": str(token), "duties": token.duties})
    return token


def tokens_of(holder):
    """A user's tokens, the newest first."""
    return list(holder.tokens.select_related("created_by"))
