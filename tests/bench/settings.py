"""The product's own settings, with the bare lists beside its addresses and nobody throttled."""

from whitelist.settings.base import *  # noqa: F403
from whitelist.settings.base import ALLOWED_HOSTS, REST_FRAMEWORK

ROOT_URLCONF = "tests.bench.urls"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"user": "1000000/min", "anon": "1000000/min"}}
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "ERROR"}}
