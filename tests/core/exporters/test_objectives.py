"""What every format must do for every objective: activation, thresholds, names and unit inside."""

import csv
import functools
import io
import itertools
import json
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
import soundfile
import torch
from safetensors.torch import load_file, save_file

from tests.core.exporters.test_contract import run_alone
from tests.core.made_objectives import MEANINGS, UNIT
from transfergui.core import registry
from transfergui.core.app.wholes import with_wholes
from transfergui.core.base.figure_texts import number
from transfergui.core.data.targets import NUMBER, SEVERAL_LABELS, SEVERAL_QUESTIONS
from transfergui.core.evaluation import prediction_table
from transfergui.core.evaluation import report as reports
from transfergui.core.exporters import export, graph
from transfergui.core.exporters import registry as formats
from transfergui.core.exporters.export import check_samples
from transfergui.core.exporters.exporter import Parity
from transfergui.core.interfaces.objective import Score
from transfergui.core.runs.run import REPORT, Run
from transfergui.core.trained import TrainedModel

Exported = Callable[[str, str, str], tuple[Path, Parity]]
THRESHOLDS = (0.1, 0.6, 0.35)
"""Of the labels high, odd and third: all but the usual half."""
NAMES = {
    SEVERAL_LABELS: ["probabilities", "labels", "logits"],
    SEVERAL_QUESTIONS: ["size", "parity", "logits"],
    NUMBER: ["value", "logits"],
}
EVERY = pytest.mark.parametrize("objective", MEANINGS)
OTHERS = {SEVERAL_LABELS: "audio", SEVERAL_QUESTIONS: "text"}
"""What is tried beside pictures at every change; each pair is one more network to be traced."""
EVERY_KIND = pytest.mark.parametrize(
    ("objective", "modality"),
    [
        pytest.param(objective, each.key, marks=() if quick else pytest.mark.slow)
        for objective, each in itertools.product(MEANINGS, registry.MODALITIES)
        for quick in [each.key in ("image", OTHERS.get(objective))]
    ],
)


@pytest.fixture(scope="module")
def run_of(
    objective_run: Callable[[str, str], Run], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], Run]:
    """A run of an objective in a modality; of labels with :data:`THRESHOLDS`."""

    @functools.cache
    def make(objective: str, modality: str) -> Run:
        folder = tmp_path_factory.mktemp("run") / "run"
        shutil.copytree(objective_run(objective, modality).path, folder)
        run = Run(folder)
        if objective == SEVERAL_LABELS:
            report = json.loads((folder / REPORT).read_text("utf-8"))
            (folder / REPORT).write_text(json.dumps(report | {"fitted": THRESHOLDS}), "utf-8")
        return run

    return make


@pytest.fixture(scope="module")
def exported(
    run_of: Callable[[str, str], Run],
    export_run: Callable[[Path, str, Path], Parity],
    tmp_path_factory: pytest.TempPathFactory,
) -> Exported:
    folder = tmp_path_factory.mktemp("formats")

    @functools.cache
    def make(objective: str, modality: str, format: str) -> tuple[Path, Parity]:
        out = folder / f"{objective}-{modality}{formats.exporter(format).suffix}"
        return out, export_run(run_of(objective, modality).path, format, out)

    return make


def wanted(model: TrainedModel, samples: list[Path]) -> list[np.ndarray]:
    """The named outputs, and the logits, of the trained model itself."""
    logits = model.logits(torch.stack([model.read(path) for path in samples]))
    return [each.numpy() for each in (*model.objective.exported(logits, model.found), logits)]


def assert_close(found: list[np.ndarray], known: list[np.ndarray]) -> None:
    assert len(found) == len(known)
    for mine, theirs in zip(found, known, strict=True):
        assert mine.shape == theirs.shape
        assert np.abs(mine - theirs).max() < 1e-4


@EVERY
@pytest.mark.parametrize("format", [each.key for each in formats.EXPORTERS])
def test_the_file_answers_like_the_model(objective: str, format: str, exported: Exported) -> None:
    path, parity = exported(objective, "image", format)
    assert path.is_file()
    assert parity.same
    assert parity.agree == 1
    assert parity.samples >= 3


