"""Shapes of what is typed about a recognition: its terms, why it ends, whom it leaves out, and the question."""

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import Recognition, RecognitionException
from enterprises.recognition import services
from enterprises.register.words import Chain, Field
from enterprises.whitelists.forms import day
from whitelist.accounts.models import Division
from whitelist.core.codes import normalise
from whitelist.core.days import ONE, today
from whitelist.core.scoping import ScopedChoiceField, ScopedForm

NOTE = Recognition._meta.get_field("note").max_length
REASON = RecognitionException._meta.get_field("reason").max_length
USUAL = 90  # days that a proposal lasts where nobody says otherwise


def several(label, choices):
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: all.")
    )


def in_three_months():
    return today() + ONE * (USUAL - 1)


class TermsForm(forms.Form):
    """What a proposal says beside the two sides."""

    chains = several(_("Chains"), Chain.choices)
    fields_covered = several(_("Fields"), Field.choices)
    since = day(_("From"), initial=today)
    until = day(_("Until"), initial=in_three_months, help_text=_("The last day on which it holds; a year at most."))
    note = forms.CharField(
        label=_("Note"), max_length=NOTE, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The other side reads it."),
    )  # fmt: skip

    def terms(self):
        said = self.cleaned_data
        kept = {name: said[name] for name in ("chains", "since", "until", "note")}
        return {**kept, "fields": said["fields_covered"]}


class AskForm(TermsForm):
    """We would recognise another office's list."""

    white_list = forms.ModelChoiceField(None, label=_("List to recognise"), empty_label=_("Choose a list"))
    field_order = ("white_list",)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["white_list"].queryset = services.lists_elsewhere(user)
        self.fields["white_list"].label_from_instance = lambda row: f"{row.office.division} – {row.title}"
        self.recogniser = user.office

    def sides(self):
        return self.cleaned_data["white_list"], self.recogniser


class OfferForm(TermsForm):
    """Others shall recognise a list of ours."""

    white_list = forms.ModelChoiceField(None, label=_("Our list"), empty_label=_("Choose a list"))
    recogniser = forms.ModelChoiceField(None, label=_("Who shall recognise it"), empty_label=_("Choose an office"))
    field_order = ("white_list", "recogniser")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["white_list"].queryset = services.lists_of(user)
        self.fields["recogniser"].queryset = services.offices_elsewhere(user)

    def sides(self):
        return self.cleaned_data["white_list"], self.cleaned_data["recogniser"]


class WithdrawForm(forms.Form):
    note = forms.CharField(
        label=_("Why"), max_length=NOTE, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The other side reads it."),
    )  # fmt: skip


class ExceptionForm(forms.Form):
    enterprise = forms.CharField(
        label=_("Code of the enterprise"), max_length=40, help_text=_("As it stands on the list.")
    )
    reason = forms.CharField(
        label=_("Why"), max_length=REASON, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The list's office reads it."),
    )  # fmt: skip


def code_of(text):
    """A USCC or registration number as it is stored; '' where the text can be neither."""
    code = normalise(text)
    return code if len(code) in (15, 18) and code.isascii() and code.isalnum() else ""


class QuestionForm(ScopedForm):
    """Does this enterprise count there, on that day?"""

    uscc = forms.CharField(
        label=_("Code of the enterprise"), max_length=40,
        widget=forms.TextInput(attrs={"autofocus": True, "spellcheck": "false", "autocapitalize": "characters"}),
    )  # fmt: skip
    division = ScopedChoiceField(Division, label=_("Where"))
    as_of = day(_("On"), initial=today, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["division"].queryset = services.places_to_ask(self.user)

    def clean_uscc(self):
        code = code_of(self.cleaned_data["uscc"])
        if not code:
            raise forms.ValidationError(_("A code has 18 characters, a registration number 15."))
        return code

    def clean_as_of(self):
        return self.cleaned_data["as_of"] or today()
