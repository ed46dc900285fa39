"""The parts of the face: how values are written, what is said aloud, and that hostile text stays text."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Engine
from django.test import RequestFactory, override_settings
from django.utils import translation

from whitelist.core import styleguide
from whitelist.core.templatetags import charts, face

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = """<script>alert(1)</script>"'&"""
NBSP = "\N{NO-BREAK SPACE}"


class Undefined(str):
    """A template that asks for something it was not given fails here."""

    def __contains__(self, text):
        return text == "%s"

    def __mod__(self, name):
        raise AssertionError(f"undefined in a template: {name}")


@pytest.fixture(scope="module")
def engine():
    libraries = {
        "face": "whitelist.core.templatetags.face",
        "charts": "whitelist.core.templatetags.charts",
        "rows": "whitelist.core.templatetags.rows",
        "i18n": "django.templatetags.i18n",
        "static": "django.templatetags.static",
        "django_htmx": "django_htmx.templatetags.django_htmx",
    }
    return Engine(dirs=[ROOT / "templates"], libraries=libraries, string_if_invalid=Undefined("%s"))


@pytest.fixture
def draw(engine):
    def render(source, **values):
        return engine.from_string("{% load face charts %}" + source).render(Context(values))

    return render


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def at_address(query):
    return RequestFactory().get(f"/rows/{query}")


# Values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (22522, "22,522"),
        (Decimal("3.500"), "3.5"),
        (Decimal("4200.00"), "4,200"),
        (Decimal("1E+3"), "1,000"),
        (-1234, "−1,234"),
        (Decimal("-0.0"), "0"),
        (0, "0"),
        (None, "—"),
        ("", "—"),
        ("many", "many"),
        (float("nan"), "nan"),
    ],
)
def test_a_quantity_reads_with_thousands_and_without_trailing_zeros(value, text):
    assert face.quantity(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal(57800) / 666, "86.8"), (98, "98.0"), (Decimal("86.75"), "86.8"), (0, "0.0"), (None, "–"), ("", "–")],
)
def test_a_rate_has_one_decimal_and_unknown_is_never_zero(value, text):
    assert face.rate(value) == text


def test_a_day_reads_in_the_language_of_the_page():
    on = date(2022, 5, 9)
    assert face.day(on) == f"9{NBSP}May{NBSP}2022"
    assert face.short_day(on) == f"9{NBSP}May"
    with translation.override("zh-hans"):
        assert face.day(on) == "2022年5月9日"
        assert face.short_day(on) == "5月9日"
    assert face.day(None) == "—"


def test_a_moment_is_told_by_the_clock_in_china():
    instant = datetime(2022, 5, 9, 16, 31, tzinfo=UTC)
    assert face.moment(instant) == f"10{NBSP}May{NBSP}2022{NBSP}00:31"
    assert face.day(instant) == f"10{NBSP}May{NBSP}2022"
    with translation.override("zh-hans"):
        assert face.moment(instant) == f"2022年5月10日{NBSP}00:31"
    assert face.moment(None) == "—"


@pytest.mark.parametrize(("value", "text"), [("310101199001011234", "****1234"), ("1234", "****"), (None, "—")])
def test_a_masked_number_shows_its_last_four_and_not_its_length(value, text):
    assert face.mask_tail(value) == text


# Badges and figures


def test_a_level_says_its_word_also_when_it_shows_a_number(draw):
    html = draw('{% level "red" "2.1 d" %}')
    assert "level-red" in html and "▲" in html and "Red" in html and "2.1 d" in html
    assert "No data" in draw('{% status "grey" %}')


def test_a_level_of_nought_is_still_a_number(draw):
    assert "</span>0</span>" in draw('{% level "red" count %}', count=0)


def test_a_state_it_does_not_know_is_neutral(draw):
    assert "state-neutral" in draw('{% state "odd" "Odd" %}')
    assert "state-good" in draw('{% state "published" "Published" %}')


def test_an_unknown_figure_is_a_dash_without_a_unit(draw):
    html = draw('{% figure "Resumed" value unit="%" %}', value=None)
    assert "—" in html and "%" not in html


