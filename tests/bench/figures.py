"""The arithmetic of the figures: alternating runs, medians, 95th percentiles, and the line that is printed."""

import gc
import math
import statistics
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One ratio and the bar it must not exceed; `about` says what was divided by what."""

    name: str
    ratio: float
    bar: float
    about: str = ""

    @property
    def is_beyond(self):
        return self.ratio > self.bar

    def __str__(self):
        return f"bench: {self.name} ratio={self.ratio:.2f} bar={self.bar:.2f}"


def alternately(first, second, *, runs, warm=2):
    """Run both in turns, A B A B, after a warm-up of both, no garbage collected meanwhile; returns the seconds of each.

    Each of the two is called without arguments; where it returns a number, that is taken instead of the time of the
    call, so that it can leave out what is not meant.
    """
    spent: tuple[list, list] = ([], [])
    gc.collect()
    gc.disable()
    try:
        for turn in range(warm + runs):
            for work, times in zip((first, second), spent, strict=True):
                seconds = timed(work)
                if turn >= warm:
                    times.append(seconds)
    finally:
        gc.enable()
    return spent


def timed(work):
    """The seconds of one call, or what it says itself."""
    start = time.perf_counter()
    own = work()
    spent = time.perf_counter() - start
    return own if isinstance(own, float) else spent


def percentile(samples, share):
    """The smallest sample that at least this share of all samples does not exceed (nearest rank)."""
    if not samples:
        raise ValueError("no samples")
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def p95(samples):
    return percentile(samples, 0.95)


def compare(name, first, second, *, bar, by=statistics.median, about="{:.0f} ms to {:.0f} ms"):
    """The figure of two series of seconds: the ratio of their medians, or of whatever `by` says."""
    over, under = by(first), by(second)
    return Figure(name, over / under, bar, about.format(over * 1000, under * 1000))
