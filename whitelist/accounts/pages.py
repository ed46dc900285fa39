"""Signing in, one's own password, and the users whom an administrator looks after."""

import math

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView
from django.views.generic.base import TemplateResponseMixin
from django.views.generic.detail import SingleObjectMixin

from whitelist.accounts import policies, services
from whitelist.accounts.attempts import crowded_until, locked_until
from whitelist.accounts.filters import UserFilter
from whitelist.accounts.forms import (
    ChangePasswordForm,
    ColleagueForm,
    SetPasswordForm,
    SignInForm,
    TokenForm,
    UserChangeForm,
    UserForm,
)
from whitelist.accounts.models import ApiToken, Duty, User
from whitelist.audit import services as audit
from whitelist.audit.policies import may_read_audit
from whitelist.core.access import FormPage, Page, StepPage, anyone, signed_in
from whitelist.core.tables import TablePage


class SignInPage(Page, LoginView):
    access = anyone
    form_class = SignInForm
    redirect_authenticated_user = True

    def post(self, request, *args, **kwargs):
        until = crowded_until(request)
        if until:
            return refuse_sign_in(request, until=until, reason="crowded")
        return super().post(request, *args, **kwargs)


def locked_out(request, response, credentials):
    """What somebody sees whose account django-axes has locked: the same for names that do not exist."""
    return refuse_sign_in(request, until=locked_until((credentials or {}).get("username")), reason="locked")


