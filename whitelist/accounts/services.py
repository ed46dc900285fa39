"""Verbs on users and tokens."""

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from whitelist.accounts import policies
from whitelist.accounts.models import ApiToken, Duty, User
from whitelist.core.errors import DomainError, Fault, NotAllowed, WrongState

TOKEN_DAYS = 365


def _may_give(by, duties):
    """Nobody hands out a duty that he does not hold himself, but for an administrator of the ministry."""
    beyond = [Duty(duty).label for duty in duties if duty not in by.duties and not by.is_national]
    if beyond:
        detail = _("You do not hold these duties yourself: %(duties)s.") % {"duties": ", ".join(map(str, beyond))}
        raise DomainError(detail, errors=[Fault("duties", "beyond_own", detail)])


@transaction.atomic
def add_user(*, username, name, office, duties, by, password=None, email="", is_system=False):
    """A new user of the own office or one below. A system gets no password: it signs in by token."""
    draft = User(
        username=username, name=name, office=office, duties=list(duties), email=email, is_system=is_system, responsible=by if is_system else None
    )
    if not policies.may_administer(by) or not by.covers(office.division_id):
        raise NotAllowed
    _may_give(by, duties)
    if User.objects.filter(username=username).exists():
        detail = _("This user name is taken.")
        raise DomainError(detail, errors=[Fault("username", "taken", detail)])
    if is_system:
        draft.set_unusable_password()
    else:
        try:
            validate_password(password, draft)
        except ValidationError as weak:
            raise DomainError(errors=[Fault("password", "weak", text) for text in weak.messages]) from weak
        draft.set_password(password)
    draft.save()
    return draft


@transaction.atomic
def change_user(user, *, by, name, email, duties, is_active):
    """Change a user's name, duties or access; a loss of rights works from the next request on."""
    if not policies.may_administer_user(by, user):
        raise NotAllowed
    _may_give(by, [duty for duty in duties if duty not in user.duties])
    user = User.objects.select_for_update(of=("self",)).order_by("pk").get(pk=user.pk)
    user.name, user.email, user.duties, user.is_active = name, email, list(duties), is_active
    user.save(update_fields=["name", "email", "duties", "is_active"])
    return user


@transaction.atomic
def make_token(holder, *, name, by, duties=None, days=TOKEN_DAYS):
    """A token for a system; the secret is in the answer and nowhere else."""
    if by is not None and not policies.may_make_token(by, holder):
        raise NotAllowed
    secret = ApiToken.new_secret()
    token = ApiToken.objects.create(
        user=holder,
        name=name,
        digest=ApiToken.digest_of(secret),
        prefix=secret[:10],
        duties=[duty for duty in holder.duties if duties is None or duty in duties],
        created_by=by,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return token, secret


@transaction.atomic
def revoke_token(token, *, by):
    if not policies.may_administer_user(by, token.user):
        raise NotAllowed
    if token.revoked_at:
        raise WrongState(_("This token was revoked before."))
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    return token
