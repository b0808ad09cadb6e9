"""What the predictions of a trained model rest on, with a check that needs no gradients.

A heat map is a claim: "this is what decides". :class:`Check` tests it by hiding what the map calls
hot, and regions of the same size and shape elsewhere, and seeing which changes the prediction more
(pixel flipping: Samek et al. 2017, arXiv:1509.06321).
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from transfergui.core.base import imports
from transfergui.core.base.errors import UserError
from transfergui.core.base.figure_texts import figure_text, percent, suffix
from transfergui.core.base.heat_colours import stretched
from transfergui.core.base.notes import Note
from transfergui.core.looking import border, hiding

if TYPE_CHECKING:
    import torch

    from transfergui.core.interfaces.samples import Preview
    from transfergui.core.nn.attribution import Attribution
    from transfergui.core.trained import TrainedModel

Method = Literal["gradients", "hiding", "both"]
"""How a map is made: of the network's gradients, by hiding one part after the other, or of both."""
BATCH = 32
"""Samples that the model looks at together."""
FINE = 64
"""Places along each side of the region that is hidden."""
HOT = 0.2
"""Share of a picture, a recording or the words of a text that counts as hot. A fifth holds most
objects; of much more, any two regions overlap."""
RIVALS = 9
"""Other regions that the hot one is compared with."""
BEATEN = 7
"""So many of them must change the prediction less than the hot one does. A map that knows nothing
gets so far three times in ten (:data:`CHANCE`); 69 to 88 of 100 maps did of trained networks, on
clothing, hand signs, scans of brains and spoken digits."""
CHANCE = (RIVALS + 1 - BEATEN) / (RIVALS + 1)
TRIES = 60
"""Places tried for them, to find some that hardly overlap the hot one."""
OVERLAP = 0.5
"""Share of the hot region that another one may cover, at most, where there is such."""


@dataclass(frozen=True)
class Check:
    """What becomes of a prediction where a part of the sample is hidden.

    Attributes:
        before: the answer to the whole sample: a probability, or a number in its unit.
        hot: the same without the hot region.
        others: without other regions of the same size, the median of them.
        reliable: whether hardly any other region changed the prediction as much.
    """

    before: float
    hot: float
    others: float
    reliable: bool


@dataclass(frozen=True)
class Explanation:
    """What one output of a model rests on, for one sample.

    Attributes:
        output: which output.
        name: what that stands for.
        heat: [h, w] from 0 to 1, or of tokens [T] from -1 to 1; see
            :meth:`transfergui.core.interfaces.plan.Modality.without`.
        hot: what of it counts most, bool [FINE, FINE] or [T].
        check: None where nothing speaks for the output, or nothing was hidden.
        border: the share of the heat that lies on the border of a picture; None of others.
        preview: the sample with its heat.
        method: how the heat was found.
    """

    path: Path
    output: int
    name: str
    answer: float
    answers: np.ndarray
    heat: np.ndarray
    hot: np.ndarray
    check: Check | None
    border: float | None
    preview: Preview
    method: Method = "gradients"

    @property
    def of_words(self) -> bool:
        """Whether it is about the words of a text."""
        return self.heat.ndim == 1


