"""The arithmetic of the bench, and that no list is left out of it."""

import pytest
from django.urls import URLPattern, get_resolver

from tests.bench.figures import Figure, alternately, compare, p95, percentile
from tests.bench.lists import LISTS, scans


def test_the_95th_percentile_is_the_sample_that_95_of_100_do_not_exceed():
    assert p95(range(1, 101)) == 95
    assert p95([3.0]) == 3.0
    assert percentile([5, 1, 9], 0.5) == 5
    with pytest.raises(ValueError, match="no samples"):
        p95([])


def test_a_figure_is_the_ratio_of_the_medians():
    figure = compare("daily-run", [0.2, 0.4, 9.0], [0.1, 0.2, 0.3], bar=2.0)
    assert figure.ratio == 2.0 and not figure.is_beyond
    assert str(figure) == "bench: daily-run ratio=2.00 bar=2.00"
    assert figure.about == "400 ms to 200 ms"
    assert Figure("x", 2.01, 2.0).is_beyond


def test_the_two_are_run_in_turns_after_a_warm_up():
    calls = []

    def first():
        calls.append("A")
        return 2.0

    def second():
        calls.append("B")

    ours, theirs = alternately(first, second, runs=3, warm=1)
    assert calls == ["A", "B"] * 4
    assert ours == [2.0] * 3 and len(theirs) == 3 and max(theirs) < 1


def test_sequential_scans_are_found_anywhere_in_a_plan():
    plan = {
        "Node Type": "Limit",
        "Plans": [{"Node Type": "Seq Scan", "Relation Name": "big"}, {"Node Type": "Index Scan"}],
    }
    assert list(scans(plan)) == ["big"]


def names(patterns=None):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name
        else:
            yield from names(pattern.url_patterns)


def test_every_list_is_measured():
    lists = {name for name in names() if name and name.endswith("-list")}
    assert lists <= LISTS.keys(), "put the new list into tests/bench/lists.py"
    assert LISTS.keys() <= set(names())
