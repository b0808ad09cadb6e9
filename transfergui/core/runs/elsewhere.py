"""What a model answers to other data beside those that it was trained on: kept in its run, so that
it can be compared with another model of the same data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.base import files
from transfergui.core.base.errors import UserError

if TYPE_CHECKING:
    import numpy as np

FILE = "elsewhere.safetensors"
MAX_BYTES = 2_000_000_000
TYPES = {"validated": "uint8", "checked": "uint8"} | dict.fromkeys(
    ("target_rows", "validated_rows", "checked_rows"), "int64"
)
"""How what is no figure is stored."""


@dataclass(frozen=True)
class Elsewhere:
    """See the module.

    Attributes:
        target: predictions for unlabelled samples of the target, float32 [M, C].
        target_features: of some of them, float32 [m, F].
        validated: whether each validation sample was right, bool [V].
        validated_features: float32 [V, F].
        validated_answers: predictions for them, float32 [V, C]; None in older runs.
        checked: whether each labelled sample of the target was right, bool [K]; none without any.
        target_rows, validated_rows, checked_rows: which samples of each they are, ascending: those
            that could be read.
    """

    target: np.ndarray
    target_rows: np.ndarray
    target_features: np.ndarray
    validated: np.ndarray
    validated_rows: np.ndarray
    validated_features: np.ndarray
    checked: np.ndarray
    checked_rows: np.ndarray
    validated_answers: np.ndarray | None = None

    def among(self, other: Elsewhere) -> Elsewhere:
        """What is known of the samples that the other model has read, too."""
        import numpy as np

        target = np.isin(self.target_rows, other.target_rows)
        validated = np.isin(self.validated_rows, other.validated_rows)
        checked = np.isin(self.checked_rows, other.checked_rows)
        answers = self.validated_answers
        return Elsewhere(
            target=self.target[target],
            target_rows=self.target_rows[target],
            target_features=self.target_features,
            validated=self.validated[validated],
            validated_rows=self.validated_rows[validated],
            validated_features=self.validated_features[validated],
            checked=self.checked[checked],
            checked_rows=self.checked_rows[checked],
            validated_answers=None if answers is None else answers[validated],
        )

    def save(self, folder: Path) -> None:
        """
        Raises:
            UserError: ``disk.full``.
        """
        import numpy as np
        from safetensors.numpy import save

        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        tensors = {
            name: value.astype(TYPES.get(name, np.float32))
            for name, value in named
            if value is not None
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
        rights = {name: found.pop(name) > 0 for name in ("validated", "checked")}
        return Elsewhere(**found, **rights)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise UserError("run.damaged", path=str(path), reason=str(error)) from None
