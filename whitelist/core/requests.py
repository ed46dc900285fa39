"""What belongs to the request in hand: its id, and the last word on refusals that reach the page."""

import ipaddress
import re
import uuid
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from whitelist.core.errors import DomainError

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


def current_request_id():
    """The id of the request or job in hand, '' outside of both."""
    return _request_id.get()


def client_address(request):
    """The address of the caller, None where there is none.

    X-Forwarded-For is anybody's word but for what our own proxies have appended; with no proxy it is not read.
    """
    sent = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    hops = settings.PROXIES_IN_FRONT
    claimed = sent[-hops] if 0 < hops <= len(sent) else ""
    for text in (claimed, request.META.get("REMOTE_ADDR", "")):
        try:
            return str(ipaddress.ip_address(text))
        except ValueError:
            continue
    return None


def whereabouts(request):
    """The caller's address as limits count it: an IPv6 caller owns 64 bits of addresses and counts as one."""
    address = client_address(request)
    if address and ":" in address:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return address


class RequestIdMiddleware:
    """Gives each request an id, taken from X-Request-ID where that is harmless, and answers with it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.headers.get("X-Request-ID", "")
        token = _request_id.set(sent if _ACCEPTABLE.fullmatch(sent) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = current_request_id()
            return response
        finally:
            _request_id.reset(token)


class RefusalMiddleware:
    """A refusal of the domain that a page did not place beside a field becomes a page of its own; NUL never gets in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
            return HttpResponse(_("The address contains a character that cannot be read."), status=400)
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, DomainError):
            return None
        context = {
            "status": exception.status,
            "title": exception.title,
            "sentence": str(exception),
            "kept": "",
            "next_step": _("Go back and check the page; it may have changed meanwhile."),
        }
        return render(request, "error.html", context, status=exception.status)
