"""The lines of the table: which arms are compared, and what their ratio is to reach."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.benchmarks.measured import Measured

Results = Mapping[str, Measured]


class Line(NamedTuple):
    """A line of the table.

    Attributes:
        title: what is compared with what.
        arms: names of :data:`tests.benchmarks.arms.ARMS`, ours first.
        figure: what is told, from the medians of these arms.
        limit: what it has to reach, ``at_least`` or else at most.
        unit: behind the figure.
    """

    title: str
    arms: tuple[str, ...]
    figure: Callable[[Results], float]
    limit: float
    at_least: bool = True
    unit: str = "x"

    def reached(self, figure: float) -> bool:
        return figure >= self.limit if self.at_least else figure <= self.limit


def faster(ours: str, other: str) -> Callable[[Results], float]:
    """How many times as long ``other`` takes."""
    return lambda results: results[other].seconds / results[ours].seconds


def rate(ours: str, other: str) -> Callable[[Results], float]:
    """How many times as many units a second ``ours`` does."""
    return lambda results: results[ours].rate / results[other].rate


def longer(ours: str, other: str) -> Callable[[Results], float]:
    """How many times as long ``ours`` takes."""
    return lambda results: results[ours].seconds / results[other].seconds


LINES = (
    Line(
        "feature extraction: fastai's `fine_tune(2)` takes so many times as long",
        ("our_features", "fastai_fine_tune"),
        faster("our_features", "fastai_fine_tune"),
        10,
    ),
    Line(
        "feature extraction, in all / bare decode + forward of the same pictures",
        ("our_features", "bare_forward"),
        longer("our_features", "bare_forward"),
        1.25,
        at_least=False,
    ),
    Line(
        "the same, if blocks of memory are kept for the floor, too",
        ("our_features", "bare_forward_kept"),
        longer("our_features", "bare_forward_kept"),
        1.25,
        at_least=False,
    ),
    Line(
        "a second training on the same data and backbone",
        ("our_features_again",),
        lambda results: results["our_features_again"].seconds,
        3.0,
        at_least=False,
        unit="s",
    ),
    Line(
        "fine-tuning, pictures a second / fastai's",
        ("our_fine_tuning", "fastai_epoch"),
        rate("our_fine_tuning", "fastai_epoch"),
        1.3,
    ),
    Line(
        "fine-tuning, pictures a second / the tutorial loop's",
        ("our_fine_tuning", "tutorial_loop"),
        rate("our_fine_tuning", "tutorial_loop"),
        1.3,
    ),
    Line(
        "fine-tuning, pictures a second / the bare training step on data in memory",
        ("our_fine_tuning", "bare_step"),
        rate("our_fine_tuning", "bare_step"),
        0.9,
    ),
    Line(
        "the same, if blocks of memory are kept for the bare step, too",
        ("our_fine_tuning", "bare_step_kept"),
        rate("our_fine_tuning", "bare_step_kept"),
        0.9,
    ),
    Line(
        "prediction of a folder, pictures a second / bare decode + forward in full precision",
        ("our_prediction", "bare_exact"),
        rate("our_prediction", "bare_exact"),
        0.9,
    ),
    Line(
        "the same, if blocks of memory are kept for the floor, too",
        ("our_prediction", "bare_exact_kept"),
        rate("our_prediction", "bare_exact_kept"),
        0.9,
    ),
    Line(
        "fine-tuning in the window, pictures a second / in the terminal",
        ("window_fine_tuning", "terminal_fine_tuning"),
        rate("window_fine_tuning", "terminal_fine_tuning"),
        0.97,
    ),
    Line(
        "computing time that the window takes / time of the training: what this loses at most",
        ("window_fine_tuning",),
        lambda results: 100 * results["window_fine_tuning"].share,
        3,
        at_least=False,
        unit="%",
    ),
    Line(
        "the window's worst stall in a whole training",
        ("window_fine_tuning",),
        lambda results: 1000 * results["window_fine_tuning"].worst,
        250,
        at_least=False,
        unit="ms",
    ),
    Line(
        "the 99th percentile of its stalls",
        ("window_fine_tuning",),
        lambda results: 1000 * results["window_fine_tuning"].late,
        50,
        at_least=False,
        unit="ms",
    ),
    Line(
        "window visible / an empty plot of pyqtgraph",
        ("window_visible", "empty_plot"),
        longer("window_visible", "empty_plot"),
        1.5,
        at_least=False,
    ),
    Line(
        "listing 200 000 files / a bare walk by `os.scandir`",
        ("our_listing", "bare_listing"),
        longer("our_listing", "bare_listing"),
        4,
        at_least=False,
    ),
    Line(
        "checking 10 000 small pictures / a bare loop of `Image.open` and `verify`",
        ("our_headers", "bare_headers"),
        longer("our_headers", "bare_headers"),
        1,
        at_least=False,
    ),
    Line(
        "`transfergui train`, start to exit / imports, decoding and one forward pass",
        ("whole_training", "whole_floor"),
        longer("whole_training", "whole_floor"),
        1.5,
        at_least=False,
    ),
    Line(
        "`transfergui train` from the cache, start to exit / importing torch and torchvision",
        ("whole_training_again", "whole_import"),
        longer("whole_training_again", "whole_import"),
        1.6,
        at_least=False,
    ),
    Line(
        "`transfergui predict`, start to exit / importing torch and torchvision",
        ("whole_prediction", "whole_import"),
        longer("whole_prediction", "whole_import"),
        1.6,
        at_least=False,
    ),
)
