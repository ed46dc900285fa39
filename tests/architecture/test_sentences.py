"""What translators get is whole sentences, and a word with two meanings says which one it has."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext

from enterprises.register.words import Chain, Field, Standing
from enterprises.resumption.filing.forms import ReportForm
from tests.architecture.house import ROOT
from whitelist.core.management.commands.check_messages import entries

TEMPLATES = ROOT / "templates"
CATALOGUE = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
GLUED = {
    "a word and a moment": re.compile(r'translate "[^"]*" %\}\s*\{\{[^}]*\|(?:moment|day)\b'),
    "half a sentence and a link": re.compile(r'(?:translate "[^"]*[a-z,:]"|[a-z,:]\{% endblocktranslate) %\}\s*<a\b'),
    "a number and a word": re.compile(r"data-bulk-count>0</span>\s*\{% translate"),
    "a colon and what follows": re.compile(r'translate "[^"]*:" %\}'),
}


@pytest.mark.parametrize("what", GLUED)
def test_no_sentence_is_glued_together(what):
    found = {path.name for path in TEMPLATES.rglob("*.html") if GLUED[what].search(path.read_text(encoding="utf-8"))}
    assert found == set(), f"write one sentence with named placeholders instead of {what}"


@pytest.mark.parametrize(
    ("word", "contexts"),
    [
        ("warning", {"", "finding in a file"}),
        ("Field", {"", "of a form"}),
        ("On duty", {"rate", "number of persons"}),
        ("open", {"", "not yet closed"}),
        ("active", {"", "enterprise"}),
        ("agricultural materials", {"", "field"}),
    ],
)
def test_a_word_with_two_meanings_is_said_in_two_ways(word, contexts):
    with translation.override("zh-hans"):
        said = [pgettext(context, word) if context else gettext(word) for context in sorted(contexts)]
    assert len(set(said)) == len(said) and word not in said


def test_the_two_meanings_stand_where_they_are_meant():
    with translation.override("zh-hans"):
        assert str(Field.AGRICULTURE.label) == "农业生产物资" and str(Chain.AGRICULTURAL_MATERIALS.label) == "农用物资"
        assert str(Standing.ACTIVE.label) == "存续" and gettext("active") == "已启用"
        assert str(ReportForm.base_fields["staff_on_duty"].label) == "到岗人数"


def test_one_thing_has_one_wording():
    known = {message.rpartition("\x04")[2].lower() for message, _text, _fuzzy in entries(CATALOGUE)}
    assert {"daily use", "sole source", "listed since"} <= known
    assert not known & {"use a day", "sole supplier", "listed from"}
