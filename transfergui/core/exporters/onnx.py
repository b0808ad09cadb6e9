"""ONNX: one file that runs wherever there is an ONNX runtime, in any language.

Inputs ``input`` [N, ...] as the modality prepares them; normalisation and activation are inside.
Outputs for any N, and last ``logits`` [N, O] before the temperature; before these, where enough
samples were held out, ``unlike`` [N, 1]: above 1, the input is unlike the training data. Whether a
prediction is to be withheld (``promise.below`` of the card) is left to who asks:

- one class: ``probabilities`` [N, classes];
- several labels: ``probabilities`` [N, labels], and ``labels``, 1 above the threshold and else 0;
- several questions: one for each, under its name, of the probabilities of its answers;
- a number: ``value`` [N, 1], in its unit;
- boxes: ``boxes`` [N, 100, 4], left, top, right and bottom as shares of the picture, ``scores``
  [N, 100], 0 of none, and ``names`` [N, 100], indices of classes: suppressed and sorted already.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _
from transfergui.core.base.paths import shown
from transfergui.core.exporters.exporter import Example, Parity, UsageLine, usage_line

if TYPE_CHECKING:
    import onnx
    from torch import Tensor

    from transfergui.core.interfaces.objective import Objective
    from transfergui.core.trained import TrainedModel

MAX_BYTES = 2_000_000_000
"""A protobuf ends at 2 GiB; larger networks would need a second file beside it."""


class Onnx:
    """See the module."""

    key = "onnx"
    title = N_("ONNX")
    summary = N_(
        "One file for other programs and languages: runs with ONNX Runtime on computers, "
        "phones and in browsers."
    )
    suffix = ".onnx"

    def obstacle(self, objective: Objective) -> None:
        """It can hold all."""

    def write(self, model: TrainedModel, path: Path) -> None:
        path.write_bytes(to_proto(model).SerializeToString())

    def check(self, model: TrainedModel, path: Path, samples: list[Path]) -> Parity:
        import numpy as np
        import onnxruntime

        from transfergui.core.exporters.graph import answers_apart, compare, worse

        parity = compare(model, type(model).load(path).logits, samples)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        names = list(model.objective.exports(model.found))

        def answer(batch: Tensor) -> np.ndarray:
            found = session.run(names, {"input": batch.numpy()})
            return np.concatenate([part.reshape(len(batch), -1) for part in found], axis=1)

        return worse(parity, answers_apart(model, answer, samples))

    def usage(self, example: Example) -> tuple[UsageLine, ...]:
        session = f"session = onnxruntime.InferenceSession({shown(example.out)!r})"
        answers = _(
            "Prepare the inputs from {sample} as in predict.py of the model package; the output"
            " is one value for each of {classes}"
        )
        if example.places:
            answers = _(
                "Prepare the inputs from {sample} as in predict.py of the model package; the "
                "outputs are the sides of each box (left, top, right, bottom, as shares of the "
                "picture), its score (0: no box) and the number of its class, counted from 0, of "
                "{classes}"
            )
        return (
            example.predict,
            usage_line(_("In Python, after “import onnxruntime”"), session),
            usage_line(
                answers,
                _run(list(example.outputs)),
                sample=shown(example.sample.name),
                classes=example.some_classes,
            ),
        )


def _run(names: list[str]) -> str:
    """The code that answers: one array, or a list of several."""
    told = ", ".join(json.dumps(shown(name), ensure_ascii=False) for name in names)
    return f'session.run([{told}], {{"input": inputs}})' + ("[0]" if len(names) == 1 else "")


def fits(model: TrainedModel) -> bool:
    """Whether the network is small enough for one file."""
    tensors = model.module.state_dict().values()
    return sum(t.numel() * t.element_size() for t in tensors) < MAX_BYTES


def to_proto(model: TrainedModel) -> onnx.ModelProto:
    """The network as an ONNX model, described in its metadata.

    Raises:
        UserError: ``export.too_large``.
    """
    import torch

    from transfergui.core.exporters.graph import Answering, example, outputs, quietly

    if not fits(model):
        raise UserError("export.too_large", limit=MAX_BYTES // 10**9)
    inputs = example(model)
    with quietly():
        program = torch.onnx.export(
            Answering(model),
            (inputs,),
            input_names=["input"],
            output_names=list(outputs(model)),
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    assert program is not None
    proto = program.model_proto
    model.objective.complete(proto)
    _describe(proto, model, inputs)
    return proto


def _describe(proto: onnx.ModelProto, model: TrainedModel, inputs: Tensor) -> None:
    """Say what it is; and drop what torch notes of this machine's source files."""
    for part in (*proto.graph.node, *proto.graph.value_info, *proto.graph.input):
        del part.metadata_props[:]
    proto.producer_name = "TransferGUI"
    proto.producer_version = model.card.transfergui
    description = {
        "name": "input",
        "type": str(inputs.dtype).removeprefix("torch."),
        "shape": ["batch", *inputs.shape[1:]],
        "meaning": model.modality.prepared,
        "options": model.card.input,
    }
    proto.metadata_props.add(key="transfergui", value=model.card.transfergui)
    proto.metadata_props.add(key="classes", value=json.dumps(model.classes))
    proto.metadata_props.add(key="input", value=json.dumps(description))
    proto.metadata_props.add(key="outputs", value=json.dumps(model.objective.exports(model.found)))
    if model.assets:
        assets = {name: data.decode() for name, data in model.assets.items()}
        proto.metadata_props.add(key="assets", value=json.dumps(assets))
    proto.metadata_props.add(key="card", value=model.card.to_json())
