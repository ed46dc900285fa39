"""Locks two and three: the only bases for views. Each view declares its `access`; forgetting it fails at import.

The order of refusals is the same everywhere: outside the scope 404, not one's duty 403, wrong state 409.
"""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.generic import View
from django.views.generic.base import ContextMixin
from django.views.generic.detail import SingleObjectMixin

from whitelist.core.errors import DomainError


def anyone(user):
    """Access for what the public may read."""
    return True


def signed_in(user):
    """Access for everybody who has signed in."""
    return user.is_authenticated and user.is_active


def require_declared(view, *, base):
    """Refuse, when the class is made, a view without `access` or with a query of its own."""
    if "queryset" in view.__dict__:
        raise TypeError(f"{view.__name__} defines queryset; declare model and narrow() instead")
    declared = view.__dict__.get("access") or next(
        (b.__dict__["access"] for b in view.__mro__ if "access" in b.__dict__), None
    )
    if declared is None and not view.__dict__.get("is_base"):
        raise TypeError(f"{view.__name__} does not declare access")
    if callable(view.__dict__.get("access")) and not isinstance(view.__dict__["access"], staticmethod):
        view.access = staticmethod(view.__dict__["access"])


class Page(View):
    """A page for people. Lists and objects start from the rows visible to the user and refine with `narrow`."""

    is_base = True
    model: type[Model] | None = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        require_declared(cls, base=Page)

    def dispatch(self, request, *args, **kwargs):
        if not self.access(request.user):
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if isinstance(self, SingleObjectMixin):
                self.get_object()
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        return self.narrow(self.model._default_manager.visible_to(self.request.user))

    def narrow(self, queryset):
        """What this page shows of the visible rows."""
        return queryset

    def visible(self, model, **keys):
        """One row of another model within the user's scope, or 404."""
        row = model._default_manager.visible_to(self.request.user).filter(**keys).first()
        if row is None:
            raise Http404
        return row


class StepPage(Page, SingleObjectMixin, ContextMixin, View):
    """One verb on one row: POST runs `perform`, says what happened, and goes on to `after`.

    A refusal of the domain becomes a message on the page the user came from; nothing is half done.
    """

    is_base = True
    http_method_names: tuple[str, ...] = ("post", "options")

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        try:
            said = self.perform(self.object)
        except DomainError as refusal:
            return self.refused(refusal)
        if said:
            messages.success(request, said)
        return HttpResponseRedirect(self.after(self.object))

    def refused(self, refusal):
        if refusal.status == 403:
            raise PermissionDenied(str(refusal)) from refusal
        details = " ".join(str(fault.detail) for fault in refusal.errors if str(fault.detail) != str(refusal))
        messages.error(self.request, f"{refusal} {details}".strip())
        return HttpResponseRedirect(self.after(self.object))

    def perform(self, row):
        """Call the service; return the sentence for the toast."""
        raise TypeError(f"{type(self).__name__} does not say what it performs")

    def after(self, row):
        return row.get_absolute_url()


class FormPage(Page):
    """A form whose service may refuse: faults land on their fields, and nothing typed is lost."""

    is_base = True

    def form_valid(self, form):
        try:
            said = self.perform(form)
        except DomainError as refusal:
            if refusal.status == 403:
                raise PermissionDenied(str(refusal)) from refusal
            attach(form, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=refusal.status)
        if said:
            messages.success(self.request, said)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def perform(self, form):
        raise TypeError(f"{type(self).__name__} does not say what it performs")


def attach(form, refusal):
    """Put a refusal's faults beside the form's fields, and what belongs to none of them on top."""
    placed = False
    for fault in refusal.errors:
        if fault.pointer in form.fields:
            form.add_error(fault.pointer, str(fault.detail))
            placed = True
        else:
            form.add_error(None, str(fault.detail))
            placed = True
    if not placed:
        form.add_error(None, str(refusal) or _("This cannot be accepted as it is."))
