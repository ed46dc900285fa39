"""Limits by the minute, counted where callers at the same moment get different numbers. A lost cache refuses nobody."""

import time

from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

from whitelist.core.requests import whereabouts


def this_minute(what, who):
    """How often somebody did something in the running minute, this time counted, and the seconds left of it."""
    now = time.time()
    return cache.counted(f"{what}:{who}:{int(now // 60)}", 120), 60 - now % 60


class ApiThrottle(BaseThrottle):
    """So many requests a minute from each user, and fewer from each address of callers who have not signed in."""

    left = None

    def allow_request(self, request, view):
        if request.user.is_authenticated:
            who, most = request.user.pk, settings.API_REQUESTS_PER_MINUTE
        else:
            who, most = whereabouts(request), settings.API_REQUESTS_PER_MINUTE_UNKNOWN
        number, self.left = this_minute("api", who)
        return number <= most

    def wait(self):
        """Seconds until the next request is answered, for `Retry-After`."""
        return self.left
