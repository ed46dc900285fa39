"""The door to the nouns of this app, in the order of its rooms."""

from alerts.rules.models import WarningRule
from alerts.warnings.models import Assessment, Warning, WarningRun

__all__ = ["Assessment", "Warning", "WarningRule", "WarningRun"]