def test_a_change_says_aloud_whether_it_is_better(draw):
    html = draw(
        '{% figure "Resumed" "91.0" unit="%" change="+0.8 pts" tone="better" href="/rows/" spark=spark %}', spark=[1, 2]
    )
    assert "(better)" in html and 'href="/rows/"' in html and "91.0" in html and "<svg" in html


def test_progress_that_is_not_known_says_so(draw):
    assert "not known" in draw('{% progress ratio "Reported" %}', ratio=None)
    assert 'value="96.4"' in draw('{% progress ratio "Reported" %}', ratio=Decimal("0.964"))


# Tables


def test_a_heading_sorts_up_then_down_and_keeps_the_filters(draw):
    html = draw('{% sort_header "name" "Enterprise" %}', request=at_address("?chain=food&page=3"))
    assert "chain=food" in html and "sort=name" in html and "page=" not in html and "aria-sort" not in html
    html = draw('{% sort_header "name" "Enterprise" %}', request=at_address("?sort=name"))
    assert "sort=-name" in html and 'aria-sort="ascending"' in html


def test_the_pager_says_which_rows_and_keeps_the_address(draw):
    page = Paginator(range(22522), 50).get_page(7)
    html = draw("{% pager page %}", page=page, request=at_address("?q=%E6%B2%AA&page=7"))
    assert "301 to 350 of 22,522" in html and "q=%E6%B2%AA" in html and "page=8" in html


# What happened


def test_a_timeline_takes_mappings_and_objects_and_shows_the_changes(draw):
    html = draw("{% timeline entries %}", entries=styleguide.entries())
    assert "Submitted" in html and "Equipment" in html and "<del>" in html and "09:42" in html
    assert draw("{% timeline entries %}", entries=None).count("<li>") == 0


def test_a_difference_takes_pairs_triples_and_mappings():
    row = {"label": "Staff", "before": "", "after": 5}
    assert face.as_changes({"Staff": (None, 5)}) == [row]
    assert face.as_changes([("Staff", None, 5)]) == [row]
    assert face.as_changes([{"label": "Staff", "before": None, "after": 5}]) == [row]


# Forms


def test_a_field_joins_its_label_hint_and_error(draw):
    form = styleguide.InventedForm(data={"on_duty": "many"})
    html = draw('{% field form.on_duty prefilled="was 2,940" %}', form=form)
    assert '<label for="id_on_duty">' in html and 'inputmode="numeric"' in html and "was 2,940" in html
    assert 'id="id_on_duty_error"' in html and 'id="id_on_duty_helptext"' in html and 'aria-invalid="true"' in html
    assert "optional" in draw("{% field form.use %}", form=form)


@pytest.mark.parametrize("name", list(styleguide.InventedForm.base_fields))
def test_every_shape_of_field_is_drawn(draw, name):
    form = styleguide.InventedForm()
    assert f'name="{name}"' in draw("{% field bound %}", bound=form[name])


def test_the_error_summary_leads_to_the_fields_and_is_empty_without_errors(draw):
    html = draw("{% error_summary form %}", form=styleguide.InventedForm(data={"due": "x"}))
    assert 'href="#id_due"' in html and "things to put right" in html and "autofocus" in html
    assert draw("{% error_summary form %}", form=styleguide.InventedForm()).strip() == ""


# Charts


def test_a_gap_in_a_sparkline_stays_a_gap(draw):
    html = draw("{% sparkline values %}", values=[1, 2, None, Decimal(4), 3])
    assert html.count("M") == 2 and "1 day not known" in html
    assert draw("{% sparkline values %}", values=[None]).strip() == ""


def test_rates_are_drawn_on_a_fixed_scale_with_doubtful_days_hatched():
    drawn = charts.rate_lines(styleguide.series())
    assert [line["value"] for line in drawn["gridlines"]] == [0, 25, 50, 75, 100]
    assert len(drawn["bands"]) == 2
    assert len(drawn["rows"]) == 30


def test_labels_at_the_end_of_lines_never_overlap():
    days = [date(2022, 5, 9) - timedelta(days=n) for n in range(3)]
    flat = [{"key": str(n), "label": f"line {n}", "points": [(on, 70, False) for on in days]} for n in range(4)]
    heights = sorted(float(line["label_y"]) for line in charts.rate_lines(flat)["lines"])
    assert all(later - earlier >= charts.LABEL_GAP - 0.2 for earlier, later in pairwise(heights))


