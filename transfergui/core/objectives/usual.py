"""What an objective is unless it says otherwise: learnt from the features of whole samples."""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

if TYPE_CHECKING:
    import numpy as np
    import onnx
    import torch

    from transfergui.core.base.options import Options
    from transfergui.core.data.targets import Targets
    from transfergui.core.interfaces.logs import Log
    from transfergui.core.interfaces.networks import Backbone
    from transfergui.core.interfaces.objective import Found, Needs
    from transfergui.core.recipe import HeadOptions

CLOSE = 1e-3
"""Answers of an exported model that are no further apart count as the same."""


class Usual:
    """See :class:`.interfaces.objective.Objective`: any samples, any strategy, any network; one
    vector of features for a sample, and as many answers as outputs."""

    modalities: ClassVar[tuple[str, ...]] = ()
    places: ClassVar[bool] = False
    strangers: ClassVar[bool] = True
    adds_up: ClassVar[bool] = True
    fixed_input: ClassVar[Mapping[str, Any]] = {}
    usual: ClassVar[Mapping[str, Any]] = {}
    batch_size: ClassVar[int] = 32
    by_score: ClassVar[bool] = False
    continues: ClassVar[bool] = False
    logs: ClassVar[tuple[Log, ...]] = ()

    def obstacle(self, strategy: Needs) -> str:
        return ""

    def backbone_obstacle(self, backbone: Backbone) -> str:
        return "objective.detector" if backbone.body else ""

    def own_input(self, backbone: Backbone) -> dict[str, Any]:
        return {}

    def asked(self, backbone: Backbone, options: Mapping[str, Any]) -> dict[str, Any]:
        return dict(options)

    def encoder(self, backbone: Backbone, shape: Sequence[int]) -> Backbone:
        """The features of a whole sample, also of a network that was to give maps before."""
        if not backbone.pooled:
            return backbone
        return msgspec.structs.replace(backbone, features=backbone.pooled, pooled=0)

    def pace(self, frozen: bool, steps: int) -> tuple[float, float]:
        return 1.0, 1.0

    def head(
        self,
        backbone: Backbone,
        targets: Targets,
        classes: int,
        options: HeadOptions,
        own: Options,
    ) -> torch.nn.Module:
        from transfergui.core.nn.heads import head_of

        merge = functools.partial(self.merged, targets=targets)
        return head_of(backbone, self.outputs(targets, classes), options, merge)

    def answers(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        """Each objective has its own."""
        raise NotImplementedError

    def take_over(
        self,
        head: torch.nn.Module,
        tensors: Mapping[str, torch.Tensor],
        targets: Targets,
        learnt: Targets,
    ) -> None:
        """Nothing: new last layers learn quickly."""

    def taken_over(
        self, names: Collection[str], targets: Targets, learnt: Targets, own: Options
    ) -> tuple[str, dict[str, Any]]:
        return "", {}

    def answered(self, targets: Targets, classes: int) -> int:
        return self.outputs(targets, classes)

    def drawn(self, answers: np.ndarray, found: Found) -> list[str]:
        return []

    def width(self, backbone: Backbone, targets: Targets, classes: int, own: Options) -> int:
        return self.outputs(targets, classes)

    def thresholds(self, classes: int) -> int:
        return classes

    def kept(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets, own: Options
    ) -> torch.Tensor:
        return outputs

    def decided(self, outputs: torch.Tensor, targets: Targets) -> torch.Tensor:
        return outputs

    def settled(self, decided: torch.Tensor, targets: Targets) -> torch.Tensor:
        return self.answers(decided, targets)

    def scored(self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets) -> float:
        return self.rate(self.tally(outputs, wanted, targets), len(wanted))

    def told_cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        return self.cells(answers, found)

    def complete(self, proto: onnx.ModelProto) -> None:
        """Nothing: PyTorch's graph says it all."""

    def read_back(self, rows: np.ndarray, found: Found) -> np.ndarray:
        """They stand first; what follows from them, behind."""
        return rows[:, : self.answered(found.targets, len(found.classes))]

    def apart(self, wanted: np.ndarray, found: np.ndarray) -> tuple[float, float]:
        """The largest difference of any number; of large numbers, a share of the largest."""
        difference = abs(wanted - found).max()
        same = math.isfinite(difference)
        return float(difference) if same else math.inf, CLOSE * max(1.0, float(abs(wanted).max()))

    # what each of them has of its own

    def outputs(self, targets: Targets, classes: int) -> int:
        raise NotImplementedError

    def cells(self, answers: np.ndarray, found: Found) -> tuple[float | str, ...]:
        raise NotImplementedError

    def merged(self, outputs: Sequence[torch.Tensor], targets: Targets) -> torch.Tensor:
        raise NotImplementedError

    def tally(
        self, outputs: torch.Tensor, wanted: torch.Tensor, targets: Targets
    ) -> tuple[float, ...]:
        raise NotImplementedError

    def rate(self, tally: Sequence[float], samples: int) -> float:
        raise NotImplementedError
