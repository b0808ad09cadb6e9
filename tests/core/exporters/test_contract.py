"""What every format must do for every modality."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import safetensors.torch
import torch

from transfergui.cli import main
from transfergui.core import registry
from transfergui.core.data.file_part import FilePart
from transfergui.core.exporters import export
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.export import check_samples
from transfergui.core.exporters.exporter import Parity
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel

MODALITIES = [modality.key for modality in registry.MODALITIES]
FORMATS = [exporter.key for exporter in formats.EXPORTERS]

Exported = Callable[[str, str], tuple[Path, Parity]]
Trained = Callable[[str], Run]


@pytest.fixture(params=MODALITIES)
def modality(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("format", FORMATS)
def test_the_file_answers_like_the_model(modality: str, format: str, tiny_export: Exported) -> None:
    path, parity = tiny_export(modality, format)
    assert path.is_file()
    assert parity.same
    assert parity.agree == 1
    assert parity.samples >= 3


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_of_this_machine_is_told(
    modality: str, format: str, tiny_export: Exported, tiny_run: Trained
) -> None:
    path, _parity = tiny_export(modality, format)
    contents = {path.name: path.read_bytes()}
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            contents = {name: archive.read(name) for name in archive.namelist()}
    secrets = {
        str(tiny_run(modality).path.parent),
        tiny_run(modality).split.root,
        str(Path(__file__).parents[3]),
        os.environ["TRANSFERGUI_HOME"],
        str(Path.home()) if len(str(Path.home())) > 5 else "site-packages",
        "site-packages",
    }
    told = [
        (name, secret)
        for name, content in contents.items()
        for secret in secrets
        if secret.encode() in content
    ]
    assert told == []


@pytest.mark.parametrize("format", ["package", "onnx"])
def test_the_file_is_a_model_by_itself(
    modality: str, format: str, tiny_export: Exported, tiny_run: Trained
) -> None:
    run = TrainedModel.load(tiny_run(modality).path)
    model = TrainedModel.load(tiny_export(modality, format)[0])
    assert (model.name, model.classes, model.modality) == (run.name, run.classes, run.modality)
    assert model.assets == run.assets
    files = check_samples(run)
    answers = [[p.probabilities for p in each.predict(files)] for each in (run, model)]
    assert np.abs(np.array(answers[0]) - np.array(answers[1])).max() < 1e-4


def test_onnx_says_what_it_takes(modality: str, tiny_export: Exported, tiny_run: Trained) -> None:
    import onnx
    import onnxruntime

    path, _parity = tiny_export(modality, "onnx")
    model = TrainedModel.load(tiny_run(modality).path)
    example = model.modality.example(model.input)
    metadata = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
    said = json.loads(metadata["input"])
    assert said["shape"] == ["batch", *model.modality.input_shape(model.input)]
    assert said["type"] == str(example.dtype).removeprefix("torch.")
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    kinds = {torch.float32: "tensor(float)", torch.int64: "tensor(int64)"}
    assert session.get_inputs()[0].type == kinds[example.dtype]
    for count in (1, 5):
        batch = np.concatenate([example.numpy()] * count)[:count]
        probabilities, logits = session.run(None, {"input": batch})
        assert probabilities.shape == logits.shape == (count, len(model.classes))


# -- the package, used without this program

ALONE = """
import runpy, sys
for name in ("transfergui", "torch", "torchaudio", "torchvision", "transformers", "onnx", "msgspec",
             "sklearn", "scipy", "gensim", "safetensors"):
    sys.modules[name] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def unpacked(modality: str, tiny_export: Exported, tmp_path: Path) -> Path:
    with zipfile.ZipFile(tiny_export(modality, "package")[0]) as package:
        package.extractall(tmp_path / "package")
    return tmp_path / "package"


