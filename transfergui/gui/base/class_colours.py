"""Colours of classes, side by side in one drawing.

They are Paul Tol's qualitative schemes "bright" and "light" (https://personal.sron.nl/~pault/),
which colour-blind people can tell apart. Nothing is told apart by them alone.
"""

from __future__ import annotations

LIGHT = ("#0077bb", "#cc3311", "#009988", "#ee7733", "#33bbee", "#aa3377", "#7a8b00", "#332288",
         "#997700", "#ee3377")  # fmt: skip
DARK = ("#77aadd", "#ee8866", "#44bb99", "#eedd88", "#99ddff", "#ffaabb", "#bbcc33", "#c59be8",
        "#d0a060", "#ff6f91")  # fmt: skip
"""On a light and on a dark ground."""
