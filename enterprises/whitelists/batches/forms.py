"""Shapes of what is typed about a batch: its lines, the decisions on them, and the words of each step."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from enterprises.models import Batch, BatchLine, Enterprise
from enterprises.register.words import Chain, Field
from enterprises.whitelists.words import Action, Reason, RejectReason, ReturnReason
from whitelist.core.days import today
from whitelist.core.errors import DomainError
from whitelist.core.scoping import ScopedChoiceField, ScopedForm

EMPTY = [("", _("As in the register"))]
LONGEST_NOTE = BatchLine._meta.get_field("note").max_length
MOST_PASTED = 5000


class EnterpriseField(ScopedChoiceField):
    """An enterprise of the user's scope by its code."""

    default_error_messages = {"invalid_choice": _("There is no enterprise with this code in your division.")}

    def __init__(self, **kwargs):
        super().__init__(Enterprise, widget=forms.HiddenInput, **kwargs)

    def to_python(self, value):
        found = self.queryset.coded(value).first() if value else None
        if value and found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class LinesField(forms.TypedMultipleChoiceField):
    """Ticked lines; which of them belong to the batch is asked when they are used."""

    def __init__(self, **kwargs):
        super().__init__(coerce=int, required=False, **kwargs)

    def valid_value(self, value):
        return value.isascii() and value.isdigit() and len(value) < 19


def said(choices):
    """Choices as one reads them at the start of a line."""
    return [(value, capfirst(label)) for value, label in choices]


def refusal_of(form):
    """The first thing wrong with a form, for places that have no room for the form itself."""
    return DomainError(next(str(text) for texts in form.errors.values() for text in texts))


def note(label=None, hint=""):
    return forms.CharField(label=label or _("Note"), max_length=LONGEST_NOTE, required=False, help_text=hint)


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=Batch._meta.get_field("title").max_length)


class LineForm(ScopedForm):
    enterprise = EnterpriseField()
    action = forms.ChoiceField(label=_("Action"), choices=said(Action.choices))
    chain = forms.ChoiceField(label=_("Chain"), choices=EMPTY + said(Chain.choices), required=False)
    field = forms.ChoiceField(label=_("Field"), choices=EMPTY + said(Field.choices), required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=said(Reason.choices))
    note = note(_("Note, evidence"))


class PasteForm(forms.Form):
    codes = forms.CharField(
        label=_("Codes"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
        help_text=_("One a line: unified social credit codes or old registration numbers. Each gets its own verdict."),
    )
    action = forms.ChoiceField(label=_("Action"), choices=said(Action.choices))
    reason = forms.ChoiceField(label=_("Reason"), choices=said(Reason.choices))

    def clean_codes(self):
        lines = [line.strip() for line in self.cleaned_data["codes"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_PASTED:
            raise forms.ValidationError(
                _("At most %(most)s codes at once; these are %(n)s."), params={"most": MOST_PASTED, "n": len(lines)}
            )
        return lines


class DropForm(forms.Form):
    lines = LinesField()

    def clean_lines(self):
        if not self.cleaned_data["lines"]:
            raise forms.ValidationError(_("Select the lines first."))
        return self.cleaned_data["lines"]


class DecideForm(forms.Form):
    """One line by its own button, or the ticked ones, or all that nobody has decided yet."""

    accept = forms.IntegerField(required=False, min_value=1)
    reject = forms.IntegerField(required=False, min_value=1)
    undo = forms.IntegerField(required=False, min_value=1)
    bulk = forms.ChoiceField(
        required=False, choices=[(name, name) for name in ("accept", "reject", "undo", "accept_rest")]
    )
    lines = LinesField()
    reason = forms.ChoiceField(
        label=_("Reason"), choices=said(RejectReason.choices), required=False, widget=forms.RadioSelect
    )
    note = note()

    def clean(self):
        asked = super().clean()
        single = next((name for name in ("accept", "reject", "undo") if asked.get(name)), "")
        if single:
            return {**asked, "verb": single, "ids": [asked[single]], "is_single": True}
        if asked.get("bulk") == "accept_rest":
            return {**asked, "verb": "accept", "ids": None, "is_single": False}
        if not asked.get("bulk") or not asked.get("lines"):
            raise forms.ValidationError(_("Select the lines first."))
        return {**asked, "verb": asked["bulk"], "ids": asked["lines"], "is_single": False}


class NoteForm(forms.Form):
    note = note()


class ReturnForm(NoteForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=said(ReturnReason.choices), widget=forms.RadioSelect)
    field_order = ("reason", "note")


class PublishForm(NoteForm):
    document_number = forms.CharField(
        label=_("Document number"), max_length=Batch._meta.get_field("document_number").max_length
    )
    effective_on = forms.DateField(
        label=_("In force from"),
        initial=today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field_order = ("document_number", "effective_on", "note")
