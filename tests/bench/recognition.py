"""`recognition`: the question over the API against a bare Django view that asks one indexed query, both in turns.

`recognition` is the ratio of their times (2.00: half the throughput), `recognition-p99` that of their slowest percent,
`recognition-queries` how many statements the question takes, sign-in included, of those allowed. `effective-list` is a
province's page of fifty against a bare list of as many rows as it has, by the 95th percentile.
"""

import itertools
import statistics
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from enterprises.models import Enterprise, Recognition
from tests.bench.bare import offer
from tests.bench.figures import Figure, alternately, compare, p95, percentile
from tests.bench.lists import NOT_COUNTED, asking, client_of, counting

QUESTIONS, RUNS = 500, 40
MOST_QUERIES = 3


def questions():
    """Enterprises of all provinces, each asked about in a province that recognises lists."""
    places = Recognition.objects.order_by("recogniser__division").values_list("recogniser__division", flat=True)
    codes = Enterprise.objects.exclude(uscc=None).order_by("-pk").values_list("uscc", flat=True)[: QUESTIONS * 40 : 40]
    return list(zip(codes, itertools.cycle(places.distinct()), strict=False))


def measure(data, say):
    yield from measure_question(data)
    yield from measure_effective(data)


def measure_question(data):
    ours, theirs = client_of(data, is_api=True), Client()
    wanted = questions()
    turns = [itertools.cycle(wanted), itertools.cycle(wanted)]

    def ask():
        code, place = next(turns[0])
        answer = ours.get("/api/v1/recognition/", {"uscc": code, "division": place})
        assert answer.status_code == 200, answer.content

    def look():
        code, _place = next(turns[1])
        assert theirs.get(f"/bare-enterprise/{code}/").status_code == 200

    asked, looked = alternately(ask, look, runs=QUESTIONS, warm=20)
    told = "{:.2f} ms to {:.2f} ms"

    def in_ms(by):
        return told.format(by(asked) * 1000, by(looked) * 1000)

    p99 = partial(percentile, share=0.99)
    yield Figure("recognition", statistics.mean(asked) / statistics.mean(looked), 2.0, in_ms(statistics.mean))
    yield Figure("recognition-p99", p99(asked) / p99(looked), 3.0, in_ms(p99))
    with CaptureQueriesContext(connection) as captured:
        ask()
    number = sum(not each["sql"].startswith(NOT_COUNTED) for each in captured)
    yield Figure("recognition-queries", number / MOST_QUERIES, 1.0, f"{number} of {MOST_QUERIES} allowed")


def measure_effective(data):
    client = client_of(data, is_api=False)
    bare = offer("effective-list", counting(data))
    ours, theirs = alternately(
        asking(client, f"/recognised/?division={data.recogniser}"), asking(client, bare), runs=RUNS, warm=3
    )
    yield compare("effective-list", ours, theirs, bar=3.0, by=p95)
