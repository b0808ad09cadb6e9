"""What older versions of the program left on the disk opens, and means what it meant.

``tests/fixtures/schema1`` is as version 0.1.0 wrote it; see the README there.
"""

import csv
import gzip
import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
from safetensors.torch import load_file, save_file

from transfergui.core import recipe as recipes
from transfergui.core import registry
from transfergui.core.base import paths
from transfergui.core.data import corrections
from transfergui.core.data import split as splitting
from transfergui.core.evaluating import evaluate
from transfergui.core.exporters.export import export
from transfergui.core.interfaces.plan import Plan
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve, resume_plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run, list_runs
from transfergui.core.trained import TrainedModel
from transfergui.core.training import start

FIXTURES = Path(__file__).parents[1] / "fixtures" / "schema1"
WRITTEN_AT = "/tmp/schema1"
"""The place that all paths in the fixtures begin with."""
TEXT = {".json", ".jsonl", ".html", ".csv", ".txt"}
AS_THEY_ARE = ("data", "settings")
"""Folders whose files name no place, or are found from another one."""
BESIDE = "beside_tgnet.safetensors"
NO_OTHER_DATA = {"target": None, "source": [], "unlabelled": None, "check": None, "classes": {}}
AUGMENT_SINCE = {"image": {"mosaic": 0.0}}
SINCE = {"schema": recipes.SCHEMA, "objective": {}, "companions": NO_OTHER_DATA}
"""What recipes hold since, with what it means where it is missing."""


class Expected(NamedTuple):
    """What a run must say of itself.

    Attributes:
        sizes: of training, validation and test.
        epochs: how many it took, and which was the best (of a soup: of how many runs).
        accuracy, n: on its test samples.
        whole: accuracy on all of its data, and how many these are.
    """

    modality: str
    backbone: str
    strategy: str
    classes: tuple[str, ...]
    sizes: tuple[int, int, int]
    epochs: tuple[int, int]
    accuracy: float
    n: int
    whole: tuple[float, int]


APART, THREE = ("class_0", "class_1"), ("class_0", "class_1", "class_2")
TEXTS = {"modality": "text", "classes": APART, "sizes": (10, 4, 6), "n": 6}
PICTURES = {"modality": "image", "backbone": "tgnet", "strategy": "feature_extraction"}
RUNS = {
    "pictures": Expected(
        **PICTURES,
        classes=THREE,
        sizes=(9, 3, 6),
        epochs=(6, 6),
        accuracy=1.0,
        n=6,
        whole=(1.0, 18),
    ),
    "corrected": Expected(
        **PICTURES,
        classes=("class_0", "class_1", "third"),
        sizes=(7, 6, 4),
        epochs=(4, 3),
        accuracy=0.75,
        n=4,
        whole=(16 / 17, 17),
    ),
    "listed": Expected(
        **PICTURES,
        classes=("ape", "bee", "cow"),
        sizes=(12, 3, 3),
        epochs=(4, 2),
        accuracy=1.0,
        n=3,
        whole=(1.0, 18),
    ),
    "sounds": Expected(
        **{**PICTURES, "modality": "audio"},
        classes=APART,
        sizes=(8, 6, 4),
        epochs=(5, 4),
        accuracy=1.0,
        n=4,
        whole=(1.0, 18),
    ),
    "texts": Expected(
        **TEXTS,
        backbone="tiny_bert",
        strategy="fine_tuning",
        epochs=(6, 6),
        accuracy=1.0,
        whole=(1.0, 20),
    ),
    "texts_other": Expected(
        **TEXTS,
        backbone="tiny_bert",
        strategy="fine_tuning",
        epochs=(4, 4),
        accuracy=0.5,
        whole=(0.5, 20),
    ),
    "low_rank": Expected(
        **TEXTS,
        backbone="tiny_bert",
        strategy="lora",
        epochs=(3, 3),
        accuracy=0.5,
        whole=(0.5, 20),
    ),
    "counted": Expected(
        **TEXTS,
        backbone="tfidf",
        strategy="feature_extraction",
        epochs=(4, 4),
        accuracy=1.0,
        whole=(1.0, 20),
    ),
    "soup": Expected(
        **TEXTS,
        backbone="tiny_bert",
        strategy="soup",
        epochs=(2, 2),
        accuracy=1.0,
        whole=(1.0, 20),
    ),
    "fusion": Expected(
        **TEXTS,
        backbone="tiny_bert+tiny_bert",
        strategy="fusion",
        epochs=(3, 3),
        accuracy=1.0,
        whole=(1.0, 20),
    ),
}


