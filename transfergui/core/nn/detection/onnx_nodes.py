"""The end of an ONNX graph that finds boxes: non-maximum suppression, and K boxes for each picture.

As :func:`.decode.decoded`, in operators of ONNX, whose ``NonMaxSuppression`` goes class by class
through any number of pictures. PyTorch's graphs cannot say it: how many boxes are kept is not known
beforehand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from transfergui.core.nn.detection.decode import LEAST, MOST, SAME

if TYPE_CHECKING:
    import onnx

BOXES, SCORES, NAMES = "boxes", "scores", "names"
OUTPUTS = (BOXES, SCORES, NAMES)
"""What the graph answers: [N, K, 4] left, top, right, bottom as shares of the picture; [N, K], 0 of
none; [N, K] indices of classes."""
OWN = "detection_"
"""How the names of what is inserted begin."""


def complete(proto: onnx.ModelProto) -> None:
    """Let a graph end in K boxes for each picture.

    Args:
        proto: changed; its outputs of the names :data:`OUTPUTS` are corners [N, P, 4], scores
            [N, C, P], and the smallest score [N, 1, 1] that is looked at.
    """
    from onnx import TensorProto, helper, numpy_helper

    graph = proto.graph
    _rename(graph)
    for name, value in _constants().items():
        graph.initializer.append(numpy_helper.from_array(value, OWN + name))
    for op, inputs, outputs, more in _nodes():
        inserted = [each if each in OUTPUTS else OWN + each for each in outputs]
        name = OWN + outputs[0] + "_node"
        graph.node.append(
            helper.make_node(op, [OWN + each for each in inputs], inserted, name, **more)
        )
    kinds = {BOXES: TensorProto.FLOAT, SCORES: TensorProto.FLOAT, NAMES: TensorProto.INT64}
    for output in graph.output:
        if output.name in OUTPUTS:
            batch = output.type.tensor_type.shape.dim[0]
            pictures = batch.dim_param or batch.dim_value
            shape = [pictures, MOST, 4][: 3 if output.name == BOXES else 2]
            output.CopyFrom(helper.make_tensor_value_info(output.name, kinds[output.name], shape))


def _rename(graph: onnx.GraphProto) -> None:
    """What the outputs were is what the inserted nodes begin with."""
    for node in graph.node:
        for tensors in (node.input, node.output):
            for at, name in enumerate(tensors):
                if name in OUTPUTS:
                    tensors[at] = f"{OWN}raw_{name}"


def _constants() -> dict[str, np.ndarray]:
    return {
        "most": np.array([MOST], np.int64),
        "same": np.array([SAME], np.float32),
        "below": np.nextafter(np.array([LEAST], np.float32), np.float32(0)),
        "nothing": np.array(0, np.float32),
        "first": np.array([0], np.int64),
        "second": np.array([1], np.int64),
        "two": np.array(2, np.int64),
        "flat": np.array([0, -1], np.int64),
        "behind": np.array([0, 0, 0, MOST], np.int64),
        "last": np.array([2], np.int64),
        "four": np.array([1, 1, 4], np.int64),
    }


Node = tuple[str, tuple[str, ...], tuple[str, ...], dict[str, Any]]


def _nodes() -> Iterator[Node]:
    """Operator, inputs, outputs and attributes of each; names without :data:`OWN`."""
    from onnx import TensorProto, helper

    of_ones = helper.make_tensor("value", TensorProto.FLOAT, [1], [1.0])
    whole, float_ = {"to": TensorProto.INT64}, {"to": TensorProto.FLOAT}
    # which are kept: [N, C, P], their scores, and 0 of all others
    yield "GreaterOrEqual", ("raw_scores", "raw_names"), ("looked_at",), {}
    yield "Where", ("looked_at", "raw_scores", "nothing"), ("limited",), {}
    inputs = ("raw_boxes", "limited", "most", "same", "below")
    yield "NonMaxSuppression", inputs, ("selected",), {}
    yield "Shape", ("selected",), ("selected_shape",), {}
    yield "Slice", ("selected_shape", "first", "second"), ("count",), {}
    yield "ConstantOfShape", ("count",), ("ones",), {"value": of_ones}
    yield "Shape", ("limited",), ("shape",), {}
    yield "ConstantOfShape", ("shape",), ("zeros",), {}
    yield "ScatterND", ("zeros", "selected", "ones"), ("kept",), {}
    yield "Mul", ("limited", "kept"), ("kept_scores",), {}
    # the best of them; behind them as many zeros, so that there are enough
    yield "Reshape", ("kept_scores", "flat"), ("row",), {}
    yield "Pad", ("row", "behind"), ("padded",), {}
    yield "TopK", ("padded", "most"), ("best", "at"), {"axis": 1}
    yield "Gather", ("shape", "two"), ("places",), {}
    yield "Mod", ("at", "places"), ("place",), {}
    yield "Div", ("at", "places"), ("name",), {}
    # their corners
    yield "Unsqueeze", ("place", "last"), ("place_3",), {}
    yield "Expand", ("place_3", "four"), ("place_4",), {}
    yield "GatherElements", ("raw_boxes", "place_4"), ("corners",), {"axis": 1}
    # none where the score is 0 or the box has no size
    yield "Split", ("corners",), ("low", "high"), {"axis": 2, "num_outputs": 2}
    yield "Sub", ("high", "low"), ("sides",), {}
    yield "ReduceMin", ("sides", "last"), ("shorter",), {"keepdims": 0}
    yield "Min", ("shorter", "best"), ("least",), {}
    yield "Greater", ("least", "nothing"), ("there",), {}
    yield "Cast", ("there",), ("there_whole",), whole
    yield "Cast", ("there",), ("there_float",), float_
    yield "Unsqueeze", ("there_float", "last"), ("there_3",), {}
    yield "Mul", ("name", "there_whole"), (NAMES,), {}
    yield "Mul", ("best", "there_float"), (SCORES,), {}
    yield "Mul", ("corners", "there_3"), (BOXES,), {}
