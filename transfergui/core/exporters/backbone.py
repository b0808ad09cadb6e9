"""The backbone alone: the network of a run without its head, the start of another training.

A ``.safetensors`` file of float16 tensors under the network's own names, which
:meth:`transfergui.core.interfaces.plan.Modality.build` reads; in PyTorch, ``load_state_dict(...,
strict=False)`` of the network takes them too. BatchNorm's step counters are left out. The
metadata say which network it is, so that the file may have any name.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.exporters.exporter import Example, Parity, UsageLine, in_terminal, usage_line
from transfergui.core.networks.weights import OWNER

if TYPE_CHECKING:
    from torch import Tensor

    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.trained import TrainedModel

TOLERANCE = 2e-2
"""As :data:`transfergui.core.exporters.exporter.TOLERANCE`, of the largest feature: 16 bits round
every weight by up to 0.05 %, and the layers add that up. MobileNetV2's features moved by 0.5 %."""


class BackboneFile:
    """See the module."""

    key = "backbone"
    title = N_("Backbone")
    summary = N_(
        "The backbone without the head, as the starting point of another training, here or in "
        "PyTorch. The file contains no classes and is about half as large as the model package."
    )
    suffix = ".safetensors"

    def obstacle(self, objective: Objective) -> None:
        """It can hold all."""

    def write(self, model: TrainedModel, path: Path) -> None:
        from transfergui.core.nn import state_dicts

        _require_network(model)
        tensors = model.module.encoder.get_submodule("network").state_dict()
        kept = {n: _halved(t) for n, t in tensors.items() if not n.endswith(state_dicts.COUNTER)}
        path.write_bytes(state_dicts.to_safetensors(kept, _described(model)))

    def check(self, model: TrainedModel, path: Path, samples: list[Path]) -> Parity:
        """Features of the written file and of the model; and what its head makes of both."""
        import torch

        from transfergui.core.exporters.graph import BATCH, agreement, measure
        from transfergui.core.nn.classifier import to_memory_format
        from transfergui.core.training import inference

        shape = model.modality.input_shape(model.input)
        row = model.objective.encoder(model.backbone, shape)
        built = model.modality.build(row, path, model.input)
        encoder = to_memory_format(built).eval()
        batches = torch.stack([model.read(path) for path in samples]).split(BATCH)
        wanted, found = (
            inference.outputs(network, batches) for network in (model.module.encoder, encoder)
        )
        said = (inference.outputs(model.module.head, [each]) for each in (wanted, found))
        agree = agreement(model, *said)
        parity = measure(wanted, found)
        return msgspec.structs.replace(parity, agree=agree, tolerance=TOLERANCE, features=True)

    def usage(self, example: Example) -> tuple[UsageLine, ...]:
        train = in_terminal("transfergui", "train", example.data, "--backbone", example.out)
        load = f"tensors = safetensors.torch.load_file({shown(example.out)!r})"
        into = _(
            "Load the weights into the architecture {network}; the head, for {classes}, is not "
            "in the file"
        )
        return (
            usage_line(
                _("To start another training from this backbone, on these or other data"), train
            ),
            usage_line(_("In Python, after “import safetensors.torch”"), load),
            usage_line(
                into,
                "network.load_state_dict(tensors, strict=False)",
                network=example.network,
                classes=example.some_classes,
            ),
        )


def _require_network(model: TrainedModel) -> None:
    """Insist that the file can begin another training.

    Raises:
        UserError: ``export.no_network``; ``export.unlisted``: nobody could tell what it is of;
            ``export.detector``: what begins with a detector's file takes over its head, too.
    """
    title = model.backbone.title
    if not hasattr(model.module.encoder, "network"):
        raise UserError("export.no_network", title=title)
    if model.backbone.key not in {row.key for row in model.modality.backbones()}:
        raise UserError("export.unlisted", title=title)
    if model.backbone.body:
        raise UserError("export.detector", title=title)


def _halved(tensor: Tensor) -> Tensor:
    """In 16 bits; as it is, where it holds whole numbers or some that 16 bits do not reach."""
    half = tensor.half()
    fits = tensor.is_floating_point() and bool(half.isfinite().all())
    return half if fits else tensor


def _described(model: TrainedModel) -> dict[str, str]:
    """The file's metadata, where safetensors takes text only."""
    return {
        "transfergui": model.card.transfergui,
        "name": model.name,
        OWNER: model.card.backbone,
        "input": json.dumps(model.card.input),
    }
