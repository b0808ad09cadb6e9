"""System libraries that Qt needs under Linux, and how one that is missing is installed."""

from __future__ import annotations

import re

PACKAGES = {"libpulse.so.0": "libpulse0", "libpulse-mainloop-glib.so.0": "libpulse-mainloop-glib0"}
"""Of Debian and Ubuntu, by the library."""
LIBRARY = re.compile(r"(lib[\w.+-]+\.so[\w.]*)")


def missing(reason: str) -> tuple[str, str] | None:
    """The library and its package that the ``reason`` of a failed import names; None where it names
    none that is known."""
    library = LIBRARY.search(reason)
    if library is None or library[1] not in PACKAGES:
        return None
    return library[1], PACKAGES[library[1]]
