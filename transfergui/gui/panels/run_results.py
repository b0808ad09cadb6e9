"""What is known of a run that was tested, read in a worker thread."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from transfergui.core import registry
from transfergui.core.base.i18n import _
from transfergui.core.base.options import Options
from transfergui.core.base.paths import shown
from transfergui.core.data.split import Split
from transfergui.core.evaluation import report, siblings
from transfergui.core.evaluation.words import ALONE, Beside
from transfergui.core.figures.metrics import PredictionRow, Report
from transfergui.core.interfaces import Modality, Preview
from transfergui.core.runs.run import REPORT, Run
from transfergui.core.sources import input_of
from transfergui.gui.base.run_names import RunName


@dataclass(frozen=True)
class RunResults:
    """What is known about a run, read in a worker thread.

    Attributes:
        about: which training it was, in one line.
        input: how its samples are read.
        beside: what other trainings on the same data say beside it.
    """

    run: Run
    about: str
    report: Report
    rows: list[PredictionRow]
    root: Path
    modality: Modality
    input: Options
    split: Split
    beside: Beside = ALONE

    @classmethod
    def read(cls, run: Run) -> RunResults | None:
        """None for a run that was never tested.

        Raises:
            UserError: ``run.damaged``.
        """
        if not (run.path / REPORT).is_file():
            return None
        split, found = run.split, report.load(run.path)
        return cls(
            run=run,
            about=_about(run),
            report=found,
            rows=report.load_predictions(run.path),
            root=Path(split.root),
            modality=registry.modality(split.modality),
            input=input_of(run),
            split=split,
            beside=siblings.beside(run, found),
        )

    def decode(self, path: Path, large: bool = False, /) -> Preview:
        """A sample to be seen."""
        return self.modality.preview(path, self.input, large)

    def behind(self, pair: tuple[str, str]) -> list[PredictionRow]:
        """The answers of one cell of the matrix, the surest first."""
        found = [row for row in self.rows if (row.truth, row.label) == pair]
        return sorted(found, key=lambda row: -(row.confidence or 0.0))


def _about(run: Run) -> str:
    """``clothing · MobileNetV2 · Fine-tuning · 2026-11-22 09:48:01 · its folder``."""
    return f"{RunName.of(run).full} · {shown(run.path.name)}"


def caption(row: PredictionRow) -> str:
    """Two lines: what it is, what was answered and how surely."""
    answer = _("{label} · {percent} %")
    return "\n".join(
        (shown(row.truth), "→ " + answer.format(label=shown(row.label), percent=_whole(row)))
    )


def sentence(row: PredictionRow) -> str:
    """The same as a sentence."""
    if row.right:
        text = _("Labelled “{truth}”, and recognised with {percent} % confidence.")
    else:
        text = _("Labelled “{truth}”, but taken for “{label}” with {percent} % confidence.")
    return text.format(truth=shown(row.truth), label=shown(row.label), percent=_whole(row))


def _whole(row: PredictionRow) -> int:
    return round(100 * (row.confidence or 0.0))