def refuse_sign_in(request, *, until, reason):
    """The sign-in page with status 429, saying when to come back."""
    now = timezone.now()
    seconds = max(1, math.ceil(((until or now) - now).total_seconds()))
    after = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(after, {request.get_host()}, require_https=request.is_secure())
    context = {
        "form": SignInForm(request, initial={"username": request.POST.get("username", "")[:60]}),
        "next": after if is_ours else "",
        "refused": reason,
        "until": until,
        "minutes": math.ceil(seconds / 60),
    }
    answer = render(request, "registration/login.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


class SignOutPage(Page, LogoutView):
    access = anyone


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class PasswordChangePage(FormPage, FormView):
    access = signed_in
    form_class = ChangePasswordForm
    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("home")

    def perform(self, form):
        words = form.cleaned_data
        me = self.request.user
        user = services.change_password(
            me, by=me, old_password=words["old_password"], new_password=words["new_password"]
        )
        update_session_auth_hash(self.request, user)
        return _("Your password is changed. You are signed out everywhere else.")


class UserListPage(TablePage):
    model = User
    access = policies.may_administer
    filterset_class = UserFilter
    template_name = "accounts/user_list.html"
    export_name = "users"

    def narrow(self, queryset):
        """A checkpoint's administrator looks after nobody: the office of its division does."""
        return queryset.of_somebody().for_table() if policies.may_add_users(self.request.user) else queryset.none()

    def columns(self):
        return [
            (_("User name"), lambda user: user.username),
            (_("Name"), lambda user: user.name),
            (_("E-mail"), lambda user: user.email),
            (_("Office or enterprise"), lambda user: user.belongs_to),
            (_("Duties"), lambda user: ", ".join(map(str, user.duty_labels))),
            (_("Kind"), lambda user: _("system") if user.is_system else _("person")),
            (_("Active"), lambda user: _("yes") if user.is_active else _("no")),
            (
                _("Last sign-in"),
                lambda user: timezone.localtime(user.last_login).strftime("%Y-%m-%d %H:%M") if user.last_login else "",
            ),
        ]

    def get_context_data(self, **kwargs):
        me = self.request.user
        return super().get_context_data(may_add=policies.may_add_users(me), may_read_audit=may_read_audit(me), **kwargs)


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class UserAddPage(FormPage, FormView):
    access = policies.may_add_users
    template_name = "accounts/user_add.html"

    def get_form_class(self):
        return UserForm if self.request.user.office else ColleagueForm

    def get_form_kwargs(self):
        me = self.request.user
        return {**super().get_form_kwargs(), "user": me, "at_enterprise": me.office is None}

    def get_initial(self):
        return {**super().get_initial(), "office": self.request.user.office_id, "duties": [Duty.VIEW]}

    def perform(self, form):
        words = dict(form.cleaned_data)
        is_system = words.pop("kind", "person") == "system"
        self.made = services.add_user(by=self.request.user, is_system=is_system, **words)
        if is_system:
            return _("%(user)s is added. Make a token for it below.") % {"user": self.made}
        return _("%(user)s is added. Tell the first password in person.") % {"user": self.made}

    def get_success_url(self):
        return self.made.get_absolute_url()


class UserPage(FormPage, SingleObjectMixin, FormView):
    """A form about one user within the administrator's scope."""

    is_base = True
    model = User
    context_object_name = "holder"

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.object = self.get_object()
        return super().post(request, *args, **kwargs)

    def narrow(self, queryset):
        return queryset.of_somebody().for_request()

    def get_success_url(self):
        return self.object.get_absolute_url()


class UserDetailPage(UserPage):
    access = policies.may_administer
    form_class = UserChangeForm
    template_name = "accounts/user_detail.html"

    def get_form_kwargs(self):
        holder = self.object
        told = {"user": self.request.user, "held": holder.duties, "at_enterprise": holder.office is None}
        return {**super().get_form_kwargs(), **told}

    def get_initial(self):
        return {name: getattr(self.object, name) for name in ("name", "email", "duties", "is_active")}

    def perform(self, form):
        services.change_user(self.object, by=self.request.user, **form.cleaned_data)
        return _("%(user)s is changed; it holds from the next request on.") % {"user": self.object}

    def get_context_data(self, **kwargs):
        me, holder = self.request.user, self.object
        tokens = services.tokens_of(holder)
        return super().get_context_data(
            register_entry=holder.clerk.enterprise if holder.enterprise_id and me.holds(Duty.VIEW) else None,
            may_change=policies.may_administer_user(me, holder),
            may_set_password=policies.may_set_password(me, holder),
            may_make_token=policies.may_make_token(me, holder),
            tokens=tokens,
            live=sum(token.is_live for token in tokens),
            locked_until=locked_until(holder.username),
            timeline=audit.timeline(holder),
            **kwargs,
        )


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class UserPasswordPage(UserPage):
    access = policies.may_administer_access
    form_class = SetPasswordForm
    template_name = "accounts/user_password.html"

    def narrow(self, queryset):
        return super().narrow(queryset).filter(is_system=False)

    def perform(self, form):
        services.set_password(self.object, by=self.request.user, **form.cleaned_data)
        return _("%(user)s has a new password and is signed out everywhere.") % {"user": self.object}


@method_decorator(never_cache, name="dispatch")
class TokenAddPage(UserPage):
    """The answer to the POST is the only place where the secret ever stands."""

    access = policies.may_administer_access
    form_class = TokenForm
    template_name = "accounts/token_add.html"

    def narrow(self, queryset):
        return super().narrow(queryset).filter(is_system=True)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "holder": self.object}

    def perform(self, form):
        self.token, self.secret = services.make_token(self.object, by=self.request.user, **form.cleaned_data)

    def form_valid(self, form):
        response = super().form_valid(form)
        if not isinstance(response, HttpResponseRedirect):
            return response
        context = {"holder": self.object, "token": self.token, "secret": self.secret}
        return render(self.request, "accounts/token_made.html", context)


class TokenRevokePage(StepPage, TemplateResponseMixin):
    """GET says what will happen, POST does it."""

    model = ApiToken
    access = policies.may_administer_access
    http_method_names = ("get", "head", "post", "options")
    context_object_name = "token"
    template_name = "accounts/token_revoke.html"

    def narrow(self, queryset):
        return queryset.select_related("user__office")

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs):
        others = sum(token.is_live for token in services.tokens_of(self.object.user)) - self.object.is_live
        return super().get_context_data(others=others, **kwargs)

    def perform(self, token):
        services.revoke_token(token, by=self.request.user)
        return _("%(token)s is revoked; whoever uses it is refused from now on.") % {"token": token}

    def after(self, token):
        return reverse("user-detail", args=[token.user_id])
