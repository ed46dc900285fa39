"""The sentence why, against figures worked out by hand."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from alerts.models import WarningRule
from alerts.warnings.why import remedy, runs_out_on, why

DAY = date(2022, 5, 9)
PUBLISHED = WarningRule(red=Decimal(3), yellow=Decimal(7), blue=Decimal(14), red_source="ministry")
OURS = WarningRule(red=Decimal(3), yellow=Decimal(7), blue=Decimal(14), red_source="default")
OFFICE = WarningRule(red=Decimal("2.5"), yellow=Decimal(7), blue=Decimal(14), red_source="office")


def judged(**fields):
    figures = {
        "day": DAY,
        "read_on": DAY,
        "on_hand": Decimal(290),
        "daily_use": Decimal(100),
        "cover": Decimal("2.90"),
        "raw_level": "red",
        "level": "red",
        "is_projected": False,
        "is_stopped_for_want": False,
        "rule": PUBLISHED,
        "material": SimpleNamespace(unit="pieces"),
    }
    return SimpleNamespace(**figures | fields)


def told(*arrivals):
    return [{"on": f"2022-05-{day:02}", "quantity": str(quantity)} for day, quantity in arrivals]


def plain(sentence):
    return sentence.replace("\N{NO-BREAK SPACE}", " ")


def test_the_sentence_of_the_product_page():
    assert plain(why(judged())) == (
        "Stock 290 pieces on 9 May, use 100 a day, no arrival confirmed: lasts 2.9 days; "
        "red below 3 days (published by the ministry)."
    )


@pytest.mark.parametrize(
    ("arrivals", "said"),
    [
        (told((13, 630)), "next arrival 630 on 13 May"),
        (told((8, 50)), "50 arrived since, no more confirmed"),
        (told((8, 50), (9, 10), (12, 5), (14, 7)), "60 arrived since, next 5 on 12 May"),
        (told((6, 50)), "no arrival confirmed"),
    ],
)
def test_arrivals_count_from_the_reading_on(arrivals, said):
    assert f", {said}: lasts" in plain(why(judged(read_on=date(2022, 5, 7)), arrivals))


@pytest.mark.parametrize(
    ("rule", "level", "said"),
    [
        (OURS, "red", "red below 3 days (default of this system)."),
        (PUBLISHED, "yellow", "yellow below 7 days (default of this system)."),
        (OFFICE, "blue", "blue below 14 days (set by an office)."),
        (OFFICE, "red", "red below 2.5 days (set by an office)."),
    ],
)
def test_a_limit_says_whose_it_is(rule, level, said):
    assert why(judged(rule=rule, raw_level=level, level=level)).endswith(said)


def test_cover_never_reads_as_the_limit_it_is_below():
    assert "lasts 2.9 days" in plain(why(judged(cover=Decimal("2.99"))))


def test_a_projection_says_for_which_day():
    sentence = plain(why(judged(read_on=date(2022, 5, 4), on_hand=Decimal(700), is_projected=True, cover=Decimal(2))))
    assert sentence.startswith(
        "Stock 700 pieces on 4 May, use 100 a day, no arrival confirmed: projected to 9 May, 2 days are left;"
    )


def test_no_data_is_said_and_never_reads_as_a_level_of_its_own():
    blind = judged(read_on=None, on_hand=None, cover=None, raw_level="grey", level="grey")
    assert why(blind) == "No stock of this material has been told yet, so its level is not known."
    old = plain(why(judged(read_on=date(2022, 4, 30), raw_level="grey", level="grey")))
    assert old == "Last told on 30 April (290 pieces): older than 7 days, so the level is not known.".replace(
        "April", "Apr"
    )
    assert "it stays red as last known" in why(judged(read_on=date(2022, 4, 30), raw_level="grey", level="red"))


def test_a_plant_that_stands_still_is_red_at_any_stock():
    sentence = plain(why(judged(is_stopped_for_want=True, on_hand=Decimal(5), cover=None)))
    assert sentence == "The plant stands still for want of it, as told on 9 May (stock 5 pieces): red at any stock."


def test_one_good_day_is_not_enough():
    better = plain(why(judged(cover=Decimal(20), raw_level="normal", level="yellow")))
    assert better.endswith("lasts 20 days; above every limit; it stays yellow until a second good day in a row.")
    idle = plain(why(judged(cover=None, daily_use=Decimal(0), raw_level="normal", level="red")))
    assert (
        idle == "Stock 290 pieces on 9 May, no use: above every limit; it stays red until a second good day in a row."
    )


def test_what_is_needed_to_leave_red_and_until_when():
    needed = remedy(judged())
    assert (needed.quantity, needed.latest_on) == (Decimal("10.00"), date(2022, 5, 11))
    assert plain(needed.sentence) == "At least 10 pieces by 11 May lift it to 3 days."
    assert remedy(judged(cover=Decimal(0), on_hand=Decimal(0))).latest_on == DAY


@pytest.mark.parametrize(
    "fields",
    [
        {"raw_level": "yellow"},
        {"raw_level": "grey", "read_on": None},
        {"is_stopped_for_want": True, "cover": None},
        {"raw_level": "normal", "level": "red"},
    ],
)
def test_where_figures_do_not_tell_nothing_is_promised(fields):
    assert remedy(judged(**fields)) is None


def test_stock_lasts_until_the_last_day_it_covers_whole():
    assert runs_out_on(judged(cover=Decimal("2.90"))) == date(2022, 5, 11)
    assert runs_out_on(judged(raw_level="grey", read_on=None)) is None


def test_the_chinese_page_writes_days_its_own_way():
    with translation.override("zh-hans"):
        assert "5月9日" in why(judged())
        assert "5月11日" in remedy(judged()).sentence
