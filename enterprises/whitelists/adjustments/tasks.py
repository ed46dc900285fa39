"""The job that looks through the facts of yesterday."""

from celery import shared_task

from enterprises.whitelists.adjustments.daily import propose_adjustments
from whitelist.core.days import yesterday


@shared_task(name="enterprises.propose_adjustments", time_limit=600)
def propose_adjustments_task():
    propose_adjustments(yesterday())
