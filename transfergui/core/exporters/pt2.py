"""torch.export (``.pt2``): the network as a graph for PyTorch itself, without this program.

``torch.export.load(file).module()(inputs)`` returns (probabilities, logits), or of what is not one
class the outputs that :mod:`.onnx` names, for inputs [N, ...] as the modality prepares them and any
N. ``card.json``, ``classes.json`` and ``outputs.json``, the names of the outputs with what their
columns stand for, are among the extra files.
"""

from __future__ import annotations

import json
from keyword import iskeyword
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.exporters.exporter import Example, Parity, UsageLine, some, usage_line

if TYPE_CHECKING:
    from torch import Tensor
    from torch.export import ExportedProgram

    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.trained import TrainedModel


class Pt2:
    """See the module."""

    key = "pt2"
    title = N_("PyTorch program")
    summary = N_("One file for programmers who use PyTorch: opens without TransferGUI.")
    suffix = ".pt2"

    def obstacle(self, objective: Objective) -> UserError | None:
        return UserError("export.no_boxes", title=_(self.title)) if objective.places else None

    def write(self, model: TrainedModel, path: Path) -> None:
        import torch

        from transfergui.core.exporters.graph import Answering, example, outputs, quietly

        if (obstacle := self.obstacle(model.objective)) is not None:
            raise obstacle
        batch = torch.export.Dim("batch")
        extra = {
            "card.json": model.card.to_json(),
            "classes.json": json.dumps(model.classes),
            "outputs.json": json.dumps(outputs(model)),
        }
        with quietly(), path.open("wb") as stream:
            program = torch.export.export(
                Answering(model), (example(model),), dynamic_shapes=({0: batch},)
            )
            _forget_sources(program)
            torch.export.save(program, stream, extra_files=extra)

    def check(self, model: TrainedModel, path: Path, samples: list[Path]) -> Parity:
        import torch

        from transfergui.core.exporters.graph import compare, quietly

        with quietly(), path.open("rb") as stream:
            network = torch.export.load(stream).module()

        def answer(batch: Tensor) -> Tensor:
            return network(batch)[-1]

        return compare(model, answer, samples)

    def usage(self, example: Example) -> tuple[UsageLine, ...]:
        load = f"network = torch.export.load({shown(example.out)!r}).module()"
        first, *_others = example.outputs
        plain = all(name.isidentifier() and not iskeyword(name) for name in example.outputs)
        names = ", ".join(example.outputs) if plain else "*answers"
        prepared = _("Prepare the inputs from {sample} as in predict.py of the model package")
        return (
            usage_line(_("In Python, after “import torch”"), load),
            usage_line(
                prepared,
                f"{names}, logits = network(inputs)",
                sample=shown(example.sample.name),
            ),
            usage_line(
                _("One value for each of {classes}"),
                f"{first if plain else 'answers[0]'}[0].tolist()",
                classes=some(example.outputs[first]),
            ),
        )


def _forget_sources(program: ExportedProgram) -> None:
    """Drop what torch notes of this machine's source files."""
    from torch.fx import GraphModule

    for part in program.graph_module.modules():
        for node in part.graph.nodes if isinstance(part, GraphModule) else ():
            node.meta.pop("stack_trace", None)
