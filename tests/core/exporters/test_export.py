"""What every format must do (one contract), and when an export is refused."""

import calendar
import copy
import json
import os
import shutil
import sys
import time
import zipfile
from pathlib import Path

import msgspec
import pytest
import torch

from transfergui.core.base.errors import UserError, naming_missing_parts
from transfergui.core.exporters import export, graph, onnx
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.exporter import Parity
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel

KEYS = [exporter.key for exporter in formats.EXPORTERS]
ROUNDING = {"backbone": 5e-3}
"""How far formats that keep fewer digits may be off, of the largest feature."""


@pytest.fixture(scope="module")
def model(trained_run) -> TrainedModel:
    return TrainedModel.load(trained_run.path)


def spoilt(model: TrainedModel, by: float = 1.0) -> TrainedModel:
    """The same, but one number of the encoder and one of the head are larger."""
    module = copy.deepcopy(model.module)
    with torch.no_grad():
        for part in (module.encoder, module.head):
            *_weights, bias = part.parameters()
            bias[0] += by

    @torch.no_grad()
    def answer(batch):
        return module(batch)

    return TrainedModel(model.card, model.modality, model.input, answer, module, model.run)


@pytest.fixture
def written(monkeypatch, exported):
    """Exporters that write the files made before: only what follows is looked at."""
    sources = {exporter: exported[exporter.key][0] for exporter in formats.EXPORTERS}
    for exporter, source in sources.items():
        monkeypatch.setattr(
            exporter, "write", lambda model, path, source=source: shutil.copy(source, path)
        )


@pytest.mark.parametrize("key", KEYS)
def test_the_file_answers_like_the_model(exported, key):
    out, parity = exported[key]
    assert out.is_file()
    assert parity.samples == 9
    assert parity.agree == 1
    assert parity.difference < ROUNDING.get(key, 1e-5) * parity.scale


@pytest.mark.parametrize("key", KEYS)
def test_a_spoilt_export_is_refused_and_removed(written, model, tmp_path, key):
    out = tmp_path / "model.out"
    with pytest.raises(UserError) as caught:
        export.export(spoilt(model), key, out)
    assert caught.value.code == "export.differs"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", KEYS)
def test_what_was_there_stays_until_the_check_is_passed(written, model, tmp_path, key):
    out = tmp_path / "modèle 模型.out"
    out.write_bytes(b"before")
    with pytest.raises(UserError):
        export.export(spoilt(model), key, out)
    assert out.read_bytes() == b"before"
    export.export(model, key, out)
    assert out.stat().st_size > 1_000_000
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("after", range(5))
def test_an_export_that_is_ended_between_its_steps_writes_nothing(
    written, model, tmp_path, after: int
):
    class Ended(BaseException):
        pass

    left = iter(range(after))

    def check_cancelled() -> None:
        if next(left, None) is None:
            raise Ended

    out = tmp_path / "model.out"
    if after == 4:  # so many steps there are
        export.export(model, KEYS[0], out, check_cancelled)
        assert list(tmp_path.iterdir()) == [out]
        return
    with pytest.raises(Ended):
        export.export(model, KEYS[0], out, check_cancelled)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", KEYS)
def test_an_export_that_answers_with_nothing_is_refused(written, model, tmp_path, key):
    with pytest.raises(UserError, match="outputs differ from"):
        export.export(spoilt(model, torch.nan), key, tmp_path / "model.out")


def test_a_package_that_prepares_pictures_otherwise_is_refused(written, model, tmp_path):
    changed = copy.copy(model)
    changed.input = msgspec.structs.replace(model.input, resize=64)
    with pytest.raises(UserError, match="outputs differ from"):
        export.export(changed, "package", tmp_path / "model.zip")


def test_the_difference_counts_relative_to_large_logits():
    assert Parity(samples=1, difference=5e-3, agree=1, scale=10).same
    assert not Parity(samples=1, difference=5e-3, agree=1, scale=0.1).same
    assert Parity(samples=1, difference=5e-3, agree=1, scale=0.1, tolerance=1e-2).same
    assert not graph.measure(torch.zeros(2, 3), torch.full((2, 3), torch.nan)).same


def test_the_difference_of_features_counts_relative_to_small_ones_too():
    assert not Parity(samples=1, difference=5e-3, agree=1, scale=0.1, features=True).same
    assert Parity(samples=1, difference=5e-5, agree=1, scale=0.1, features=True).same


# -- places


def test_a_folder_that_is_not_there_is_said_at_once(model, tmp_path):
    with pytest.raises(UserError, match="the folder does not exist"):
        export.export(model, "onnx", tmp_path / "nowhere" / "model.onnx")


def test_a_folder_of_that_name_is_not_replaced(model, tmp_path):
    with pytest.raises(UserError, match="a folder has this name"):
        export.export(model, "onnx", tmp_path)


