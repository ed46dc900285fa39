"""The refusals of the product, each with the status and code that page and API answer with."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input: where (field name or JSON pointer), a stable code, a sentence for the user."""

    pointer: str
    code: str
    detail: object


class DomainError(Exception):
    """The input breaks a rule of the product; `errors` names the fields. Answered as 400."""

    status, code, title = 400, "invalid", _("This cannot be accepted as it is.")

    def __init__(self, message=None, *, code=None, errors=(), **params):
        self.message, self.params, self.errors = message or self.title, params, list(errors)
        if code:
            self.code = code
        super().__init__(message)

    def __str__(self):
        return str(self.message) % self.params if self.params else str(self.message)


class NotAllowed(DomainError):
    """Policy: this person does not hold the duty. Answered as 403."""

    status, code, title = 403, "not_allowed", _("This is not among your duties.")


class WrongState(DomainError):
    """Flow: the step is known, but not from where this row stands now. Answered as 409."""

    status, code, title = 409, "wrong_state", _("This step is not possible in the present state.")


class Conflict(DomainError):
    """Somebody else changed the row, or two wishes exclude each other. Answered as 409."""

    status, code, title = 409, "conflict", _("This conflicts with a change made meanwhile.")


class Stale(DomainError):
    """The tag sent in If-Match is not the row's present one. Answered as 412."""

    status, code, title = 412, "stale_tag", _("The object has changed since you read it. Read it again.")


class TagRequired(DomainError):
    """A change of this object needs If-Match. Answered as 428."""

    status, code, title = 428, "tag_required", _("Send the object's ETag in the header If-Match.")


class KeyReused(DomainError):
    """The Idempotency-Key was used before with another request. Answered as 422."""

    status, code, title = 422, "key_reused", _("This Idempotency-Key was used with another request.")
