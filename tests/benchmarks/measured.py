"""What an arm is told and what it answers: all that the processes exchange, as JSON."""

from pathlib import Path

import msgspec

from transfergui.core.data.split import Split


class Task(msgspec.Struct, frozen=True):
    """What an arm works on.

    Attributes:
        data: folder with one folder of pictures per class.
        split: file of the split that all arms share.
        backbone: key of the network.
        weights: folder in which its weights lie.
        home: an empty folder for whatever the program keeps; what lies there is what this
            arm's own earlier call left, or nothing.
        device: where networks compute, ``cpu`` or ``cuda``.
    """

    data: str
    split: str
    backbone: str
    weights: str
    home: str
    device: str = "cpu"

    def load_split(self) -> Split:
        return msgspec.json.decode(Path(self.split).read_bytes(), type=Split)


class Measured(msgspec.Struct, frozen=True):
    """What an arm took.

    Attributes:
        seconds: of the work; imports and loading libraries are in it for whole processes only.
        units: how many pictures, steps or files that was; 0 where only the time counts.
        accuracy: on the test pictures, where the arm learnt something.
        worst, late: by how many seconds the window answered too late, at worst and in 99 of
            100 moments, where there was one.
        share: of the time from the first event of the training to the last, in which the
            window's thread computed: what a training loses at most, as every core is its own.
    """

    seconds: float
    units: int = 0
    accuracy: float | None = None
    worst: float = 0.0
    late: float = 0.0
    share: float = 0.0

    @property
    def rate(self) -> float:
        """Units per second."""
        return self.units / self.seconds