class Explainer:
    """Explains the predictions of one model; may be asked by several threads.

    Args:
        model: keeps its own network, which others may use meanwhile. Of an ONNX file, which has no
            gradients, maps are made by hiding alone.
    """

    def __init__(self, model: TrainedModel) -> None:
        self.model = model
        self._targets = model.card.targets
        self._lock = threading.Lock()
        self._attribution = self._of_gradients()
        self._sign = 1.0

    def _of_gradients(self) -> Attribution | None:
        try:
            module = self.model.module
        except UserError:  # an ONNX file
            return None
        imports.load("torch", "captum.attr")
        from transfergui.core.nn.attribution import Attribution

        return Attribution(copy.deepcopy(module).eval().requires_grad_(False), self._score)

    @property
    def names(self) -> tuple[str, ...]:
        """What each output stands for."""
        return self.model.classes

    def explain(
        self,
        path: Path,
        output: int | Callable[[np.ndarray], int] | None = None,
        check: bool = True,
    ) -> Explanation:
        """Explain one prediction.

        Args:
            output: which one, or what chooses it by the answers [O]; by default the one with the
                highest confidence.
            check: whether the map is compared with what hiding does.

        Raises:
            UserError: the file cannot be read.
        """
        prepared = self.model.read(path)
        answers = self._answers([prepared])[0]
        output = _most_confident if output is None else output
        place = output(answers) if callable(output) else output
        units = self.model.modality.units(path, self.model.input)
        heat, method = self._map(prepared, place, units)
        hot = hottest(heat, units)
        found = self._check(prepared, heat, hot, units, place) if check and hot.any() else None
        preview = self.model.modality.explained(path, prepared, heat, hot, self.model.input)
        on_border = border.share(heat) if preview.kind == "picture" and heat.any() else None
        name = self.names[place]
        answer = float(answers[place])
        of = (path, place, name, answer, answers, heat, hot, found, on_border)
        return Explanation(*of, preview, method)

    def _map(
        self, prepared: torch.Tensor, place: int, units: np.ndarray | None
    ) -> tuple[np.ndarray, Method]:
        """As :attr:`Explanation.heat`, and how it was found."""
        if self._attribution is None:
            return self._by_hiding(prepared, place, units), "hiding"
        heat = self.heat([prepared], [place])[0]
        if heat.ndim == 1 and units is not None:
            return _by_unit(heat, units), "gradients"
        if self.model.modality.key != "image":
            return heat, "gradients"
        return _scaled(hiding.joined(heat, self._by_hiding(prepared, place, units))), "both"

    def _by_hiding(
        self, prepared: torch.Tensor, place: int, units: np.ndarray | None
    ) -> np.ndarray:
        """As :attr:`Explanation.heat`, without gradients."""
        hidden = hiding.squares() if units is None else hiding.words(units)
        if not hidden:
            return np.zeros(len(units)) if units is not None else np.zeros((1, 1))
        whole, *without = self._evidence_without(prepared, place, hidden)
        sign = -1.0 if not self.model.objective.confident and whole < 0 else 1.0
        changes = sign * (whole - np.array(without))
        if units is None:
            return _scaled(hiding.of_squares(hidden, changes))
        return _scaled(hiding.of_words(hidden, changes, len(units)))

    def _evidence_without(
        self, prepared: torch.Tensor, place: int, hidden: Sequence[np.ndarray]
    ) -> list[float]:
        """What speaks for an output: of the whole sample, and without each of some parts."""
        found: list[float] = self.evidence([prepared])[:, place].tolist()
        for start in range(0, len(hidden), BATCH):
            parts = [self._without(prepared, each) for each in hidden[start : start + BATCH]]
            found += self.evidence(parts)[:, place].tolist()
        return found

    def heat(self, prepared: Sequence[torch.Tensor], places: Sequence[int]) -> list[np.ndarray]:
        """What the outputs ``places`` rest on, one for each sample; as :attr:`Explanation.heat`."""
        import torch

        assert self._attribution is not None
        inputs = torch.stack(list(prepared))
        empty = torch.stack([self._without(each, self._everything(each)) for each in prepared])
        with self._lock:
            self._sign = self._direction(inputs)
            found = self._attribution.heat(inputs, places, empty).double().numpy()
        return [_scaled(each) for each in found]

    def predicted(self, prepared: Sequence[torch.Tensor]) -> list[int]:
        """The output with the highest confidence, for each."""
        return [int(place) for place in self._answers(prepared).argmax(1)]

    def evidence(
        self, prepared: Sequence[torch.Tensor], hidden: np.ndarray | None = None
    ) -> np.ndarray:
        """What speaks for each output [N, O], without the places ``hidden``."""
        import torch

        seen = prepared if hidden is None else [self._without(p, hidden) for p in prepared]
        outputs = self.model.logits(torch.stack(list(seen))).double()
        return self.model.objective.evidence(outputs, self._targets).numpy()

    def _score(self, outputs: torch.Tensor) -> torch.Tensor:
        return self.model.objective.evidence(outputs, self._targets) * self._sign

    def _direction(self, inputs: torch.Tensor) -> float:
        """Of a number below the average it is explained why it is low."""
        if self.model.objective.confident or len(inputs) > 1:
            return 1.0
        outputs = self.model.logits(inputs).double()
        return -1.0 if float(self.model.objective.evidence(outputs, self._targets)[0, 0]) < 0 else 1

    def _answers(self, prepared: Sequence[torch.Tensor]) -> np.ndarray:
        import torch

        return self.model.answers(self.model.logits(torch.stack(list(prepared))))

    def _everything(self, prepared: torch.Tensor) -> np.ndarray:
        words = not prepared.is_floating_point()
        return np.ones(tuple(prepared.shape) if words else (1, 1), dtype=bool)

    def _without(self, prepared: torch.Tensor, hidden: np.ndarray) -> torch.Tensor:
        return self.model.modality.without(prepared, hidden, self.model.input)

    def _check(
        self,
        prepared: torch.Tensor,
        heat: np.ndarray,
        hot: np.ndarray,
        units: np.ndarray | None,
        place: int,
    ) -> Check | None:
        import torch

        rivals = other_regions(hot, units, np.random.default_rng(0))
        if not rivals:
            return None
        hidden = [self._without(prepared, region) for region in (hot, *rivals)]
        outputs = self.model.logits(torch.stack([prepared, *hidden])).double()
        evidence = self.model.objective.evidence(outputs, self._targets)[:, place].numpy()
        answers = self.model.answers(outputs)[:, place]
        change = evidence[0] - evidence[1:]
        if not self.model.objective.confident and evidence[0] < 0:
            change = -change
        return Check(
            float(answers[0]),
            float(answers[1]),
            float(np.median(answers[2:])),
            bool((change[0] > change[1:]).sum() >= BEATEN / RIVALS * len(rivals)),
        )


