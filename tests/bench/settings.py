"""The product's own settings, with the bare lists beside its addresses and nobody throttled."""

from whitelist.settings.base import *  # noqa: F403
from whitelist.settings.base import ALLOWED_HOSTS

ROOT_URLCONF = "tests.bench.urls"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
API_REQUESTS_PER_MINUTE = API_REQUESTS_PER_MINUTE_UNKNOWN = 1_000_000
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
