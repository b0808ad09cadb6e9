"""Weights files: what is read, and every way in which one can be wrong (FAULTS 61)."""

import io
import os
import pickle
import re
import struct
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save, save_file
from torch import Tensor, nn

from transfergui.core.base.errors import UserError
from transfergui.core.nn import state_dicts

LIMIT = 10_000_000
SPARE = re.compile(r"head\.")


def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(
        OrderedDict(
            conv=nn.Conv2d(3, 4, 3),
            norm=nn.BatchNorm2d(4),
            flat=nn.Flatten(),
            last=nn.Linear(16, 5),
        )
    )


def weights() -> dict[str, Tensor]:
    return dict(network().state_dict())


def load(path: Path) -> nn.Module:
    """An empty network, filled from the file."""
    module = network().to("meta")
    state_dicts.fill(module, state_dicts.read(path, LIMIT), path, "Testnet", SPARE)
    return module


def refusal(path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        load(path)
    assert path.name in str(caught.value)
    assert "{" not in str(caught.value)
    return caught.value


def same(module: nn.Module) -> bool:
    expected = weights()
    return all(torch.equal(expected[name], value) for name, value in module.state_dict().items())


# -- what is accepted


def _torch(content: object, path: Path) -> None:
    torch.save(content, path)


def _legacy(content: object, path: Path) -> None:
    torch.save(content, path, _use_new_zipfile_serialization=False)


WRITERS: dict[str, Callable[[Path], None]] = {
    "plain": lambda path: _torch(weights(), path),
    "before 2020": lambda path: _legacy(weights(), path),
    "wrapped": lambda path: _torch({"epoch": 3, "state_dict": weights()}, path),
    "parallel": lambda path: _torch({f"module.{n}": t for n, t in weights().items()}, path),
    "both": lambda path: _torch({"model": {f"module.{n}": t for n, t in weights().items()}}, path),
    "with a head": lambda path: _torch(weights() | {"head.weight": torch.ones(7, 3)}, path),
    "parameters": lambda path: _torch(
        {n: nn.Parameter(t) if t.is_floating_point() else t for n, t in weights().items()}, path
    ),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=list(WRITERS))
def test_torch_files_load_to_the_bit(write: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    write(path)
    assert same(load(path))


def test_safetensors_load_to_the_bit(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_file(weights(), path)
    assert same(load(path))


def test_half_precision_is_widened(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    torch.save({n: t.half() if t.is_floating_point() else t for n, t in weights().items()}, path)
    module = load(path)
    assert all(p.dtype == torch.float32 for p in module.parameters())


def test_step_counter_may_be_missing(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    torch.save({n: t for n, t in weights().items() if "num_batches" not in n}, path)
    assert same(load(path))


def test_file_may_go_once_it_is_loaded(tmp_path: Path) -> None:
    """Memory-mapped weights would be lost with a pulled-out disk."""
    path = tmp_path / "net.pth"
    torch.save(weights(), path)
    module = load(path)
    path.write_bytes(b"\0" * path.stat().st_size)
    assert same(module)


def test_name_need_not_be_ascii(tmp_path: Path) -> None:
    path = tmp_path / "权重 été" / "net.pth"
    path.parent.mkdir()
    torch.save(weights(), path)
    assert same(load(path))


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text there")
def test_name_need_not_be_text(tmp_path: Path) -> None:
    path = tmp_path / "caf\udce9.safetensors"
    path.write_bytes(save(weights()))
    assert same(load(path))


# -- what is no weights file


class Runs:
    """Unpickling this would run a program."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (self.command,)


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("save", ["zip", "legacy", "pickle"])
def test_a_program_is_not_run(save: str, protocol: int, tmp_path: Path) -> None:
    path, trace = tmp_path / "net.pth", tmp_path / "trace"
    content = weights() | {"x": Runs(f"touch {trace}")}
    if save == "pickle":
        path.write_bytes(pickle.dumps(content, protocol))
    else:
        torch.save(
            content,
            path,
            pickle_protocol=protocol,
            _use_new_zipfile_serialization=save == "zip",
        )
    assert refusal(path).code in ("weights.unsafe", "weights.damaged")
    assert not trace.exists()


def test_a_program_is_called_one(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    torch.save({"x": Runs("true")}, path)
    error = refusal(path)
    assert error.code == "weights.unsafe"
    assert "posix.system" in str(error) or "nt.system" in str(error)


@pytest.mark.parametrize("new", [True, False], ids=["zip", "legacy"])
def test_whole_model_is_called_one(new: bool, tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    torch.save(network(), path, _use_new_zipfile_serialization=new)
    error = refusal(path)
    assert error.code == "weights.whole_model"
    assert "torch.nn.modules.container.Sequential" in str(error)


def _zip_bytes() -> bytes:
    stream = io.BytesIO()
    torch.save(weights(), stream)
    return stream.getvalue()


def _compressed() -> bytes:
    """A file of a few kilobytes that would unpack to many megabytes."""
    stream = io.BytesIO()
    torch.save({"conv.weight": torch.zeros(10_000_000)}, stream)
    small = io.BytesIO()
    with zipfile.ZipFile(stream) as whole, zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED) as out:
        for name in whole.namelist():
            out.writestr(name, whole.read(name))
    return small.getvalue()


DAMAGED = {
    "random.pth": lambda: bytes(torch.randint(0, 256, (5000,), dtype=torch.uint8).tolist()),
    "random.safetensors": lambda: bytes(range(1, 256)) * 20,
    "text.pth": lambda: b"<html>not found</html>",
    "half.pth": lambda: _zip_bytes()[:2000],
    "last byte gone.pth": lambda: _zip_bytes()[:-1],
    "start gone.pth": lambda: _zip_bytes()[700:],
    "compressed.pth": _compressed,
    "a list.pth": lambda: _saved([torch.ones(2)]),
    "no tensors.pth": lambda: _saved({"a": 1}),
    "nothing.pth": lambda: _saved({}),
    "huge header.safetensors": lambda: struct.pack("<Q", 50_000_000_000) + b"{}",
    "huge tensor.safetensors": lambda: _header(b'{"a":{"dtype":"F32","shape":[1000000000],'
                                               b'"data_offsets":[0,4000000000]}}'),
    "deep header.safetensors": lambda: _header(b"[" * 100_000),
}  # fmt: skip


def _saved(content: object) -> bytes:
    stream = io.BytesIO()
    torch.save(content, stream)
    return stream.getvalue()


def _header(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_file_is_called_so(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(DAMAGED[name]())
    assert refusal(path).code == "weights.damaged"


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path, whole = tmp_path / "net.pth", _zip_bytes()
    for length in range(1, len(whole), 211):
        path.write_bytes(whole[:length])
        assert refusal(path).code == "weights.damaged"


def test_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    path.touch()
    assert refusal(path).code == "weights.empty"


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "net.pth").code == "weights.no_file"
    (tmp_path / "folder.pth").mkdir()
    assert refusal(tmp_path / "folder.pth").code == "weights.no_file"


def test_file_that_is_far_too_large(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    with path.open("wb") as stream:
        stream.truncate(50_000_000_000)  # sparse: takes no room
    error = refusal(path)
    assert error.code == "weights.too_large"
    assert "50,000 MB" in str(error)


@pytest.mark.parametrize("name", ["lfs-pointer.tif", "lfs-pointer.wav"])
def test_pointer_of_lfs(name: str, shared_data: Path) -> None:
    assert refusal(shared_data / "broken" / name).code == "weights.pointer"


@pytest.mark.parametrize(
    "name", ["damaged_resnet18-5c106cde.pth", "damaged_resnet18-f37072fd.pth", "almost-black.jpg"]
)
def test_broken_files_from_the_wild(name: str, shared_data: Path) -> None:
    assert refusal(shared_data / "broken" / name).code == "weights.damaged"


# -- what does not fit


def _without(name: str) -> dict[str, Tensor]:
    return {n: t for n, t in weights().items() if n != name}


MISFITS = {
    "missing": (lambda: _without("conv.bias"), "conv.bias is missing."),
    "size": (
        lambda: weights() | {"last.weight": torch.ones(5, 7)},
        "last.weight has the size 5×7, expected 5×16.",
    ),
    "scalar": (
        lambda: weights() | {"last.bias": torch.tensor(1.0)},
        "last.bias has the size 1, expected 5.",
    ),
    "kind": (
        lambda: weights() | {"last.bias": torch.ones(5, dtype=torch.int64)},
        "last.bias has another data type.",
    ),
    "sparse": (
        lambda: weights() | {"last.bias": torch.ones(5).to_sparse()},
        "last.bias has another data type.",
    ),
    "quantized": (
        lambda: (
            weights()
            | {"last.weight": torch.quantize_per_tensor(torch.ones(5, 16), 0.1, 0, torch.qint8)}
        ),
        "last.weight has another data type.",
    ),
    "extra": (lambda: weights() | {"more": torch.ones(1)}, "more is not part of this backbone."),
    "claims a billion": (
        lambda: weights() | {"last.bias": torch.ones(1).expand(1_000_000_000)},
        "last.bias has the size 1000000000, expected 5.",
    ),
    "many": (
        lambda: {"other": torch.ones(1)},
        "conv.weight is missing. conv.bias is missing. norm.weight is missing. "
        "6 more tensors do not fit.",
    ),
}


@pytest.mark.filterwarnings("ignore::UserWarning")  # torch's on sparse and quantized tensors
@pytest.mark.parametrize("case", MISFITS)
def test_what_does_not_fit_is_named(case: str, tmp_path: Path) -> None:
    make, told = MISFITS[case]
    path = tmp_path / "net.pth"
    torch.save(make(), path)
    error = refusal(path)
    assert error.code == "weights.misfit"
    assert str(error) == f"{path} does not fit Testnet: {told}"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_not_numbers(value: float, tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    content = weights()
    content["norm.running_var"][2] = value
    torch.save(content, path)
    error = refusal(path)
    assert error.code == "weights.not_finite"
    assert "norm.running_var" in str(error)


def test_refused_weights_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "net.pth"
    torch.save(_without("conv.bias"), path)
    module = network()
    with pytest.raises(UserError):
        state_dicts.fill(module, state_dicts.read(path, LIMIT), path, "Testnet", SPARE)
    assert same(module)


class Scaled(nn.Module):
    """With a tensor of no dimension, as CLIP's temperature is."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(3.0))
        self.norm = nn.BatchNorm1d(2)


def test_a_missing_number_is_not_taken_for_zero() -> None:
    """Only BatchNorm's step counters may be missing."""
    module, tensors = Scaled(), Scaled().state_dict()
    del tensors["scale"]
    with pytest.raises(RuntimeError, match="scale"):
        state_dicts.load(module, tensors)
    assert module.scale.item() == 3.0
    tensors["scale"] = torch.tensor(5.0)
    del tensors["norm.num_batches_tracked"]
    state_dicts.load(module, tensors)
    assert module.scale.item() == 5.0
