"""A diagram as SVG: layout without chance, links round what is to be read, our own glyphs."""

from __future__ import annotations

from analyzer.output.diagram.layout import laid_out
from analyzer.output.diagram.phrases import Say, say_in
from analyzer.output.diagram.svg import svg

__all__ = ["Say", "laid_out", "say_in", "svg"]