def _most_confident(answers: np.ndarray) -> int:
    return int(answers.argmax())


def _scaled(heat: np.ndarray) -> np.ndarray:
    """What speaks for an output, up to 1; of tokens also what speaks against it."""
    kept = heat if heat.ndim == 1 else heat.clip(0, None)
    most = np.abs(kept).max(initial=0.0)
    return kept / most if np.isfinite(most) and most > 0 else np.zeros_like(kept)


def _by_unit(heat: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Tokens [T] that belong to no word count nothing."""
    return _scaled(np.where(units >= 0, heat, 0.0))


# -- regions


def hottest(heat: np.ndarray, units: np.ndarray | None) -> np.ndarray:
    """The hottest fifth of what speaks for an output at all: bool [FINE, FINE], or [T]."""
    if heat.ndim == 1 and units is not None:
        totals = np.bincount(units[units >= 0], heat[units >= 0])
        there = np.unique(units[units >= 0])
        count = max(1, round(HOT * len(there)))
        ranked = there[np.argsort(-totals[there], kind="stable")][:count]
        return np.isin(units, ranked[totals[ranked] > 0])
    fine = stretched(heat, (FINE, FINE))
    ranked = np.argsort(-fine, axis=None, kind="stable")[: round(HOT * fine.size)]
    region = np.zeros(fine.size, dtype=bool)
    region[ranked] = True
    return region.reshape(fine.shape) & (fine > 0)


def other_regions(
    hot: np.ndarray, units: np.ndarray | None, rng: np.random.Generator
) -> list[np.ndarray]:
    """Up to :data:`RIVALS` other regions of the size of ``hot``: its shape elsewhere, what leaves a
    side coming back at the other; or as many other words."""
    if hot.ndim == 1 and units is not None:
        return _other_words(hot, units, rng)
    found: list[tuple[float, np.ndarray]] = []
    for shift in rng.integers(0, FINE, (TRIES, 2)).tolist():
        moved = np.roll(hot, shift, (0, 1))
        found.append((float((moved & hot).sum() / hot.sum()), moved))
    apart = [moved for overlap, moved in found if overlap <= OVERLAP]
    if len(apart) < RIVALS:
        apart = [moved for _o, moved in sorted(found, key=lambda each: each[0])]
    return apart[:RIVALS]


def _other_words(hot: np.ndarray, units: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    chosen = np.unique(units[hot])
    others = np.setdiff1d(np.unique(units[units >= 0]), chosen)
    count = min(len(chosen), len(others))
    if not count:
        return []
    drawn = {tuple(sorted(rng.choice(others, count, replace=False))) for _n in range(TRIES)}
    return [np.isin(units, words) for words in sorted(drawn)[:RIVALS]]


# -- in words


def notes(explanation: Explanation, model: TrainedModel) -> tuple[Note, ...]:
    """What is said of one explanation by ``model``."""
    check = explanation.check
    if check is None:
        code = "looking.no_words" if explanation.of_words else "looking.nothing"
        return (Note(code, {"name": explanation.name}),)
    values = {
        "name": explanation.name,
        "before": _figure(check.before, model),
        "after": _figure(check.hot, model),
        "others": _figure(check.others, model),
    }
    if explanation.of_words:
        code = "looking.words_decides" if check.reliable else "looking.words_unreliable"
    else:
        code = "looking.region_decides" if check.reliable else "looking.region_unreliable"
    return (Note(code, values, "good" if check.reliable else "warning"),)


def legend(explanation: Explanation) -> Note:
    """How to read the colours."""
    kind = explanation.preview.kind
    return Note((HIDING if explanation.method == "hiding" else LEGENDS)[kind])


LEGENDS = {
    "picture": "looking.map_legend",
    "sound": "looking.sound_legend",
    "text": "looking.words_legend",
}
HIDING = {
    "picture": "looking.map_by_hiding",
    "sound": "looking.sound_by_hiding",
    "text": "looking.words_by_hiding",
}
"""Of models that have no gradients."""


def _figure(value: float, model: TrainedModel) -> str:
    if model.objective.confident:
        return percent(value, 0)
    return f"{figure_text(value)}{suffix(model.card.targets.unit)}"
