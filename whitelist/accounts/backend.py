"""Signing in: by password on the page, by token on the API. Rights are read anew at every request."""

from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.authentication import SessionAuthentication as DrfSessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from whitelist.accounts.models import ApiToken, User
from whitelist.core.compiled import Compiled

USE_RECORDED_EVERY = timedelta(minutes=1)
A_SECRET, NO_USER = "", -1


@cache
def _active_user():
    """Every request of somebody who has signed in begins with this query: it is compiled once."""
    return Compiled(User.objects.for_request().filter(pk=NO_USER, is_active=True).order_by("pk")[:1])


@cache
def _usable_token():
    """Every request of a system begins with this query: it is compiled once."""
    related = ("user__office", "user__clerk__enterprise")
    return Compiled(ApiToken.objects.usable(A_SECRET).select_related(*related).order_by("pk")[:1])


def _token_with(digest, now):
    """The live token with this digest of a secret and its user, with everything that a request asks of them."""
    marks = {ApiToken.digest_of(A_SECRET): digest}
    return _usable_token().first(lambda mark: now if isinstance(mark, datetime) else marks.get(mark, mark))


class PasswordBackend(BaseBackend):
    """User name and password; systems have no password."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if not username or not password or "\x00" in username:
            return None
        user = User.objects.for_request().filter(username=username, is_system=False).first()
        if user is None:
            make_password(password)
            return None
        return user if check_password(password, user.password) and user.is_active else None

    def get_user(self, user_id):
        return _active_user().first(lambda mark: user_id if mark == NO_USER else mark)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer wl_…`; the caller holds no more duties than both the token and its user do."""

    def authenticate(self, request):
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        try:
            (secret,) = (part.decode("ascii") for part in parts[1:])
        except ValueError:
            raise AuthenticationFailed(_("Write the header as “Authorization: Bearer wl_…”.")) from None
        now = timezone.now()
        token = _token_with(ApiToken.digest_of(secret), now)
        if token is None:
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."))
        user = token.user
        user.duties = [duty for duty in user.duties if duty in token.duties]
        if token.last_used_at is None or now - token.last_used_at > USE_RECORDED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return user, token

    def authenticate_header(self, request):
        return "Bearer"


class SessionAuthentication(DrfSessionAuthentication):
    """The browser's session, with CSRF; a refusal is 401, not 403."""

    def authenticate_header(self, request):
        return "Session"
