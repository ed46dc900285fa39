"""Shapes of what is typed about proposals: which ones, and why they are dismissed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.whitelists.adjustments.words import DismissReason
from enterprises.whitelists.batches.forms import LinesField, NoteForm, said


class DecideForm(NoteForm):
    """One by its own button, or the ticked ones."""

    take = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    bulk = forms.ChoiceField(required=False, choices=[("take", "take"), ("dismiss", "dismiss")])
    chosen = LinesField()
    reason = forms.ChoiceField(label=_("Reason"), choices=said(DismissReason.choices), required=False)

    def clean(self):
        asked = super().clean()
        if asked.get("take"):
            return {**asked, "verb": "take", "ids": [asked["take"]]}
        if not asked.get("bulk") or not asked.get("chosen"):
            raise forms.ValidationError(_("Select the proposals first."))
        return {**asked, "verb": asked["bulk"], "ids": asked["chosen"]}


class DismissForm(NoteForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=said(DismissReason.choices), widget=forms.RadioSelect)
    field_order = ("reason", "note")
