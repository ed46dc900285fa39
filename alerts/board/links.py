"""Where each number of the board leads: exactly its rows, by the same filters as it was counted with."""

from django.urls import reverse
from django.utils.http import urlencode


def _to(name, **query):
    wanted = {key: value for key, value in query.items() if value not in (None, "")}
    return f"{reverse(name)}?{urlencode(wanted)}"


def reports(day, **query):
    """Rows of the reports due: `metric` and `part`, `answer`, `division`, `chain`."""
    return _to("report-list", day=day, **query)


def warnings(day, **query):
    """Rows of warned material lines: `level`, `new`, `acknowledged`, `division`, `chain`."""
    return _to("warning-list", day=day, **query)


def batches(**query):
    """Batches by state and the days on which they took effect."""
    return _to("batch-list", **query)


def board(**query):
    return _to("home", **query)