@EVERY_KIND
def test_the_network_of_a_package_names_its_outputs_and_holds_the_activation(
    objective: str, modality: str, exported: Exported, run_of: Callable[[str, str], Run]
) -> None:
    path, _parity = exported(objective, modality, "package")
    with zipfile.ZipFile(path) as package:
        network = package.read("model.onnx")
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    assert [output.name for output in session.get_outputs()] == NAMES[objective]
    model = TrainedModel.load(run_of(objective, modality).path)
    samples = check_samples(model)
    inputs = torch.stack([model.read(sample) for sample in samples]).numpy()
    found = session.run(None, {"input": inputs})
    assert_close(found, wanted(model, samples))
    targets = model.card.targets
    if objective == SEVERAL_LABELS:
        assert model.found.fitted == THRESHOLDS
        shares, labels, logits = found
        assert np.abs(shares - 1 / (1 + np.exp(-logits))).max() < 1e-5
        assert (labels == (shares >= np.float32(THRESHOLDS))).all()
        assert (labels != (shares >= 0.5)).any()  # so that this test can tell
    elif objective == SEVERAL_QUESTIONS:
        assert [each.shape[1] for each in found[:2]] == [2, 2]
        assert all(np.abs(each.sum(1) - 1).max() < 1e-5 for each in found[:2])
    else:
        assert np.abs(found[0] - (found[1] * targets.scale + targets.mean)).max() < 1e-3
        assert 15 < found[0].mean() < 35


@EVERY
def test_a_program_of_pytorch_does_too(
    objective: str, exported: Exported, run_of: Callable[[str, str], Run]
) -> None:
    path, _parity = exported(objective, "image", "pt2")
    extra = {"outputs.json": ""}
    network = torch.export.load(path, extra_files=extra).module()
    model = TrainedModel.load(run_of(objective, "image").path)
    outputs = json.loads(extra["outputs.json"])
    assert list(outputs) == NAMES[objective]
    samples = check_samples(model)
    found = network(torch.stack([model.read(sample) for sample in samples]))
    assert_close([each.numpy() for each in found], wanted(model, samples))
    if objective == NUMBER:
        assert outputs["value"] == [f"weight ({UNIT})"]


@EVERY
@pytest.mark.parametrize("format", ["package", "onnx"])
def test_the_file_is_a_model_by_itself(
    objective: str, format: str, exported: Exported, run_of: Callable[[str, str], Run]
) -> None:
    run = TrainedModel.load(run_of(objective, "image").path)
    model = TrainedModel.load(exported(objective, "image", format)[0])
    assert (model.classes, model.found) == (run.classes, run.found)
    samples = check_samples(run)
    mine, theirs = (list(each.predict(samples)) for each in (model, run))
    for one, other in zip(mine, theirs, strict=True):
        assert one.label(()) == other.label(())
        assert one.probabilities == pytest.approx(other.probabilities, abs=1e-4)


