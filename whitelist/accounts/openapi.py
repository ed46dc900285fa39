"""How the two ways of signing in are written in the contract."""

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "whitelist.accounts.backend.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        told = "A token of a system, made on its page or by `manage.py issue_token`."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "wl_…", "description": told}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "whitelist.accounts.backend.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema):
        told = "The browser's session; changes need the header X-CSRFToken as well."
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME, "description": told}
