"""Words are put together once for each language, and never in another's."""

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from whitelist.core.templatetags.face import state
from whitelist.core.words import in_each_language


def test_once_for_each_language():
    calls = []

    @in_each_language
    def said(what):
        """What is said."""
        calls.append(what)
        return f"{what} in {get_language()}"

    for _ in range(3):
        with override("en"):
            assert said("hello") == "hello in en"
        with override("zh-hans"):
            assert said("hello") == "hello in zh-hans"
    assert calls == ["hello"] * 2 and said.__doc__ == "What is said."


def test_what_is_equal_but_of_another_kind_is_not_taken_for_it():
    @in_each_language
    def kind(value):
        return type(value).__name__

    assert [kind(1), kind(True), kind("a"), kind(SafeString("a"))] == ["int", "bool", "str", "SafeString"]


def test_a_state_escapes_its_words_whoever_said_them_safely_before():
    assert "<i>x</i>" in state("good", mark_safe("<i>x</i>"))
    assert "&lt;i&gt;x&lt;/i&gt;" in state("good", "<i>x</i>")
