"""Where and how precisely a training computes."""

import threading

import pytest
import torch
from torch import nn

from transfergui.core.base.errors import UserError
from transfergui.core.training import devices
from transfergui.core.training.compute import Compute


@pytest.mark.parametrize("device", ["auto", "cpu"])
def test_the_device_is_the_best_there_is(device: str) -> None:
    best = devices.available_devices()[-1] if device == "auto" else "cpu"
    assert Compute(device).device.type == best


def test_a_precision_that_the_processor_lacks_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        Compute("cpu", "float16")
    assert caught.value.code == "device.precision"
    assert caught.value.note.values["precision"] == "float16"


def test_it_computes_in_its_precision_and_gradients_are_whole() -> None:
    layer, inputs = nn.Linear(4, 2), torch.ones(3, 4)
    for precision, expected in (("bfloat16", torch.bfloat16), ("float32", torch.float32)):
        compute = Compute("cpu", precision)
        with compute.autocast():
            outputs = layer(inputs)
        assert outputs.dtype == expected
        layer.zero_grad()
        compute.backward(outputs.float().sum())
        assert layer.weight.grad is not None
        assert layer.weight.grad.dtype == torch.float32
        assert torch.equal(layer.weight.grad, torch.full((2, 4), 3.0))


def test_two_threads_compute_in_precisions_of_their_own() -> None:
    found = {}
    both = threading.Barrier(2)

    def work(precision: str) -> None:
        compute, layer = Compute("cpu", precision), nn.Linear(4, 2)
        both.wait(10)
        with compute.autocast():
            both.wait(10)
            found[precision] = layer(torch.ones(1, 4)).dtype

    threads = [threading.Thread(target=work, args=(p,)) for p in ("float32", "bfloat16")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {"float32": torch.float32, "bfloat16": torch.bfloat16}


@pytest.mark.parametrize(("overflowing", "steps", "scale"), [(False, 1, 8.0), (True, 0, 4.0)])
def test_a_step_that_overflows_is_left_out_and_scaled_less(
    overflowing: bool, steps: int, scale: float
) -> None:
    compute = Compute("cpu")
    compute.scaler = torch.amp.GradScaler("cpu", init_scale=8.0)
    parameter = nn.Parameter(torch.tensor([1.0]))
    optimizer = torch.optim.SGD([parameter], lr=0.5)
    compute.backward((3 * parameter).sum())
    assert parameter.grad is not None
    if overflowing:
        parameter.grad.fill_(torch.inf)
    compute.unscale(optimizer)
    compute.step(optimizer)
    assert parameter.item() == (1.0 if not steps else 1.0 - 0.5 * 3)
    assert compute.scaler.get_scale() == scale