def run_alone(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", "-c", ALONE, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, env={})


def test_the_script_answers_without_the_program(
    modality: str, unpacked: Path, tiny_run: Trained
) -> None:
    run = tiny_run(modality)
    model = TrainedModel.load(run.path)
    done = run_alone(unpacked / "predict.py", run.split.root)
    assert (done.returncode, done.stderr) == (0, b"")
    header, *rows = [line.split(",") for line in done.stdout.decode().splitlines()]
    assert header == ["path", "label", "confidence", *model.classes, "note", "reason"]
    paths = list(model.modality.list_files([Path(run.split.root)], model.input))
    wanted = {str(p.path): p.label(model.classes) for p in model.predict(paths)}
    assert {row[0]: row[1] for row in rows} == wanted


def test_the_description_of_the_package(modality: str, unpacked: Path) -> None:
    row = registry.modality(modality)
    readme = (unpacked / "README.md").read_text(encoding="utf-8")
    assert row.many in readme
    assert row.prepared in readme
    assert "&#" not in readme
    assert "    python predict.py " in readme
    for file in unpacked.rglob("*.*"):
        name = file.relative_to(unpacked).as_posix()
        assert name in readme or name == "README.md"


# -- what lies beside the options


@pytest.mark.parametrize("damage", [b"{}", b"\xff", b""])
def test_a_changed_asset_of_a_package_is_noticed(
    damage: bytes, modality: str, tiny_export: Exported, tmp_path: Path
) -> None:
    from transfergui.core.base.errors import UserError

    package = tiny_export(modality, "package")[0]
    assets = []
    copy = tmp_path / "changed.zip"
    with zipfile.ZipFile(package) as source, zipfile.ZipFile(copy, "w") as target:
        assets = [name for name in source.namelist() if name.startswith("assets/")]
        for name in source.namelist():
            target.writestr(name, damage if name in assets[-1:] else source.read(name))
    if not assets:
        pytest.skip("this modality needs nothing beside its options")
    with pytest.raises(UserError, match="changed after"):
        TrainedModel.load(copy)


# -- how it is used, in three lines


def usage(modality: str, format: str, tiny_run: Trained, exported: Exported) -> list[str]:
    """The commands and the code of the lines, without what they are for."""
    path, _parity = exported(modality, format)
    lines = export.usage(tiny_run(modality), format, path)
    assert any(", ".join(tiny_run(modality).split.classes) in line.what for line in lines)
    return [line.code for line in lines]


@pytest.mark.parametrize("format", ["package", "onnx"])
def test_the_line_for_this_program_predicts_a_file_of_the_test(
    modality: str,
    format: str,
    tiny_run: Trained,
    tiny_export: Exported,
    capsys: pytest.CaptureFixture[str],
) -> None:
    program, *words = shlex.split(usage(modality, format, tiny_run, tiny_export)[0])
    assert program == "transfergui"
    split = tiny_run(modality).split
    assert words[-1] in {str(Path(split.root) / FilePart.parse(s.path).file) for s in split.test}
    assert main(words) == 0
    assert any(name in capsys.readouterr().out for name in split.classes)


def test_the_lines_of_a_package_unpack_it_and_answer_without_this_program(
    modality: str, tiny_run: Trained, tiny_export: Exported, tmp_path: Path
) -> None:
    path, parity = tiny_export(modality, "package")
    out = shutil.copy(path, tmp_path / "my model.zip")
    _own, unpack, install, answer = usage(modality, "package", tiny_run, lambda *_: (out, parity))
    assert install.startswith("pip install ")
    for line in (unpack, answer):
        python, *words = shlex.split(line)
        assert python == "python"
        made = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True)
    assert made.stdout.startswith("path,label,confidence,")
    assert len(made.stdout.splitlines()) > 1


def test_the_lines_of_graphs_give_a_figure_for_each_class(
    modality: str, tiny_run: Trained, tiny_export: Exported
) -> None:
    run = tiny_run(modality)
    model = TrainedModel.load(run.path)
    inputs = model.read(check_samples(model)[0])[None]
    wanted = model.logits(inputs).softmax(1)[0].tolist()
    names = {"torch": torch, "onnxruntime": onnxruntime, "inputs": inputs.numpy()}
    _own, load, answer = usage(modality, "onnx", tiny_run, tiny_export)
    exec(load, names)
    assert eval(answer, names)[0].tolist() == pytest.approx(wanted, abs=1e-4)
    names["inputs"] = inputs
    load, answer, figures = usage(modality, "pt2", tiny_run, tiny_export)
    exec(load, names)
    exec(answer, names)
    assert eval(figures, names) == pytest.approx(wanted, abs=1e-4)


def test_the_lines_of_a_backbone_load_it_and_begin_another_training(
    tiny_run: Trained, tiny_export: Exported, tmp_path: Path
) -> None:
    run = tiny_run("image")
    train, load, into = usage("image", "backbone", tiny_run, tiny_export)
    program, *words = shlex.split(train)
    assert (program, words[:2]) == ("transfergui", ["train", run.recipe.data.path])
    assert main([*words, "--epochs", "1", "--out", str(tmp_path / "next")]) == 0
    network = TrainedModel.load(run.path).module.encoder.get_submodule("network")
    names = {"safetensors": safetensors, "network": network}
    exec(load, names)
    exec(into, names)
    assert names["tensors"].keys() <= network.state_dict().keys()


SECTIONS = (
    *("Model details", "Intended use", "Factors", "Metrics", "Evaluation data", "Training data"),
    *("Quantitative analyses", "Ethical considerations", "Caveats and recommendations"),
)
"""Of Mitchell et al., "Model Cards for Model Reporting", 2019."""


def test_the_card_has_the_sections_of_model_cards_and_the_header_of_the_hub(
    modality: str, unpacked: Path
) -> None:
    text = (unpacked / "README.md").read_text(encoding="utf-8")
    _nothing, header, card = text.split("---\n", 2)
    found = [line.removeprefix("## ") for line in card.splitlines() if line.startswith("## ")]
    assert found[: len(SECTIONS)] == list(SECTIONS)
    assert f"pipeline_tag: {modality}-classification\n" in header
    keys = [line.partition(":")[0] for line in header.splitlines() if line[:1].isalpha()]
    assert keys == ["license", "library_name", "pipeline_tag", "tags", "metrics", "model-index"]
    assert card.count("To be filled in:") == 5