@pytest.mark.parametrize("points", [[], [(date(2022, 5, 9), None, False)], [(date(2022, 5, 9), 120, True)]])
def test_rates_survive_few_days_and_odd_values(draw, points):
    draw("{% rate_lines series %}", series=[{"key": "a", "label": "a", "points": points}])


def test_a_tile_without_a_figure_is_hatched_and_every_tile_leads_to_its_rows(draw):
    html = draw("{% unit_grid tiles %}", tiles=styleguide.tiles())
    assert html.count('class="tile ') == 32 and html.count("tile col-1 row-4 unknown") == 1
    assert 'href="#SH"' in html and "Show as table" in html


def test_the_level_bar_is_as_long_as_its_counts(draw):
    drawn = charts.level_bar(1, 1, 0, 0, 4)
    assert [part["width"] for part in drawn["segments"]] == ["32.5", "32.5"]
    assert "without data" in draw("{% level_bar 0 0 0 0 0 %}")


# Everything at once


class Strict(HTMLParser):
    """Collects what a strict content policy refuses."""

    def __init__(self):
        super().__init__()
        self.refused = []

    def handle_starttag(self, tag, attrs):
        names = {name for name, _ in attrs}
        self.refused += [(tag, name) for name in names if name == "style" or name.startswith(("on", "hx-on"))]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.refused.append((tag, "inline"))


HOSTILE_PARTS = {
    "level": '{% level "red" text %}',
    "state": "{% state text text %}",
    "figure": "{% figure text text unit=text href=text change=text tone=text sub=text value_tone=text %}",
    "empty": "{% empty_state text text text text %}",
    "progress": "{% progress 1 text %}",
    "header": "{% sort_header text text %}",
    "timeline": "{% timeline entries %}",
    "diff": "{% diff changes %}",
    "field": "{% field form.x prefilled=text unit=text classes=text %}",
    "summary": "{% error_summary form %}",
    "lines": "{% rate_lines series title=text note=text %}",
    "grid": "{% unit_grid tiles low=text high=text unit=text %}",
    "spark": "{% sparkline values text %}",
    "filters": "{{ text|quantity }}{{ text|rate }}{{ text|mask_tail }}",
}


@pytest.mark.parametrize("part", list(HOSTILE_PARTS))
def test_hostile_text_stays_text(draw, part):
    form = type("HostileForm", (forms.Form,), {"x": forms.IntegerField(label=HOSTILE)})(data={"x": HOSTILE})
    form.add_error("x", HOSTILE)
    tile = dict.fromkeys(("short", "letter", "value", "href", "title"), HOSTILE) | {"col": 0, "row": 0, "bucket": 1}
    html = draw(
        HOSTILE_PARTS[part],
        text=HOSTILE,
        form=form,
        request=at_address(""),
        values=[1, 2],
        tiles=[tile],
        changes=[(HOSTILE, HOSTILE, HOSTILE)],
        entries=[{"at": None, "who": HOSTILE, "verb": HOSTILE, "note": HOSTILE, "changes": {HOSTILE: (HOSTILE, 1)}}],
        series=[{"key": HOSTILE, "label": HOSTILE, "points": [(date(2022, 5, 9), 50, False)]}],
    )
    assert "<script" not in html
    strict = Strict()
    strict.feed(html)
    assert strict.refused == []


PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf", "errors/409", "errors/429", "errors/503"])
def test_an_error_page_needs_nothing_at_all(engine, name, language):
    with override_settings(STORAGES=PLAIN), translation.override(language):
        html = engine.get_template(f"{name}.html").render(Context())
    strict = Strict()
    strict.feed(html)
    assert strict.refused == [] and "<h1>" in html and "<form" not in html


def test_the_style_guide_shows_every_part_within_the_policy(engine):
    with override_settings(STORAGES=PLAIN):
        html = engine.get_template("styleguide.html").render(Context(styleguide.context()))
    strict = Strict()
    strict.feed(html)
    assert strict.refused == []
    assert html.count("url(#hatch") >= 2 and 'id="hatch"' in html
