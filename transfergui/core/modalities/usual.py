"""What a modality is unless it says otherwise: a file is a sample, prepared from options alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import torch

    from transfergui.core.base.notes import Note
    from transfergui.core.base.options import Options
    from transfergui.core.data.rows import OwnRow
    from transfergui.core.figures.metrics import Baseline
    from transfergui.core.interfaces.networks import Backbone, Source
    from transfergui.core.interfaces.plan import Plan


class Usual:
    """See :class:`.interfaces.plan.Modality`: no tables, no pixels, no tokens, nothing to keep
    beside the options, and nothing known against a file that can be read."""

    def own_row(self, path: Path, input: Options) -> OwnRow | None:
        return None

    def data_for(self, input: Options) -> dict[str, Any]:
        return {}

    def extent(self, path: Path) -> tuple[int, int] | None:
        return None

    def tokens(self, input: Options) -> tuple[int, int | None] | None:
        return None

    def prediction_warning(self, prepared: torch.Tensor, input: Options) -> Note | None:
        return None

    def file_warning(self, path: Path, input: Options) -> Note | None:
        return None

    def unmeant(self, places: bool) -> tuple[str, ...]:
        return ()

    def idle(self, input: Options) -> tuple[str, ...]:
        return ()

    def input_limits(self, backbone: Backbone, input: Options) -> dict[str, int]:
        return {}

    def beside(self, backbone: Backbone, weights: Path | None) -> dict[str, Any]:
        return {}

    def from_path(self, path: Path) -> Source | None:
        return None

    def save_assets(self, plan: Plan, folder: Path) -> None:
        """Nothing."""

    def baselines(self, plan: Plan) -> tuple[Baseline, ...]:
        return ()

    def notes(self, plan: Plan, searched: bool) -> Iterable[Note]:
        return ()

    def units(self, path: Path, input: Options) -> np.ndarray | None:
        return None
