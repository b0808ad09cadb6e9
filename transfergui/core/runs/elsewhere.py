"""What a model answers to other data beside those that it was trained on: kept in its run, so that
it can be compared with another model of the same data."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.base import files
from transfergui.core.base.errors import UserError

if TYPE_CHECKING:
    import numpy as np

FILE = "elsewhere.safetensors"
MAX_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Elsewhere:
    """See the module.

    Attributes:
        target: predictions for unlabelled samples of the target, float32 [M, C].
        target_features: of some of them, float32 [m, F].
        validated: whether each validation sample was right, bool [V].
        validated_features: float32 [V, F].
        checked: whether each labelled sample of the target was right, bool [K]; none without any.
    """

    target: np.ndarray
    target_features: np.ndarray
    validated: np.ndarray
    validated_features: np.ndarray
    checked: np.ndarray

    def save(self, folder: Path) -> None:
        """
        Raises:
            UserError: ``disk.full``.
        """
        import numpy as np
        from safetensors.numpy import save

        tensors = {
            "target": self.target.astype(np.float32),
            "target_features": self.target_features.astype(np.float32),
            "validated": self.validated.astype(np.uint8),
            "validated_features": self.validated_features.astype(np.float32),
            "checked": self.checked.astype(np.uint8),
        }
        try:
            files.write_atomic(folder / FILE, save(tensors))
        except OSError as error:
            raise files.not_written(folder, error) from None


def load(folder: Path) -> Elsewhere:
    """
    Raises:
        UserError: ``run.damaged``.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load as read

    path = folder / FILE
    try:
        found = read(files.read_regular(path, MAX_BYTES))
        return Elsewhere(
            found["target"],
            found["target_features"],
            found["validated"] > 0,
            found["validated_features"],
            found["checked"] > 0,
        )
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise UserError("run.damaged", path=str(path), reason=str(error)) from None
