"""A model against labelled data: what its classes are called, and what it was trained on."""

import json
import shutil
import tarfile
from pathlib import Path

import msgspec
import numpy as np
import pytest

from transfergui.core.app.likeness import likeness
from transfergui.core.base.errors import Question, UserError
from transfergui.core.data.dataset import Dataset, Sample
from transfergui.core.data.file_part import in_tar
from transfergui.core.evaluating import evaluate, trained_on
from transfergui.core.runs.run import Run
from transfergui.core.trained import TrainedModel


@pytest.fixture(scope="module")
def model(trained_run) -> TrainedModel:
    return TrainedModel.load(trained_run.path)


def copied(run: Run, folder: Path) -> Run:
    shutil.copytree(run.path, folder)
    return Run.open(folder)


# -- evaluation


def dataset(run: Run, classes: tuple[str, ...]) -> Dataset:
    root = Path(run.split.root)
    return Dataset(root, root, "image", classes, run.split.test)


def test_evaluation_matches_classes_by_name(model, trained_run):
    plain = evaluate(model, dataset(trained_run, model.classes))
    assert (plain.report.n, plain.report.measured_on) == (9, "data")
    assert plain.report.accuracy == np.mean([row.right for row in plain.rows])
    assert plain.report.accuracy > 0.5
    swapped = evaluate(model, dataset(trained_run, (model.classes[1], "other", model.classes[0])))
    assert swapped.report.n == 6
    assert {row.truth for row in swapped.rows} == set(model.classes[:2])


def test_samples_of_classes_that_the_model_lacks_are_counted(model, trained_run):
    found = evaluate(model, dataset(trained_run, (model.classes[0], "moth", model.classes[2])))
    assert found.report.n == 6
    assert found.report.unknown_classes == {"moth": 3}
    assert found.report.matched_classes == {}


def test_names_that_are_the_same_are_matched(model, trained_run):
    plain = evaluate(model, dataset(trained_run, model.classes)).report
    spelt = (f"{model.classes[0]} ", *model.classes[1:])
    found = evaluate(model, dataset(trained_run, spelt)).report
    assert (found.n, found.accuracy) == (9, plain.accuracy)
    assert found.matched_classes == {spelt[0]: model.classes[0]}
    assert found.unknown_classes == {}


def test_similar_names_are_asked_about(model, trained_run):
    data = dataset(trained_run, (model.classes[0].upper(), *model.classes[1:]))
    with pytest.raises(Question, match=model.classes[0].upper()) as caught:
        evaluate(model, data)
    assert caught.value.code == "evaluate.similar_classes"
    assert caught.value.setting == "data.options.similar_labels"
    assert evaluate(model, data, "merge").report.n == 9
    apart = evaluate(model, data, "separate").report
    assert (apart.n, apart.unknown_classes) == (6, {model.classes[0].upper(): 3})
    with pytest.raises(UserError, match="merge, separate"):
        evaluate(model, data, "no")


def renamed(run: Run, folder: Path, rename: dict[str, str]) -> TrainedModel:
    """The model of a run whose classes had been renamed before."""
    again = copied(run, folder)
    recipe, split = again.recipe, again.split
    data = msgspec.structs.replace(recipe.data, rename=rename)
    recipe = msgspec.structs.replace(recipe, data=data)
    (again.path / "recipe.json").write_text(recipe.to_json(), encoding="utf-8")
    classes = tuple(rename.get(name, name) for name in split.classes)
    msgspec.structs.replace(split, classes=classes).save(again.path / "split.json")
    return TrainedModel.load(again.path)


def test_renamed_classes_are_found_in_the_data_by_their_old_names(model, trained_run, tmp_path):
    first, second, third = model.classes
    plain = evaluate(model, dataset(trained_run, model.classes)).report
    found = renamed(trained_run, tmp_path / "one", {first: "moth"})
    assert found.classes == ("moth", second, third)
    old = evaluate(found, dataset(trained_run, model.classes)).report
    assert (old.n, old.accuracy, old.unknown_classes) == (9, plain.accuracy, {})
    assert list(old.per_class) == ["moth", second, third]
    new = evaluate(found, dataset(trained_run, ("moth", second, third))).report
    assert (new.n, new.accuracy) == (9, plain.accuracy)
    elsewhere = msgspec.structs.replace(
        dataset(trained_run, model.classes), source=tmp_path / "elsewhere"
    )
    assert evaluate(found, elsewhere).report.accuracy == plain.accuracy
    assert found.card.recipe.data.rename == {first: "moth"}  # so a package knows it


