"""The frame around every page: navigation by the user's work, open counts, who one is and for which office.

Nothing is asked of the database before a template asks for it, so answers without the frame cost nothing.
"""

from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alerts.models import Warning
from whitelist.accounts.models import Duty
from whitelist.core.addresses import page_address
from whitelist.delivery.services import unread_by

OTHER_LANGUAGE = {"en": {"code": "zh-hans", "label": "中文"}, "zh": {"code": "en", "label": "English"}}


def frame(request):
    """The context processor: `frame` in every template."""
    return {"frame": Frame(request)}


def open_reds(user):
    """How many red warnings are open in the user's scope; counted at most every half minute for a scope."""
    scope = f"enterprise-{user.enterprise_id}" if user.enterprise_id else f"division-{user.prefix}"
    return cache.get_or_set(
        f"open-reds-{scope}", lambda: Warning.objects.visible_to(user).red_now().count(), settings.COUNTS_KEPT_SECONDS
    )


class Entry(NamedTuple):
    """An entry of the bar; `number` is of what is open behind it."""

    label: str
    href: str
    is_current: bool
    number: int


class Who(NamedTuple):
    """Who is signed in and for which office, how many notices wait, and whether he keeps his enterprise's users."""

    name: str
    office: str
    office_url: str
    notices: int
    notices_url: str
    keeps_users: bool


class Frame:
    """What `base.html` shows around a page. Somebody who has not signed in gets the mark and the language alone."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def user(self):
        """Who is signed in; nobody where the database cannot tell, so that the error page still draws."""
        try:
            user = getattr(self.request, "user", None)
            return user if user is not None and user.is_authenticated else None
        except DatabaseError:
            return None

    @cached_property
    def navigation(self):
        """The entries of the bar, as the user's work has them."""
        return tuple(self.entries()) if self.user else ()

    def entries(self):
        user = self.user
        if user.enterprise_id:
            yield self.entry(_("Today"), "report-today", "/today/", "/reports/")
            yield self.entry(_("Suppliers"), "supply-link-list", "/supply-links/", "/nominations/")
            yield self.entry(_("Listing"), "own-listing", "/listing/")
            yield self.entry(_("Warnings"), "warning-list", "/warnings/", "/rules/", count=open_reds(user))
            return
        yield self.entry(_("Board"), "home")
        if user.prefix is not None:
            registers = ("/enterprises/", "/materials/", "/supply-links/")
            recognition = ("/recognitions/", "/recognised/")
            proposals = ("/nominations/", "/adjustments/")
            yield self.entry(_("Lists"), "white-list-list", "/lists/", "/batches/", *recognition, *proposals)
            yield self.entry(_("Enterprises"), "enterprise-list", *registers)
            if user.holds(Duty.EDIT):
                yield self.entry(_("Imports"), "import-list", "/imports/")
            yield self.entry(_("Reports"), "report-list", "/reports/")
            yield self.entry(_("Warnings"), "warning-list", "/warnings/", "/rules/", count=open_reds(user))
        elif user.holds(Duty.VERIFY):
            yield self.entry(_("Recognised?"), "recognised-ask", "/recognised/")
        if user.holds(Duty.ADMIN):
            yield self.entry(_("Users"), "user-list", "/users/")

    def entry(self, label, name, *below, count=0):
        here, href = self.request.path, page_address(name)
        return Entry(label, href, here == href or here.startswith(below), count)

    @cached_property
    def who(self):
        """An enterprise finds its own entry of the register under its name."""
        user = self.user
        own = user.clerk.enterprise if user.enterprise_id else None
        return Who(
            name=str(user),
            office=str(own or user.office or ""),
            office_url=own.get_absolute_url() if own else "",
            notices=self.notices,
            notices_url=page_address("notice-list"),
            keeps_users=bool(own) and Duty.ADMIN in user.duties,
        )

    @cached_property
    def notices(self):
        """How many notices are unread."""
        return unread_by(self.user) if self.user else 0

    @cached_property
    def search_url(self):
        """Where the search of the bar leads: enterprises for offices, its own links for an enterprise."""
        return page_address("supply-link-list" if self.user and self.user.enterprise_id else "enterprise-list")

    @cached_property
    def home_url(self):
        return page_address("home")

    @property
    def is_demo(self):
        return settings.IS_DEMO

    @property
    def other_language(self):
        return OTHER_LANGUAGE["zh" if (get_language() or "").startswith("zh") else "en"]
