"""What rows share is drawn once, for the very values that it names and for nothing else."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.utils import translation
from django.utils.safestring import mark_safe

from tests.core.test_face import Undefined
from whitelist.accounts.models import Division
from whitelist.core.templatetags import rows

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LIBRARIES = {"rows": "whitelist.core.templatetags.rows", "i18n": "django.templatetags.i18n"}


def template(source):
    engine = Engine(dirs=[TEMPLATES], libraries=LIBRARIES, string_if_invalid=Undefined("%s"))
    return engine.from_string("{% load rows i18n %}" + source)


def drawings(made):
    (node,) = made.nodelist.get_nodes_by_type(rows.Alike)
    return len(node.drawn)


def test_equal_values_are_drawn_once():
    made = template(
        "{% for row in rows %}{% alike chain=row.0 field=row.1 %}[{{ chain }} {{ field }}]{% endalike %}{% endfor %}"
    )
    text = made.render(Context({"rows": [("food", "a"), ("food", "b"), ("food", "a"), ("food", "a")]}))
    assert text == "[food a][food b][food a][food a]"
    assert drawings(made) == 2
    assert made.render(Context({"rows": [("food", "b")]})) == "[food b]"
    assert drawings(made) == 2


def test_nothing_but_the_named_values_is_known():
    made = template("{% alike chain=row.chain %}{{ chain }}{{ user }}{% endalike %}")
    with pytest.raises(AssertionError, match="user"):
        made.render(Context({"row": {"chain": "food"}, "user": "somebody else"}))


def test_each_language_has_its_own():
    made, told = template("{% alike n=n %}{% translate 'Yes' %}{{ n }}{% endalike %}"), set()
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            told.add(made.render(Context({"n": 1})))
    assert len(told) == drawings(made) == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [("<b>", mark_safe("<b>")), (mark_safe("<b>"), "<b>"), (1, True), (Decimal("1.0"), 1)],
)
def test_what_is_equal_but_of_another_kind_is_drawn_by_itself(first, second):
    made, alone = (template("{% alike value=value %}{{ value }}{% endalike %}") for _time in range(2))
    made.render(Context({"value": first}))
    assert made.render(Context({"value": second})) == alone.render(Context({"value": second}))


def test_without_escaping_is_drawn_by_itself():
    made = template("{% alike value=value %}{{ value }}{% endalike %}")
    assert made.render(Context({"value": "<b>"}, autoescape=False)) == "<b>"
    assert made.render(Context({"value": "<b>"})) == "&lt;b&gt;"


def test_a_row_is_no_value_because_its_words_may_change():
    made = template("{% alike of=of %}{{ of }}{% endalike %}")
    with pytest.raises(TypeError, match="name the words"):
        made.render(Context({"of": Division(code="310000", name="上海市")}))


def test_no_more_is_kept_than_that(monkeypatch):
    monkeypatch.setattr(rows, "KEPT", 3)
    made = template("{% for n in numbers %}{% alike n=n %}{{ n }}{% endalike %}{% endfor %}")
    assert made.render(Context({"numbers": [1, 2, 3, 4, 1]})) == "12341"
    assert drawings(made) <= 3


@pytest.mark.parametrize("tag", ["alike", "alike row.chain", "alike chain=row.chain field"])
def test_a_tag_that_names_nothing_is_refused_when_the_template_is_read(tag):
    with pytest.raises(TemplateSyntaxError):
        template("{% " + tag + " %}{% endalike %}")


def test_a_choice_has_its_word_without_its_row():
    made = template(
        '{{ "food"|word_for:"enterprises.Enterprise.chain" }} {{ ""|word_for:"enterprises.Enterprise.chain" }}|'
    )
    with translation.override("en"):
        assert made.render(Context()) == "Food |"
