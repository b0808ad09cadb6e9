"""The figure that a run is compared by, with its name, as lists of runs and models show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transfergui.core import registry
from transfergui.core.base.figure_texts import number as digits
from transfergui.core.base.figure_texts import span
from transfergui.core.base.i18n import _
from transfergui.core.data.targets import Targets
from transfergui.core.figures.intervals import wilson_of
from transfergui.core.interfaces.objective import Score
from transfergui.gui.base import words


@dataclass(frozen=True)
class RunFigure:
    """See the module.

    Attributes:
        objective: key of what is predicted.
        score: what is measured.
        low, high: of its 95 % interval; None where that is not known.
        unit: of a number.
        grouped: what was kept together; empty where the data were divided without groups.
    """

    objective: str
    score: Score
    value: float
    low: float | None = None
    high: float | None = None
    unit: str = ""
    grouped: str = ""

    @classmethod
    def of(cls, report: Mapping[str, Any]) -> RunFigure | None:
        """Of ``report.json``; None where nothing was measured, or a newer version did it."""
        key = report.get("objective") or Targets().objective
        score = next((row.primary for row in registry.OBJECTIVES if row.key == key), None)
        said = report.get("primary") or {
            "value": report.get("accuracy"),
            **(report.get("interval") or {}),
        }
        if score is None or said.get("value") is None:
            return None
        ends = said.get("low"), said.get("high")
        kept = "" if report.get("ungrouped") else report.get("grouped_by") or ""
        return cls(key, score, float(said["value"]), *ends, report.get("unit") or "", kept)

    @classmethod
    def where_used(cls, report: Mapping[str, Any]) -> RunFigure | None:
        """Of labelled examples from where the model will be used; None without any."""
        said, found = report.get("checked"), report.get("adaptation")
        if isinstance(found, dict) and found.get("checked"):
            share = (found.get(found.get("kept") or "") or {}).get("checked")
            if share is not None:
                ends = wilson_of(share, found["checked"])
                said = {"accuracy": share, "low": ends.low, "high": ends.high}
        if not isinstance(said, dict):
            return None
        return cls.of({"accuracy": said["accuracy"], "interval": said})

    @property
    def title(self) -> str:
        return _(self.score.title)

    @property
    def text(self) -> str:
        """``93.1 %``, ``15.3 deg``."""
        return self.score.text(self.value, self.unit)

    @property
    def brief(self) -> str:
        """The same in as few letters as make sense: ``93 %``."""
        return self.score.text(self.value, self.unit, decimals=0)

    @property
    def named(self) -> str:
        """The same with its name, unless it is the accuracy or in a unit: ``AP50 83 %``."""
        plain = not self.score.share or self.score.key == "accuracy"
        text = _("{measure} {value}").format(measure=self.title, value=self.brief)
        return self.brief if plain else text

    @property
    def share(self) -> float | None:
        """What a bar shows."""
        return self.value if self.score.share else None

    @property
    def between(self) -> str:
        """``91 to 95 %``, ``11.4 to 20.4 deg``; empty where that is not known."""
        if self.low is None or self.high is None:
            return ""
        if self.score.share:
            return words.percents(self.low, self.high)
        return span(digits(self.low), self.score.text(self.high, self.unit))

    @property
    def worth(self) -> float:
        """The better, the larger."""
        return self.score.worth(self.value)

    @property
    def order(self) -> tuple[str, float]:
        """By which runs are sorted: those that measure the same stand together."""
        return self.score.key, self.worth
