"""Unsorted data: what there is to label, and a training with the labels of it."""

import csv
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import TINY
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions
from transfergui.core.labelling import table as tables
from transfergui.core.labelling.examples import examples, labelled_data
from transfergui.core.labelling.features import features_of, plan_of
from transfergui.core.labelling.table import LabelTable


@pytest.mark.parametrize("key", TINY)
def test_data_with_labels_of_their_own_are_those_in_class_folders(key: str, tmp_path: Path) -> None:
    """The same samples, classes and reading: so the same split, and the same weights."""
    modality = registry.modality(key)
    data = TINY[key](tmp_path / "data", per_class=6)
    found = examples(modality, str(data))
    assert {sample.label for sample in found.samples} == {-1}
    table = LabelTable(found.root, key)
    for path in found.paths:
        table = table.assigned([path], path.partition("/")[0])
    tables.save(table, tmp_path / "labels.csv")
    made = modality.scan(labelled_data(found, tmp_path / "labels.csv"))
    known = modality.scan(DataOptions(path=str(data), objective="one_class"))
    assert (made.samples, made.classes, made.input) == (known.samples, known.classes, known.input)
    assert {*found.paths} == {sample.path for sample in known.samples}


def test_features_are_of_those_that_can_be_read(tmp_path: Path) -> None:
    TINY["image"](tmp_path / "data", per_class=3)
    (tmp_path / "data" / "broken.png").write_bytes(b"no picture")
    found = examples(registry.modality("image"), str(tmp_path / "data"))
    assert len(found.samples) == 6
    assert [problem.path for problem in found.problems if problem.left_out] == ["broken.png"]
    told = []
    made = features_of(plan_of(found), lambda done, total: told.append((done, total)))
    assert made.paths == found.paths
    assert len(made.rows) == 6
    assert np.isfinite(made.rows).all()
    assert told

    def cancelled(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        features_of(plan_of(found), cancelled)


def test_parts_of_a_long_recording_have_labels_of_their_own(tmp_path: Path) -> None:
    import soundfile

    time = np.arange(8000 * 36) / 8000
    tone = np.sin(2 * np.pi * time * np.where(time < 20, 300, 900))
    soundfile.write(tmp_path / "long.wav", 0.4 * tone, 8000)
    modality = registry.modality("audio")
    found = examples(modality, str(tmp_path / "long.wav"))
    assert len(found.paths) == 4
    low = [path for path in found.paths if int(path.partition("#")[2]) < 20_000]
    table = LabelTable(found.root, "audio").assigned(low, "low").assigned(found.paths[-1:], "high")
    tables.save(table, tmp_path / "given.csv")
    made = modality.scan(labelled_data(found, tmp_path / "given.csv"))
    said = {sample.path: made.classes[sample.label] for sample in made.samples}
    assert said == dict(table.labels)
    assert {sample.group for sample in made.samples} == {"long.wav"}


def test_rows_of_a_table_without_labels_are_texts(tmp_path: Path) -> None:
    with (tmp_path / "comments.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["number", "comment"])
        words = ("lovely and warm", "cold and dull")
        writer.writerows([n, f"It was {words[n % 2]} in house {n}."] for n in range(12))
    modality = registry.modality("text")
    found = examples(modality, str(tmp_path / "comments.csv"))
    assert found.paths[0] == "comments.csv#2"
    assert len(found.paths) == 12
    table = LabelTable(found.root, "text").assigned(found.paths[:6:2], "good")
    table = table.assigned([*found.paths[1:6:2], "comments.csv#99", "gone.txt"], "bad")
    tables.save(table, tmp_path / "given.csv")
    made = modality.scan(labelled_data(found, tmp_path / "given.csv"))
    assert {sample.path: made.classes[sample.label] for sample in made.samples} == {
        path: name for path, name in table.labels.items() if path in found.paths
    }
    assert {problem.code for problem in made.problems if problem.left_out} == {
        "text.no_row",
        "labelling.unmatched",
    }


def test_labels_of_other_data_are_refused(tmp_path: Path) -> None:
    TINY["image"](tmp_path / "data", per_class=3)
    table = LabelTable("/elsewhere", "image").assigned(["other.png", "../data/x.png"], "cat")
    tables.save(table, tmp_path / "given.csv")
    options = DataOptions(path=str(tmp_path / "data"), labels=str(tmp_path / "given.csv"))
    with pytest.raises(UserError) as caught:
        registry.modality("image").scan(options)
    assert caught.value.code == "labelling.none"