def test_a_full_disk_is_one_sentence(model, tmp_path, monkeypatch):
    def write(_model, _path):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(formats.exporter("onnx"), "write", write)
    with pytest.raises(UserError, match="No space left") as caught:
        export.export(model, "onnx", tmp_path / "model.onnx")
    assert caught.value.code == "export.not_writable"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_part_that_is_not_installed_is_named(model, tmp_path, monkeypatch, key):
    """As torch's exporter fails without onnx or onnxscript, and the check without onnxruntime."""
    out = tmp_path / "model.out"
    out.write_bytes(b"before")

    def write(_model, path):
        path.write_bytes(b"half")
        raise ModuleNotFoundError("No module named 'onnx.numpy_helper'", name="onnx.numpy_helper")

    monkeypatch.setattr(formats.exporter(key), "write", write)
    with pytest.raises(UserError, match=r"pip install onnx\.") as caught:
        export.export(model, key, out)
    assert caught.value.code == "part.missing"
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"before"]


def test_a_module_of_our_own_that_is_missing_is_a_bug():
    with pytest.raises(ModuleNotFoundError), naming_missing_parts():
        import transfergui.nowhere  # noqa: F401


def test_an_unknown_format_names_the_nearest(model, tmp_path):
    with pytest.raises(UserError, match="Did you mean onnx"):
        export.export(model, "onxx", tmp_path / "x")


def test_a_network_too_large_for_onnx(model, tmp_path, monkeypatch):
    from transfergui.core.exporters import onnx

    monkeypatch.setattr(onnx, "MAX_BYTES", 1000)
    with pytest.raises(UserError) as caught:
        export.export(model, "onnx", tmp_path / "model.onnx")
    assert caught.value.code == "export.too_large"
    export.export(model, "package", tmp_path / "model.zip")
    assert TrainedModel.load(tmp_path / "model.zip").classes == model.classes


# -- samples


def copied(run: Run, folder: Path, root: Path) -> Run:
    """The run again, with its pictures elsewhere."""
    shutil.copytree(run.path, folder)
    split = json.loads((folder / "split.json").read_text())
    (folder / "split.json").write_text(json.dumps(split | {"root": str(root)}))
    return Run.open(folder)


def test_a_package_has_no_samples_to_check_on(exported, tmp_path):
    with pytest.raises(UserError) as caught:
        export.export(exported["package"][0], "onnx", tmp_path / "model.onnx")
    assert caught.value.code == "export.needs_run"


def test_pictures_that_are_gone_are_said(trained_run, tmp_path):
    moved = copied(trained_run, tmp_path / "run", tmp_path / "unplugged")
    with pytest.raises(UserError, match="unplugged"):
        export.check_samples(TrainedModel.load(moved.path))


def test_unreadable_samples_are_passed_over(trained_run, tmp_path):
    pictures = shutil.copytree(trained_run.split.root, tmp_path / "pictures")
    moved = copied(trained_run, tmp_path / "run", pictures)
    (pictures / moved.split.val[0].path).write_bytes(b"damaged")
    found = export.check_samples(TrainedModel.load(moved.path))
    assert found == [pictures / sample.path for sample in moved.split.val[1:]]


@pytest.mark.parametrize(("count", "tried"), [(5, 5), (64, 64), (200, 200), (100_000, 256)])
def test_samples_are_spread_over_all(trained_run, count, tried):
    samples = (trained_run.split.val * count)[:count]
    numbered = [msgspec.structs.replace(s, size=i) for i, s in enumerate(samples)]
    spread = [sample.size for sample in export._spread(numbered)]
    assert len(set(spread)) == len(spread) == tried
    assert max(spread[: export.SAMPLES]) > 0.9 * (count - 1)


@pytest.mark.parametrize("year", [pytest.param(1979, marks=pytest.mark.slow), 2108])
def test_a_package_is_made_whatever_the_clock_says(model, tmp_path, monkeypatch, year):
    """A zip knows the years from 1980 to 2107."""
    seconds = calendar.timegm((year, 2, 3, 4, 5, 6))
    now = time.gmtime(seconds)
    monkeypatch.setattr(time, "time", lambda: float(seconds))
    monkeypatch.setattr(time, "localtime", lambda *_seconds: now)
    monkeypatch.setattr(onnx, "fits", lambda model: False)  # no graph is traced for that
    export.export(model, "package", tmp_path / "model.zip")
    with zipfile.ZipFile(tmp_path / "model.zip") as package:
        years = {info.date_time[0] for info in package.infolist()}
    assert years == {1980 if year < 1980 else 2107}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")
@pytest.mark.parametrize("key", KEYS)
def test_a_device_or_a_pipe_is_not_replaced(model, tmp_path, key):
    os.mkfifo(tmp_path / "pipe")
    for special in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(UserError, match="pipe or a device") as caught:
            export.export(model, key, special)
        assert caught.value.code == "export.not_writable"
    assert (tmp_path / "pipe").is_fifo()
    assert Path(os.devnull).is_char_device()