def placed(folder: Path) -> Path:
    """The fixtures in ``folder``, as if they had been written there."""
    shutil.copytree(FIXTURES, folder, dirs_exist_ok=True)
    for path in [each for each in folder.rglob("*") if each.is_file()]:
        if path.suffix in TEXT and path.relative_to(folder).parts[0] not in AS_THEY_ARE:
            path.write_text(path.read_text("utf-8").replace(WRITTEN_AT, folder.as_posix()), "utf-8")
        if path.suffix == ".gz":
            path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
            path.unlink()
        if path.name == BESIDE:
            save_file(_with_tgnet(load_file(path)), path.with_name("best.safetensors"))
            path.unlink()
    return folder


def _with_tgnet(own: dict[str, Any]) -> dict[str, Any]:
    """A whole model: what a run holds beside the network that comes with the program."""
    shared = load_file(paths.resource("backbones", "tgnet.safetensors"))
    network = {f"encoder.network.{name}": tensor.float() for name, tensor in shared.items()}
    return network | own


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures; not to be changed."""
    return placed(tmp_path_factory.mktemp("schema1"))


def run_of(old: Path, name: str) -> Run:
    return Run.open(old / "runs" / name)


def stored(run: Run) -> list[dict[str, str]]:
    with (run.path / "predictions.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def answers_as_stored(model: TrainedModel, run: Run) -> None:
    """``model`` says of the test samples of ``run`` what was said at its end."""
    rows = stored(run)
    assert len(rows) == RUNS[run.path.name].n
    found = model.predict([Path(run.split.root) / row["path"] for row in rows])
    for row, prediction in zip(rows, found, strict=True):
        assert prediction.label(model.classes) == row["label"]
        wanted = [float(row[name]) for name in model.classes]
        assert prediction.probabilities == pytest.approx(wanted, abs=1e-5)


# -- runs


def test_runs_are_listed(old: Path) -> None:
    found = {run.path.name: run for run in list_runs(old / "runs")}
    assert found.keys() == {*RUNS, "interrupted"}
    assert {name: run.name for name, run in found.items() if run.name} == {
        "pictures": "Shapes – three of them"
    }
    for name, run in found.items():
        assert run.recipe.name == f"{name} of schema 1"


@pytest.mark.parametrize("name", RUNS)
def test_a_run_says_what_it_said(old: Path, name: str) -> None:
    run, expected = run_of(old, name), RUNS[name]
    assert (run.recipe.modality, run.recipe.strategy) == (expected.modality, expected.strategy)
    assert run.split.classes == expected.classes
    assert tuple(run.split.sizes().values()) == expected.sizes
    outcome = run.history().outcome
    assert isinstance(outcome, ev.Finished)
    assert (outcome.outcome, outcome.epochs, outcome.best_epoch) == ("done", *expected.epochs)
    report = run.report()
    assert report["accuracy"] == pytest.approx(expected.accuracy)
    assert (report["n"], report["moment"]["epoch"]) == (expected.n, expected.epochs[1])
    assert sum(map(sum, report["confusion"])) == expected.n
    truths = [row["truth"] for row in stored(run)]
    assert [sum(row) for row in report["confusion"]] == [
        truths.count(each) for each in report["confusion_classes"]
    ]


@pytest.mark.parametrize("name", RUNS)
def test_a_run_answers_as_it_did(old: Path, name: str) -> None:
    run, expected = run_of(old, name), RUNS[name]
    model = TrainedModel.load(run.path)
    assert (model.classes, model.card.backbone) == (expected.classes, expected.backbone)
    answers_as_stored(model, run)
    dataset = registry.modality(expected.modality).scan(run.recipe.data)
    assert set(dataset.classes) == set(expected.classes)
    report = evaluate(model, dataset).report
    assert (report.accuracy, report.n) == (pytest.approx(expected.whole[0]), expected.whole[1])


def test_corrections_are_in_force(old: Path) -> None:
    run = run_of(old, "corrected")
    data = run.recipe.data
    assert data.exclude == ("class_0/00.png",)
    assert data.relabel == {"class_1/01.png": "third"}
    assert data.rename == {"class_2": "third"}
    labels = {
        sample.path: run.split.classes[sample.label]
        for sample in (*run.split.train, *run.split.val, *run.split.test)
    }
    assert len(labels) == 17
    assert labels["class_1/01.png"] == labels["class_2/00.png"] == "third"
    assert "class_0/00.png" not in labels


def test_sounds_are_kept_together_and_tables_are_divided_as_they_say(old: Path) -> None:
    sounds = run_of(old, "sounds").split
    groups = [{s.group for s in part} for part in (sounds.train, sounds.val, sounds.test)]
    assert [len(part) for part in groups] == [4, 3, 2]
    assert not groups[0] & groups[1] | groups[0] & groups[2] | groups[1] & groups[2]
    listed = run_of(old, "listed").split
    assert {sample.split for sample in listed.test} == {"test"}
    assert listed.root == (old / "data" / "listed").as_posix()


# -- files for elsewhere


def test_a_package_answers_as_its_run_did(old: Path) -> None:
    model = TrainedModel.load(old / "texts.zip")
    assert (model.name, model.classes) == ("texts of schema 1", APART)
    assert model.card.recipe.strategy == "fine_tuning"
    answers_as_stored(model, run_of(old, "texts"))


@pytest.mark.parametrize(
    "name", ["texts", pytest.param("fusion", marks=pytest.mark.slow), "counted"]
)
def test_a_run_is_exported(old: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "model.zip"
    export(run_of(old, name).path, "package", out)
    answers_as_stored(TrainedModel.load(out), run_of(old, name))


# -- trainings that begin with what is old


def trained(plan: Plan, run: Run) -> ev.Finished:
    """The end of the training."""
    *_, last = start.train(plan, run)
    assert isinstance(last, ev.Finished), last
    assert last.outcome == "done"
    return last


def test_an_interrupted_training_goes_on_as_if_it_had_never_ended(tmp_path: Path) -> None:
    run = run_of(placed(tmp_path / "old"), "interrupted")
    before = run.history()
    assert isinstance(before.outcome, ev.Finished)
    assert (before.outcome.outcome, before.outcome.epochs) == ("cancelled", 7)
    plan = resume_plan(run)
    resumed = trained(plan, run)
    assert (resumed.epochs, resumed.report["n"]) == (40, 6)
    assert resumed.report["accuracy"] == 1.0
    assert [each.epoch for each in run.history().epochs] == [*range(1, 41)]
    whole = Run.create(plan.recipe, plan.split, tmp_path / "whole")
    uninterrupted = trained(resolve(plan.recipe, plan.split), whole)
    assert resumed.best_epoch == uninterrupted.best_epoch
    one, other = load_file(run.best), load_file(whole.best)
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        assert tensor.numpy() == pytest.approx(other[name].numpy(), abs=1e-4), name


@pytest.mark.parametrize("name", ["texts", "low_rank", "pictures", "sounds", "texts.zip"])
def test_a_new_training_begins_with_an_old_network(old: Path, tmp_path: Path, name: str) -> None:
    of = run_of(old, name.removesuffix(".zip"))
    source = old / name if name.endswith(".zip") else of.path
    recipe = Recipe().replace(
        modality=of.recipe.modality,
        data__path=of.recipe.data.path,
        backbone=str(source),
        run__epochs=1,
        run__device="cpu",
    )
    plan = resolve(recipe, of.split)
    assert plan.backbone.key == RUNS[of.path.name].backbone
    assert plan.backbone_unchanged is (name in ("pictures", "sounds"))
    new = Run.create(plan.recipe, plan.split, tmp_path / "new")
    trained(plan, new)
    theirs, own = load_file(of.best), load_file(new.best)
    kept = [each for each in theirs if each.startswith("encoder.")]
    assert len(kept) > 10
    assert all((theirs[each] == own[each]).all() for each in kept)  # frozen: as it was


# -- recipes


class Resolved(NamedTuple):
    """What a recipe must come to.

    Attributes:
        phases: epochs, groups, rate, decay and passes of each.
    """

    strategy: str
    backbone: str
    phases: list[tuple[int, int, float, float, int]]
    class_weights: tuple[float, ...] | None
    sizes: tuple[int, int, int]


PICTURES_DIVIDED, TEXTS_DIVIDED = (10, 3, 4), (10, 4, 6)
UNEVEN, EVEN = (10 / 9, 10 / 9, 10 / 12), (1.0, 1.0)
RECIPES = {
    "head": Resolved(
        "feature_extraction", "tgnet", [(7, 0, 0.003, 1.0, 3)], UNEVEN, PICTURES_DIVIDED
    ),
    "whole": Resolved("fine_tuning", "tgnet", [(7, 2, 0.003, 0.7, 0)], EVEN, (10, 4, 4)),
    "stages": Resolved(
        "progressive_unfreezing",
        "tgnet",
        [(20, 0, 0.001, 1.0, 0), (3, 3, 0.003, 0.8, 0), (4, 6, 0.003, 0.8, 0)],
        UNEVEN,
        PICTURES_DIVIDED,
    ),
    "small_changes": Resolved("lora", "tiny_bert", [(7, -1, 0.003, 1.0, 0)], EVEN, TEXTS_DIVIDED),
    "pulled": Resolved(
        "starting_point", "tiny_bert", [(7, -1, 0.003, 1.0, 0)], None, TEXTS_DIVIDED
    ),
    "several": Resolved("fusion", "tgnet+tgnet", [(7, 0, 0.003, 1.0, 1)], UNEVEN, PICTURES_DIVIDED),
    "taught": Resolved("distillation", "tgnet", [(7, -1, 0.003, 1.0, 0)], UNEVEN, PICTURES_DIVIDED),
    "together": Resolved("soup", "tiny_bert+tiny_bert", [], EVEN, TEXTS_DIVIDED),
    "searched": Resolved("auto", "tgnet", [], UNEVEN, PICTURES_DIVIDED),
}


@pytest.fixture(params=RECIPES)
def resolved(request: pytest.FixtureRequest, old: Path) -> tuple[str, Recipe, Plan]:
    recipe = recipes.read(old / "recipes" / f"{request.param}.json")
    dataset = registry.modality(recipe.modality).scan(recipe.data)
    divided = splitting.split(dataset, recipe.split, recipe.run.seed)
    return request.param, recipe, resolve(recipe, divided)


def test_recipes_are_read_and_written_as_they_were(old: Path) -> None:
    found = sorted((old / "recipes").glob("*.json"))
    assert {path.stem for path in found} == RECIPES.keys()
    for path in found:
        text = path.read_text("utf-8")
        expected = json.loads(text) | SINCE | {"schema": recipes.SCHEMA}
        expected["data"] |= {
            "labels": "",
            "objective": "one_class",
            "predict": [],
            "together": {},
            "confirmed": {},
            "elsewhere": [],
            "elsewhere_checks": 0,
            "added": [],
            "added_classes": "leave_out",
        }
        corrects = any(expected["data"][name] for name in ("exclude", "relabel", "rename"))
        expected["split"] |= {
            "corrected": "anew" if corrects else "stay",
            "kept": "",
            "only_kept": False,
            "new_test_percent": 0,
        }
        expected["run"] |= {"processes": 1}
        assert json.loads(recipes.read(path).to_json()) == expected
        assert recipes.from_json(recipes.read(path).to_json()) == recipes.read(path)


def test_recipes_come_to_the_same_trainings(resolved: tuple[str, Recipe, Plan]) -> None:
    name, recipe, plan = resolved
    expected = RECIPES[name]
    assert (plan.strategy.key, plan.backbone.key) == (expected.strategy, expected.backbone)
    steps = [(p.epochs, p.groups, p.lr, p.decay, p.augmented_copies) for p in plan.phases]
    assert steps == expected.phases
    weights = plan.class_weights
    assert (weights and pytest.approx(weights)) == expected.class_weights
    assert tuple(plan.split.sizes().values()) == expected.sizes
    assert (plan.patience, plan.recipe.run) == (4, recipe.run)


def test_every_setting_of_a_recipe_counts(resolved: tuple[str, Recipe, Plan]) -> None:
    """Nothing that was set is left to the program, or lost."""
    name, recipe, plan = resolved
    options = msgspec.to_builtins(plan.options)
    assert {key: _listed(options[key]) for key in recipe.options} == recipe.options
    since = AUGMENT_SINCE.get(plan.modality.key, {})
    assert msgspec.to_builtins(plan.augment) == since | (recipe.augment or {})
    assert plan.recipe.optim == recipe.optim
    if name != "together":  # has the heads, and reads as, the runs that it is made of
        assert plan.recipe.head == recipe.head
        given = msgspec.structs.asdict(plan.input)
        assert {key: given[key] for key in recipe.input} == recipe.input


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


# -- settings


def test_saved_corrections_are_found_for_data_that_were_moved(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSFERGUI_SETTINGS", str(old / "settings"))
    corrected = run_of(old, "corrected").recipe.data
    plain = msgspec.structs.replace(corrected, exclude=(), relabel={}, rename={})
    found = corrections.find(registry.modality("image").scan(plain))
    assert (found.gone, found.changed) == ((), ())
    assert corrections.applied(plain, found.usable) == corrected
