"""The smallest policies for an identity that its stack speaks for, proved and written back."""

from __future__ import annotations

from analyzer.iam.tightening.identity import tighten
from analyzer.iam.tightening.patch import Patch, patch
from analyzer.iam.tightening.policies import TIGHTENED
from analyzer.iam.tightening.proof import grants_of
from analyzer.iam.tightening.proposals import (
    ActionNote,
    Document,
    Proposal,
    ProposedResource,
    StatementTightening,
    Tightening,
)
from analyzer.iam.tightening.snippet import snippet

__all__ = [
    "TIGHTENED",
    "ActionNote",
    "Document",
    "Patch",
    "Proposal",
    "ProposedResource",
    "StatementTightening",
    "Tightening",
    "grants_of",
    "patch",
    "snippet",
    "tighten",
]
