"""Acting on findings: what would be done, then, where it is wanted, doing exactly that."""

from analyzer.remediation.applying import Outcome, apply
from analyzer.remediation.planning import Action, Schedule

__all__ = ["Action", "Outcome", "Schedule", "apply"]
