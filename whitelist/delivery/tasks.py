from celery import shared_task

from whitelist.delivery import services


@shared_task(name="delivery.relay", acks_late=True, time_limit=600)
def relay():
    """Run what the outbox holds, one by one, until it is empty."""
    while services.run_next():
        continue


@shared_task(name="delivery.forget_old")
def forget_old():
    services.forget_old()