@EVERY_KIND
def test_the_script_answers_without_the_program(
    objective: str,
    modality: str,
    exported: Exported,
    run_of: Callable[[str, str], Run],
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(exported(objective, modality, "package")[0]) as package:
        package.extractall(tmp_path)
    run = run_of(objective, modality)
    model = TrainedModel.load(run.path)
    done = run_alone(tmp_path / "predict.py", run.split.root)
    assert (done.returncode, done.stderr) == (0, b"")
    heading, *rows = csv.reader(io.StringIO(done.stdout.decode()))
    paths = list(model.modality.list_files([Path(run.split.root)], model.input))
    predictions = list(model.predict(paths))
    (own, *known) = prediction_table.rows(prediction_table.of(model, predictions))
    assert heading == [*own]
    assert len(rows) == len(known)
    theirs = {str(row[0]): row[1:] for row in known}
    for name, *cells in rows:
        for mine, other in zip(cells, theirs[name], strict=True):
            assert mine == other if isinstance(other, str) else abs(float(mine) - other) < 1e-3


@EVERY
def test_the_script_gives_answers_by_name(
    objective: str, exported: Exported, run_of: Callable[[str, str], Run], tmp_path: Path
) -> None:
    with zipfile.ZipFile(exported(objective, "image", "package")[0]) as package:
        package.extractall(tmp_path)
    model = TrainedModel.load(run_of(objective, "image").path)
    sample = check_samples(model)[0]
    code = (
        "import json, sys; from pathlib import Path; from predict import Model; "
        "print(json.dumps(Model(Path()).answer(Path(sys.argv[1]))))"
    )
    command = [sys.executable, "-c", code, str(sample)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    found = json.loads(done.stdout)
    (prediction,) = model.predict([sample])
    assert prediction.probabilities is not None
    answers = prediction.probabilities.tolist()
    names = {
        SEVERAL_LABELS: ["high", "odd", "third"],
        NUMBER: ["weight"],
        SEVERAL_QUESTIONS: ["size", "parity"],
    }[objective]
    assert sorted(found) == sorted(names)
    if objective == SEVERAL_QUESTIONS:
        assert list(found["size"]) == list(model.card.targets.answers[0])
        flat = [share for name in names for share in found[name].values()]
    else:
        flat = list(found.values())
    assert flat == pytest.approx(answers, abs=1e-3)


@EVERY
def test_the_description_of_the_package(
    objective: str, exported: Exported, run_of: Callable[[str, str], Run]
) -> None:
    with zipfile.ZipFile(exported(objective, "image", "package")[0]) as package:
        readme = package.read("README.md").decode()
    report = reports.load(run_of(objective, "image").path)
    told = {
        SEVERAL_LABELS: [
            "several labels (",
            f"| mean average precision | {100 * (report.mean_average_precision or 0):.1f} % |",
            "| labels | high, odd, third |",
            "- odd: 0.600",
        ],
        SEVERAL_QUESTIONS: [
            "several questions (size, parity)",
            *(
                f"| accuracy of “{name}” | {100 * (own.accuracy or 0):.1f} % (n = {own.n}) |"
                for name, own in report.questions.items()
            ),
            "| parity | e, o |",
        ],
        NUMBER: [
            "a number (weight)",
            f"| mean absolute error | {number(report.mean_absolute_error or 0)} {UNIT} |",
            f"| value | weight ({UNIT}) |",
        ],
    }[objective]
    for line in told:
        assert line in readme, line
    assert "A classifier of" not in readme
    assert "softmax" not in readme
    for name in NAMES[objective]:
        assert f"`{name}`" in readme


@EVERY
def test_the_lines_of_graphs_can_be_run(
    objective: str, exported: Exported, run_of: Callable[[str, str], Run]
) -> None:
    run = run_of(objective, "image")
    model = TrainedModel.load(run.path)
    sample = check_samples(model)[:1]
    inputs = model.read(sample[0])[None]
    known = wanted(model, sample)

    def lines(format: str) -> list[str]:
        path, _parity = exported(objective, "image", format)
        return [line.code for line in export.usage(run, format, path)]

    names = {"torch": torch, "onnxruntime": onnxruntime, "inputs": inputs.numpy()}
    own, load, answer = lines("onnx")
    assert shlex.split(own)[0] == "transfergui"
    exec(load, names)
    found = eval(answer, names)
    assert_close([found] if isinstance(found, np.ndarray) else found, known[:-1])
    names["inputs"] = inputs
    load, answer, figures = lines("pt2")
    exec(load, names)
    exec(answer, names)
    assert eval(figures, names) == pytest.approx(known[0][0].tolist(), abs=1e-4)


@pytest.mark.parametrize(
    ("objective", "first", "second", "agree"),
    [
        ("one_class", [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [2.0, 1.0]], 0.5),
        (SEVERAL_LABELS, [[0.0, 0.0], [-3.0, 0.0]], [[9.0, 0.0], [3.0, 0.0]], 0.5),
        # thresholds 0.3 and 0.9, the logits of which are -0.85 and 2.20
        (SEVERAL_LABELS, [[-0.8473, 0.0]], [[-0.8472, 0.0]], 1.0),
        (SEVERAL_QUESTIONS, [[1.0, 0.0, 1.0, 0.0]] * 2, [[2.0, 0, 2, 0], [2.0, 0, 0, 2]], 0.5),
        (NUMBER, [[1.0], [2.0]], [[1.0005], [2.5]], 0.5),
    ],
)
def test_whether_two_models_say_the_same(
    objective: str, first: list, second: list, agree: float
) -> None:
    from tests.core.made_answers import FOUND

    mine, theirs = torch.tensor(first), torch.tensor(second)
    found = registry.objective(objective).agreement(mine, theirs, FOUND[objective], 1e-3)
    assert found == agree


def test_a_question_that_is_called_like_another_input_or_output() -> None:
    from transfergui.core.data.targets import of_questions
    from transfergui.core.interfaces.objective import Found

    names = ("logits", "input", "logits (question)")
    targets = of_questions((), names, (("a", "b"),) * 3)
    found = registry.objective(SEVERAL_QUESTIONS).exports(Found(targets, ()))
    assert len({*found, "logits", "input"}) == 5


def test_all_outputs_are_told(run_of: Callable[[str, str], Run]) -> None:
    model = TrainedModel.load(run_of(SEVERAL_QUESTIONS, "image").path)
    told = graph.outputs(model)
    assert [len(columns) for columns in told.values()] == [2, 2, 4]


# -- trainings put together, and recordings


@pytest.fixture(scope="module")
def ensemble(
    objective_run: Callable[[str, str], Run], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Run]:
    """Two runs of an objective that answer together, the second with another last layer."""
    from transfergui.core.resolve import resolve
    from transfergui.core.training import start

    @functools.cache
    def make(objective: str) -> Run:
        folder = tmp_path_factory.mktemp("ensemble")
        first = objective_run(objective, "image")
        other = folder / "other"
        shutil.copytree(first.path, other)
        state = load_file(Run(other).best)
        head = {name: tensor * 0.7 for name, tensor in state.items() if name.startswith("head.")}
        save_file({**state, **head}, Run(other).best)
        recipe = first.recipe.replace(
            strategy="soup", options={"runs": [str(first.path), str(other)], "how": "answers"}
        )
        plan = resolve(recipe, first.split)
        run = Run.create(plan.recipe, plan.split, folder / "run")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Score, "worth", lambda self, value: 0.0)  # both are kept
            for _event in start.train(plan, run):
                pass
        assert len(run.recipe.head.members) == 2
        return run

    return make


@pytest.mark.parametrize(
    ("objective", "format"),
    [
        # one with its thresholds as ONNX; of another one the graph that it is made of
        pytest.param(objective, format, marks=() if quick else pytest.mark.slow)
        for objective, format in itertools.product(MEANINGS, ("package", "pt2"))
        for quick in [(objective, format) in ((SEVERAL_LABELS, "package"), (NUMBER, "pt2"))]
    ],
)
def test_answers_of_trainings_put_together_are_exported(
    objective: str, format: str, ensemble: Callable[[str], Run], tmp_path: Path
) -> None:
    run = ensemble(objective)
    out = tmp_path / f"out{formats.exporter(format).suffix}"
    parity = export.export(run.path, format, out)
    assert parity.same
    assert parity.agree == 1
    if format == "package":
        with zipfile.ZipFile(out) as package:
            network = package.read("model.onnx")
        session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
        model = TrainedModel.load(run.path)
        samples = check_samples(model)
        inputs = torch.stack([model.read(sample) for sample in samples]).numpy()
        assert_close(session.run(None, {"input": inputs}), wanted(model, samples))


@pytest.mark.parametrize(
    "objective", [key for key, modality in OTHERS.items() if modality == "audio"]
)
def test_a_long_recording_is_answered_as_a_whole_like_the_program_does(
    objective: str, exported: Exported, run_of: Callable[[str, str], Run], tmp_path: Path
) -> None:
    run = run_of(objective, "audio")
    model = TrainedModel.load(run.path)
    with zipfile.ZipFile(exported(objective, "audio", "package")[0]) as package:
        package.extractall(tmp_path)
    long = tmp_path / "long.wav"
    times = np.arange(8000 * 20) / 8000
    tones = np.where(times < 9, 300, 700) * (1 + times / 40)
    soundfile.write(long, 0.4 * np.sin(2 * np.pi * tones * times), 8000)
    done = run_alone(tmp_path / "predict.py", long)
    assert (done.returncode, done.stderr) == (0, b"")
    _heading, *rows = csv.reader(io.StringIO(done.stdout.decode()))
    files = list(model.modality.list_files([long], model.input))
    known = list(with_wholes(model.predict(files), model.modality, model.said))
    assert known[-1].parts == len(files) > 1
    assert [(row[0], row[1]) for row in rows] == [(str(p.path), p.label(())) for p in known]
    assert known[-1].probabilities is not None
    mean = np.mean([p.probabilities for p in known[:-1] if p.probabilities is not None], axis=0)
    assert known[-1].probabilities == pytest.approx(mean)
    if objective == NUMBER:
        assert float(rows[-1][3]) == pytest.approx(mean[0], abs=1e-3)
