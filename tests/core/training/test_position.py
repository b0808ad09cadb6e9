"""Where a training stands."""

import msgspec

from transfergui.core.training.position import Position


def test_position_survives_its_round_trip() -> None:
    position = Position(phase=1, epoch=3, best=(0.5, -0.9), plateau={"factor": 0.1})
    assert msgspec.convert(msgspec.to_builtins(position), Position) == position
