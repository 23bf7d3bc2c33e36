"""Our own small drawings of services, each 24 units wide and high, in lines only."""

from __future__ import annotations

GLYPHS: dict[str, str] = {
    "server": "M4 4h16v6H4zM4 14h16v6H4zM7 7h.01M7 17h.01M11 7h6M11 17h6",
    "database": "M4 6c0-4 16-4 16 0s-16 4-16 0v12c0 4 16 4 16 0V6M4 12c0 4 16 4 16 0",
    "cache": "M4 6c0-4 16-4 16 0s-16 4-16 0v12c0 4 16 4 16 0V6M13 11l-3 4h4l-3 4",
    "bucket": "M3 6c0-3.5 18-3.5 18 0s-18 3.5-18 0l3 13c.6 3 11.4 3 12 0l3-13",
    "queue": "M3 7h5v10H3zM10 7h5v10h-5zM17 9l4 3-4 3",
    "topic": "M12 9v6M12 12L5 7M12 12l7-5M12 12l-7 5M12 12l7 5M12 12h.01M5 7h.01M19 7h.01"
    "M5 17h.01M19 17h.01M9.5 12a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0",
    "function": "M5 4h4l8 16h3M12.5 10L5.5 20",
    "balancer": "M3 12h6M9 12l8-7M9 12h8M9 12l8 7M17 3.5h4v3h-4zM17 10.5h4v3h-4zM17 17.5h4v3h-4z",
    "gateway": "M4 21V9c0-8 16-8 16 0v12M2 21h20M12 21v-8M9 16l3-3 3 3",
    "endpoint": "M3 12h9M9 9l3 3-3 3M12 5h9v14h-9",
    "api": "M8 5l-6 7 6 7M16 5l6 7-6 7M13.5 4l-3 16",
    "key": "M3 8a4.5 4.5 0 1 0 9 0 4.5 4.5 0 1 0-9 0M11 11l10 10M17 17l3-3M14.5 14.5l2-2",
    "user": "M8 7.5a4 4 0 1 0 8 0 4 4 0 1 0-8 0M4 21c0-9 16-9 16 0z",
    "dns": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M3 12h18M12 3c-6 5-6 13 0 18M12 3c6 5 6 13 0 18",
    "cdn": "M9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0M3 4h3v3H3zM18 4h3v3h-3zM3 17h3v3H3zM18 17h3v3h-3z"
    "M6 7l4 3M18 7l-4 3M6 17l4-3M18 17l-4-3",
    "container": "M12 2l9 5v10l-9 5-9-5V7zM3 7l9 5 9-5M12 12v10",
    "filesystem": "M3 5h7l2 3h9v12H3zM3 12h18",
    "table": "M3 4h18v16H3zM3 9h18M3 14.5h18M9 4v16",
    "log": "M5 3h14v18H5zM8 8h8M8 12h8M8 16h5",
    "alarm": "M6 17V11c0-8 12-8 12 0v6l2 2H4zM10 21h4",
    "secret": "M5 11h14v10H5zM8 11V8c0-6.5 8-6.5 8 0v3M12 15v2.5",
    "shield": "M12 2l8 3v6c0 6-4 9-8 11-4-2-8-5-8-11V5zM8.5 12l2.5 2.5 4.5-5",
    "backup": "M4 8V3M4 8h5M4 8c5-7 17-4 17 4s-12 12-17 4M12 8v5l3 2",
    "internet": "M7 18c-6 0-6-7-1-7.5C6 4 15 3 16.5 9c6-.5 6.5 9 .5 9z",
    "other": "M4 4h16v16H4zM8 12h8M12 8v8",
}


def used(names: set[str]) -> list[tuple[str, str]]:
    """The drawings of some names, in the order of the table; all others are `other`."""
    wanted = {name if name in GLYPHS else "other" for name in names}
    return [(name, path) for name, path in GLYPHS.items() if name in wanted]
