"""ONNX files of others: whatever they do, one sentence, in time, and the program goes on."""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import psutil
import pytest
from onnx import TensorProto, helper, numpy_helper

from transfergui.core.base import onnx_process, python
from transfergui.core.base.errors import UserError
from transfergui.core.base.onnx_process import OnnxProcess

CLASSES = 3
Nodes = list[onnx.NodeProto]


def constant(name: str, values: object, kind: type = np.int64) -> onnx.NodeProto:
    value = numpy_helper.from_array(np.asarray(values, dtype=kind), name)
    return helper.make_node("Constant", [], [name], value=value)


def model(nodes: Nodes, shape: tuple[object, ...] = ("n", 4), output: object = CLASSES) -> bytes:
    """A model whose ``nodes`` make ``logits`` of ``input``."""
    given = helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)
    made = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", output])
    graph = helper.make_graph(nodes, "graph", [given], [made])
    opset = helper.make_opsetid("", 17)
    return helper.make_model(graph, opset_imports=[opset], ir_version=8).SerializeToString()


def plain() -> Nodes:
    weights = np.arange(4 * CLASSES).reshape(4, CLASSES)
    return [
        constant("w", weights, np.float32),
        helper.make_node("MatMul", ["input", "w"], ["logits"]),
    ]


def many_answers() -> Nodes:
    return [
        *plain()[:1],
        constant("seven", [7, 1]),
        helper.make_node("MatMul", ["input", "w"], ["one"]),
        helper.make_node("Tile", ["one", "seven"], ["logits"]),
    ]


def not_numbers() -> Nodes:
    return [
        *plain()[:1],
        helper.make_node("MatMul", ["input", "w"], ["one"]),
        helper.make_node("Neg", ["one"], ["less"]),
        helper.make_node("Sqrt", ["less"], ["logits"]),
    ]


def terabytes() -> Nodes:
    """4 TB: 2**40 numbers of four bytes, asked for when it runs."""
    return [
        *plain()[:1],
        helper.make_node("ReduceMax", ["input"], ["peak"], keepdims=0),
        helper.make_node("Cast", ["peak"], ["whole"], to=TensorProto.INT64),
        constant("zero", 0),
        helper.make_node("Mul", ["whole", "zero"], ["nothing"]),
        constant("large", [2**20, 2**20]),
        helper.make_node("Add", ["large", "nothing"], ["size"]),
        helper.make_node("ConstantOfShape", ["size"], ["huge"]),
        helper.make_node("ReduceSum", ["huge"], ["sum"], keepdims=0),
        helper.make_node("MatMul", ["input", "w"], ["one"]),
        helper.make_node("Add", ["one", "sum"], ["logits"]),
    ]


def endless() -> Nodes:
    """A loop of 2**62 rounds over a number that it keeps."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Sin", ["kept"], ["keep"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("round", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("kept", TensorProto.FLOAT, ["n", CLASSES]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("keep", TensorProto.FLOAT, ["n", CLASSES]),
        ],
    )
    return [
        *plain()[:1],
        helper.make_node("MatMul", ["input", "w"], ["one"]),
        constant("rounds", 2**62),
        constant("true", True, np.bool_),
        helper.make_node("Loop", ["rounds", "true", "one"], ["logits"], body=body),
    ]


BATCH = np.ones((5, 4), np.float32)


def test_it_answers_as_the_model_does() -> None:
    process = OnnxProcess(model(plain()), CLASSES, "m.onnx")
    wanted = BATCH @ np.arange(4 * CLASSES).reshape(4, CLASSES)
    for batch in (BATCH, BATCH[:1], BATCH):
        assert np.array_equal(process.answer(batch), wanted[: len(batch)])


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: model(many_answers()), "7, 3"),
        (lambda: model(terabytes()), "memory"),
    ],
    ids=["7 answers for 1", "4 TB"],
)
def test_what_is_wrong_when_it_runs(made: Callable[[], bytes], said: str) -> None:
    with pytest.raises(UserError) as caught:
        OnnxProcess(made(), CLASSES, "m.onnx").answer(BATCH)
    assert caught.value.code == "model.damaged"
    assert "m.onnx" in str(caught.value)
    assert said in str(caught.value).lower()


@pytest.mark.parametrize("shape", [(5, 6), (5, 4, 4)], ids=["size", "rank"])
def test_an_input_of_another_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(UserError, match="for input: input") as caught:
        OnnxProcess(model(plain()), CLASSES, "m.onnx").answer(np.ones(shape, np.float32))
    assert caught.value.code == "model.damaged"


@pytest.mark.parametrize("data", [b"", b"no model", model(plain())[:-30], model(plain(), output=9)])
def test_what_cannot_be_loaded(data: bytes) -> None:
    with pytest.raises(UserError) as caught:
        OnnxProcess(data, CLASSES, "m.onnx")
    assert caught.value.code == "model.damaged"


def test_a_loop_without_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    process = OnnxProcess(model(endless()), CLASSES, "m.onnx")
    monkeypatch.setattr(onnx_process, "PATIENCE", 1.5)
    with pytest.raises(UserError, match="no prediction within 2 seconds"):
        process.answer(BATCH)
    with pytest.raises(UserError, match="ended"):
        process.answer(BATCH)
    assert not psutil.pid_exists(process._process.pid)


def test_answers_that_are_not_numbers_are_passed_on() -> None:
    """Each file that gets one is told (:meth:`TrainedModel.predict`)."""
    assert np.isnan(OnnxProcess(model(not_numbers()), CLASSES, "m.onnx").answer(BATCH)).any()


def test_a_process_that_is_killed_is_told() -> None:
    process = OnnxProcess(model(plain()), CLASSES, "m.onnx")
    process._process.kill()
    with pytest.raises(UserError, match="out of memory"):
        process.answer(BATCH)


def test_nothing_is_left_behind() -> None:
    process = OnnxProcess(model(plain()), CLASSES, "m.onnx")
    number = process._process.pid
    del process
    gc.collect()
    assert not psutil.pid_exists(number)


KILLED = """
import os, sys
from pathlib import Path
from transfergui.core.base.onnx_process import OnnxProcess
process = OnnxProcess(Path(sys.argv[1]).read_bytes(), 3, "m.onnx")
print(process._process.pid, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_it_ends_with_the_program(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(model(plain()))
    command = [sys.executable, "-c", KILLED, str(tmp_path / "m.onnx")]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env=python.environment()
    )
    child = int(run.stdout)
    deadline = time.monotonic() + 60
    while psutil.pid_exists(child) and time.monotonic() < deadline:
        if psutil.Process(child).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    assert time.monotonic() < deadline
