import time

from celery import shared_task

from whitelist.delivery import services

RELAY_SECONDS = 240


@shared_task(name="delivery.relay", acks_late=True, time_limit=600)
def relay():
    """Run what the outbox holds, one by one, until it is empty.

    It stops after a while, so that a long job is not killed for the time of those before it; the clock calls again.
    """
    until = time.monotonic() + RELAY_SECONDS
    while time.monotonic() < until and services.run_next():
        continue


@shared_task(name="delivery.forget_old")
def forget_old():
    services.forget_old()
