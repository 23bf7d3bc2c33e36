"""The architecture as a picture: what belongs where, worked out from an inventory."""

from __future__ import annotations

from analyzer.diagram.drawing import draw
from analyzer.diagram.marking import marked

__all__ = ["draw", "marked"]
