from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from whitelist.accounts.models import Duty, Office
from whitelist.accounts.words import ALLOWS, AT_ENTERPRISES
from whitelist.core.scoping import ScopedChoiceField, ScopedForm

PERIODS = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("one year")), (730, _("two years"))]
PASSWORD_HINT = _("At least 10 characters; not only digits, nothing common, nothing from the name.")


def duty_choices(duties):
    """The duties with what each allows, in the order of the product."""
    return [
        (duty, format_html('<strong>{}</strong> <span class="soft">{}</span>', duty.label, ALLOWS[duty]))
        for duty in Duty
        if duty in duties
    ]


def chosen_password(**kwargs):
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(strip=False, widget=widget, max_length=200, **kwargs)


class SignInForm(AuthenticationForm):
    """With a name that is really limited: the frame's form only tells the browser so."""

    username = UsernameField(max_length=60)


class DutiesForm(ScopedForm):
    """Offers the duties that the administrator may give, and those the user holds already."""

    duties = forms.MultipleChoiceField(label=_("Duties"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, user, held=(), at_enterprise=False, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        given = list(Duty) if user.is_national else user.duties
        if at_enterprise:
            given = [duty for duty in AT_ENTERPRISES if user.office or duty in given]
        self.fields["duties"].choices = duty_choices([*given, *held])


class ColleagueForm(DutiesForm):
    """A person of an enterprise: the administrator's own, or one that the office covers."""

    username = forms.CharField(
        label=_("User name"), max_length=60, help_text=_("Letters, digits and @ . + - _; it cannot be changed later.")
    )
    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As colleagues see it on what this user does."))
    email = forms.EmailField(label=_("E-mail"), required=False)
    password = chosen_password(
        label=_("First password"),
        help_text=_("At least 10 characters. It must be replaced at the first sign-in."),
    )


class UserForm(ColleagueForm):
    """A person or a system of the administrator's office or of one below."""

    KINDS = (
        ("person", _("A person, who signs in with a password")),
        ("system", _("A system, which signs in with tokens")),
    )

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="person", widget=forms.RadioSelect)
    office = ScopedChoiceField(Office, label=_("Office"))
    password = chosen_password(
        label=_("First password"),
        required=False,
        help_text=_("For a person: at least 10 characters. It must be replaced at the first sign-in."),
    )

    def clean(self):
        told = super().clean()
        if told.get("kind") == "person" and not told.get("password"):
            self.add_error("password", ValidationError(_("A person needs a first password."), code="required"))
        return told


class UserChangeForm(DutiesForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_active = forms.BooleanField(label=_("Active: may sign in and use tokens"), required=False)


class SetPasswordForm(forms.Form):
    password = chosen_password(label=_("New password"), help_text=PASSWORD_HINT)


class ChangePasswordForm(forms.Form):
    old_password = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = chosen_password(label=_("New password"), help_text=PASSWORD_HINT)
    again = chosen_password(label=_("New password once more"))

    def clean(self):
        told = super().clean()
        if told.get("new_password") and told.get("again") and told["new_password"] != told["again"]:
            self.add_error("again", ValidationError(_("The two new passwords differ."), code="mismatch"))
        return told


class TokenForm(forms.Form):
    """The duties of a token are at most those of its system."""

    name = forms.CharField(
        label=_("Purpose"), max_length=80, help_text=_("Which program uses it, so that it is known whom to ask.")
    )
    days = forms.TypedChoiceField(label=_("Lasts"), choices=PERIODS, coerce=int, initial=365)
    duties = forms.MultipleChoiceField(label=_("Duties"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, holder, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["duties"].choices = duty_choices(holder.duties)
        self.fields["duties"].initial = list(holder.duties)