def test_names_that_were_swapped_are_so_in_the_training_data_only(model, trained_run, tmp_path):
    first, second, third = model.classes
    plain = evaluate(model, dataset(trained_run, model.classes)).report
    found = renamed(trained_run, tmp_path / "two", {first: second, second: first})
    own = evaluate(found, dataset(trained_run, model.classes)).report
    assert own.accuracy == plain.accuracy
    elsewhere = msgspec.structs.replace(
        dataset(trained_run, (second, first, third)), source=tmp_path / "elsewhere"
    )
    assert evaluate(found, elsewhere).report.accuracy == plain.accuracy


def test_evaluation_of_a_foreign_folder_is_refused(model, trained_run):
    with pytest.raises(UserError, match=r"ape, bee, cow") as caught:
        evaluate(model, dataset(trained_run, ("ape", "bee", "cow")))
    assert caught.value.code == "evaluate.other_classes"


def test_evaluation_leaves_out_and_lists_what_cannot_be_read(model, trained_run):
    data = dataset(trained_run, model.classes)
    gone = (*data.samples, Sample("gone.png", 0))
    evaluation = evaluate(model, msgspec.structs.replace(data, samples=gone))
    assert evaluation.report.n == 9
    assert len(evaluation.problems) == 1


# -- what it was trained on


def test_pictures_that_were_learnt_from_are_counted(model: TrainedModel, exported) -> None:
    split = model.run.split
    everything = split.train + split.val + split.test
    dataset = Dataset(Path(split.root), Path(split.root), "image", split.classes, everything)
    used = len(split.train) + len(split.val)
    assert trained_on(model, dataset) == used
    assert trained_on(TrainedModel.load(exported["onnx"][0]), dataset) is None
    assert evaluate(TrainedModel.load(exported["package"][0]), dataset).report.trained_on is None
    report = evaluate(model, dataset).report
    assert (report.trained_on, report.n) == (used, used + len(split.test))
    assert report.majority is not None


def test_what_was_learnt_from_is_known_by_its_content(model: TrainedModel, tmp_path: Path) -> None:
    """Copied, renamed: the same pictures. In the old place under the old name: others."""
    split = model.run.split
    for at, sample in enumerate((*split.train[:3], *split.test[:2])):
        shutil.copyfile(Path(split.root) / sample.path, tmp_path / f"{at}.png")
    samples = tuple(Sample(f"{at}.png", 0) for at in range(5))
    dataset = Dataset(tmp_path, tmp_path, "image", split.classes, samples)
    assert trained_on(model, dataset) == 3
    packed = []
    with tarfile.open(tmp_path / "new.tar", "w", format=tarfile.USTAR_FORMAT) as tar:
        for at in range(5):
            packed.append(Sample(in_tar("new.tar", tar.offset), 0, 9))
            tar.add(tmp_path / f"{at}.png", f"{at}.png")
    dataset = Dataset(tmp_path, tmp_path, "image", split.classes, tuple(packed))
    assert trained_on(model, dataset) == 3


def test_pictures_that_were_learnt_from_are_told_of_when_they_are_predicted(
    model: TrainedModel, exported, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also copies, but not others of the same name."""
    split = model.run.split
    learnt, new = split.train[:3], split.test[:3]
    files = [Path(split.root) / sample.path for sample in (*learnt, *new)]
    (note,) = likeness(model, files)
    assert (note.code, note.values["count"], note.values["n"]) == ("likeness.trained_on", 3, 6)
    assert likeness(model, files[3:]) == likeness(TrainedModel.load(exported["package"][0]), files)
    assert not likeness(model, files[3:])
    copy = tmp_path / files[0].name
    shutil.copyfile(files[0], copy)
    assert likeness(model, [copy])[0].sentence().startswith("One of these pictures was used")
    shutil.copyfile(files[3], copy)
    assert not likeness(model, [copy])
    monkeypatch.setattr("transfergui.core.app.likeness.MOST_NAMED", 5)
    (note,) = likeness(model, files)
    assert note.code == "likeness.trained_on_some" and 2 <= note.values["count"] <= 3


def test_training_data_that_are_gone_cannot_be_compared(trained_run: Run, tmp_path: Path) -> None:
    run = copied(trained_run, tmp_path / "run")
    tree = json.loads((run.path / "split.json").read_text())
    (run.path / "split.json").write_text(json.dumps(tree | {"root": str(tmp_path / "gone")}))
    root = Path(trained_run.split.root)
    dataset = Dataset(root, root, "image", trained_run.split.classes, trained_run.split.test)
    assert trained_on(TrainedModel.load(run.path), dataset) is None
