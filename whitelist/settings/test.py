"""Settings of the test suite: real PostgreSQL and broker, hostile to carelessness."""

from whitelist.settings.base import *  # noqa: F403
from whitelist.settings.base import REST_FRAMEWORK, STORAGES, TEMPLATES

IS_DEMO = True
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
BEHIND_TLS = SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "sid"
SECURE_HSTS_SECONDS = 0
SECURE_PROXY_SSL_HEADER = None
COUNTS_KEPT_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True


class Undefined(str):
    """An undefined variable in a template fails the test that renders it."""

    def __mod__(self, name):
        raise AssertionError(f"undefined template variable: {name}")

    def __contains__(self, text):
        return text == "%s" or super().__contains__(text)


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("%s")
SIGN_INS_PER_ADDRESS_AND_MINUTE = 1000
PROXIES_IN_FRONT = 0
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING"}}
