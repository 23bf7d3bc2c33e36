"""The measures of the drawing, in its own units (pixels where it is not scaled)."""

from __future__ import annotations

TILE_HEIGHT = 58.0
TILE_WIDTH = 184.0  # at least
TILE_SMALL = 152.0  # where there are many zones
TILE_MOST = 236.0
SIDE = 20.0  # between a region and its networks, where links run
GAP = 10.0  # between tiles
PAD = 12.0  # inside a box
GUTTER = 26.0  # between zones, where links run
LANE = 22.0  # between the border of a network and its zones
SUBNET_HEAD = 40.0
NETWORK_HEAD = 62.0
ZONE_HEAD = 26.0
REGION_HEAD = 34.0
CHIP_WIDTH = 148.0
CHIP_HEIGHT = 32.0
MOST_WIDTH = 1160.0  # of a region's content, before it grows downwards
MARGIN = 16.0  # round the whole
INTERNET_WIDTH = 132.0
INTERNET_HEIGHT = 40.0
LINE = 17.0  # of the text below

NAME_SIZE = 12.5
SMALL_SIZE = 11.0
HEAD_SIZE = 13.0
PLATE = 40.0  # of a tile, under its glyph
BADGE_HEIGHT = 16.0
