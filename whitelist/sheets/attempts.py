"""Work that is done whole or not at all, tried again when two transactions stood in each other's way."""

import gc
import logging
import random
import time
from contextlib import contextmanager

from django.db import OperationalError, transaction

log = logging.getLogger(__name__)

RETRIED = {"40P01", "40001"}  # deadlock detected, serialization failure: the same work may succeed a moment later
RETRIES = 3
PAUSE = 0.2  # seconds before the first repetition, at most; it doubles


@contextmanager
def uncollected():
    """Many small things are made that do not hold each other in circles: looking for circles would only take time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def whole(work, *args):
    """Do the work in a transaction of its own; a deadlock is rolled back and tried again, up to three times."""
    for tries in range(RETRIES + 1):
        try:
            with transaction.atomic():
                return work(*args)
        except OperationalError as fault:
            if tries == RETRIES or getattr(fault.__cause__, "sqlstate", None) not in RETRIED:
                raise
            log.warning("transactions met, try %s: %s", tries + 1, fault.__cause__)
            time.sleep(random.uniform(0, PAUSE * 2**tries))
    return None
