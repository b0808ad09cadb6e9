"""The nodes behind an ONNX graph say what the program's own decoding says."""

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper

from transfergui.core.figures import box_parity
from transfergui.core.nn.detection import onnx_nodes
from transfergui.core.nn.detection.decode import decoded, undecided

INPUTS = ("corners", "likely", "least")


def graph(shapes: dict[str, list[int | str]]) -> onnx.ModelProto:
    """Three inputs handed through, which the nodes are put behind."""
    nodes, inputs, outputs = [], [], []
    for name, given in zip(onnx_nodes.OUTPUTS, INPUTS, strict=True):
        inputs.append(helper.make_tensor_value_info(given, TensorProto.FLOAT, shapes[given]))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[given]))
        nodes.append(helper.make_node("Identity", [given], [name]))
    opsets = [helper.make_opsetid("", 18)]
    return helper.make_model(
        helper.make_graph(nodes, "g", inputs, outputs), opset_imports=opsets, ir_version=10
    )


def test_boxes_are_those_of_the_program() -> None:
    classes, places = 3, 90
    shapes = {"corners": ["batch", places, 4], "likely": ["batch", classes, places]}
    proto = graph({**shapes, "least": ["batch", 1, 1]})
    onnx_nodes.complete(proto)
    onnx.checker.check_model(proto)
    session = onnxruntime.InferenceSession(proto.SerializeToString())
    generator = torch.Generator().manual_seed(0)
    for count in (1, 5):
        middle = torch.rand(count, places, 2, generator=generator)
        half = 0.02 + 0.1 * torch.rand(count, places, 2, generator=generator)
        logits = 3 * torch.randn(count, places, classes, generator=generator)
        parts = [logits, middle - half, middle + half, torch.ones(count, places, 1)]
        outputs = torch.cat(parts, 2).flatten(1)
        given = dict(zip(INPUTS, (t.numpy() for t in undecided(outputs, classes)), strict=True))
        found = session.run(list(onnx_nodes.OUTPUTS), given)
        rows = np.concatenate([part.reshape(count, -1) for part in found], axis=1)
        wanted = decoded(outputs, classes).numpy()
        assert (wanted.reshape(count, -1, 6)[:, :, 1] > 0).sum(1).min() > 20
        assert box_parity.apart(wanted, box_parity.side_by_side(rows)) < 1e-6


def test_fewer_places_than_boxes_and_none_at_all() -> None:
    shapes = {"corners": ["batch", 4, 4], "likely": ["batch", 1, 4], "least": ["batch", 1, 1]}
    proto = graph(shapes)
    onnx_nodes.complete(proto)
    session = onnxruntime.InferenceSession(proto.SerializeToString())
    corners = np.tile(np.array([0, 0, 1, 1], np.float32), (1, 4, 1))
    for score, count in ((0.5, 1), (0.01, 0)):
        scores = np.full((1, 1, 4), score, np.float32)
        given = {"corners": corners, "likely": scores, "least": scores[:, :, :1]}
        boxes, found, _names = session.run(list(onnx_nodes.OUTPUTS), given)
        assert (boxes.shape, (found > 0).sum()) == ((1, 100, 4), count)
