"""The list of networks for pictures, read from ``backbones.json`` without torch.

The file is made from torchvision's own registry by
``python -m transfergui.core.modalities.image.generate_backbones``; a test
compares the two. Another network is another row of that file.
"""

from functools import cache
from pathlib import Path

import msgspec

from transfergui.core.interfaces.networks import Backbone

FILE = Path(__file__).with_name("backbones.json")


@cache
def rows() -> tuple[Backbone, ...]:
    """Every network, by family, the lightest of a family first."""
    return read(FILE.read_bytes())


def read(data: bytes) -> tuple[Backbone, ...]:
    """Rows from JSON.

    Raises:
        msgspec.DecodeError: ``data`` are not rows.
    """
    return msgspec.json.decode(data, type=tuple[Backbone, ...])


def write(backbones: tuple[Backbone, ...]) -> bytes:
    """Rows as JSON, one a line, so that a change of one row is a change of one line."""
    return b"[\n" + b",\n".join(map(msgspec.json.encode, backbones)) + b"\n]\n"
