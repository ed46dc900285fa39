"""Shapes of what is typed about a list: opening one, and which two moments of it are compared."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from enterprises.models import WhiteList
from enterprises.whitelists import services
from enterprises.whitelists.words import ListKind
from whitelist.core.days import ONE, today


def day(label, *, submits=False, **kwargs):
    attrs = {"type": "date", **({"data-autosubmit": True, "aria-label": label} if submits else {})}
    return forms.DateField(label=label, widget=forms.DateInput(attrs=attrs, format="%Y-%m-%d"), **kwargs)


class WhiteListForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=WhiteList._meta.get_field("title").max_length)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(value, capfirst(label)) for value, label in ListKind.choices],
        widget=forms.RadioSelect,
        initial="key_industry",
    )
    opened_on = day(_("Opens on"), initial=today)
    ends_on = day(
        _("Ends on"), help_text=_("The first day on which it is no longer in force. It can be closed earlier.")
    )


class DiffForm(forms.Form):
    """Two days, or two published batches of the list, which stand for the list as they left it.

    Where nothing is asked it is the last batch against the one before.
    """

    def __init__(self, asked, *, white_list, user):
        super().__init__(asked)
        self.white_list, self.listings = white_list, white_list.listings.visible_to(user)
        batches = white_list.batches.published().order_by("-number")
        for name, label in (("from", _("From")), ("to", _("To"))):
            self.fields[name] = day(label, submits=True, required=False)
            widget = forms.Select(attrs={"data-autosubmit": True, "aria-label": label})
            self.fields[f"{name}_batch"] = forms.ModelChoiceField(
                batches, label=label, required=False, widget=widget, empty_label=_("the empty list")
            )
        self.fields["to_batch"].empty_label = None
        self.last = batches.first()
        asks_days = any(asked.get(name) for name in ("from", "to"))
        asks_batches = any(asked.get(name) for name in ("from_batch", "to_batch"))
        self.asks_nothing = not asks_days and not asks_batches
        self.by_batch = self.last is not None and not (asks_days and not asks_batches)

    def ends(self):
        """The two moments: batches or days; the first batch may be missing, which is the empty list."""
        said = self.cleaned_data if self.is_valid() else {}
        if self.by_batch and self.asks_nothing:
            return self.white_list.batches.published().filter(number=self.last.number - 1).first(), self.last
        if self.by_batch:
            return said.get("from_batch"), said.get("to_batch") or self.last
        until = said.get("to") or today()
        return said.get("from") or until - ONE, until

    def changes(self):
        """The two moments, and what was added, removed and amended between them under their keys and headings."""
        first, last = self.ends()
        if self.by_batch:
            found = services.changes_of_batches(self.listings, first, last)
        else:
            found = services.changes_between(self.listings, first, last)
        headings = (("added", _("Added")), ("removed", _("Removed")), ("amended", _("Amended")))
        return first, last, [(key, heading, rows) for (key, heading), rows in zip(headings, found, strict=True)]
