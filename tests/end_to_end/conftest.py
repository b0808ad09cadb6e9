"""What the tests of the whole program share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from transfergui.core.exporters import onnx

if TYPE_CHECKING:
    from onnx import ModelProto

    from transfergui.core.trained import TrainedModel


@pytest.fixture(scope="module", autouse=True)
def _traced_once() -> Iterator[None]:
    """Formats that hold the graph of one model share what was traced first: to trace takes two
    seconds. What each format makes of it is made, and compared with the model, anew."""
    traced: dict[tuple[str, int, str], ModelProto] = {}
    trace = onnx.to_proto

    def once(model: TrainedModel) -> ModelProto:
        if model.run is None:
            return trace(model)
        key = str(model.run.path), model.run.best.stat().st_mtime_ns, model.card.to_json()
        if key not in traced:
            traced[key] = trace(model)
        return traced[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(onnx, "to_proto", once)
        yield
