"""A model package as the start of another training, or as its teacher: zipped and unpacked."""

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
import torch

from tests.core.made_plans import planned
from transfergui.cli.argument_types import network
from transfergui.core import plans, registry
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.networks import Source
from transfergui.core.networks.planned import require_weights
from transfergui.core.nn.classifier import build_classifier
from transfergui.core.runs import packages
from transfergui.core.runs.packages import CARD, WEIGHTS
from transfergui.core.runs.run import Run
from transfergui.core.sources import named_backbone
from transfergui.core.trained import TrainedModel

IMAGE = registry.modality("image")


@pytest.fixture(scope="module")
def zipped(exported, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy: that it works although its run is gone is what it is for."""
    return Path(
        shutil.copy(exported["package"][0], tmp_path_factory.mktemp("given") / "shapes.zip")
    )


@pytest.fixture(params=["zip", "folder"])
def package(request: pytest.FixtureRequest, zipped: Path, tmp_path: Path) -> Path:
    if request.param == "zip":
        return Path(shutil.copy(zipped, tmp_path))
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(tmp_path / "shapes")
    return tmp_path / "shapes"


def encoder(source: Source) -> dict[str, torch.Tensor]:
    plan = planned(backbone="resnet18")
    head, merge = plan.recipe.head, plan.objective.merged
    model = build_classifier(IMAGE, source.backbone, plan.input, head, 2, merge, source.weights)
    return model.encoder.state_dict()


def test_its_network_begins_another_training(package: Path, trained_run: Run) -> None:
    source = named_backbone(IMAGE, str(package))
    run = named_backbone(IMAGE, str(trained_run.path))
    assert source.backbone == run.backbone
    assert source.run is None
    assert (source.classes, source.head) == (run.classes, run.head)
    assert source.input["size"] == 32
    own, other = encoder(source), encoder(run)
    assert all(torch.equal(own[name], other[name]) for name in other)


def test_a_recipe_may_name_it_and_what_is_left_behind_is_said(package: Path) -> None:
    plan = planned(backbone=str(package))
    assert plan.backbone.key == "resnet18"
    assert plan.input.size == 32
    assert require_weights(plan).is_file()
    (note,) = plans.notes(plan)
    assert note.code == "source.taken_over"
    what = f"your {len(plan.split.classes)} classes"
    assert note.values == {"path": package.name, "what": what, "title": "ResNet-18"}
    assert list(plans.notes(planned(backbone="tgnet"))) == []
    assert list(plans.notes(planned(backbone=str(package), strategy="from_scratch"))) == []


def test_it_teaches_with_its_own_answers(package: Path) -> None:
    plan = planned(strategy="distillation", options={"teacher": str(package)})
    (phase,) = plan.phases
    assert phase.teacher is not None
    assert phase.teacher.classes == ("class_0", "class_1", "class_2")
    other = {"teacher": str(package), "output_weight": 1.0}
    with pytest.raises(UserError) as caught:
        planned(strategy="distillation", options=other)
    assert caught.value.code == "teacher.no_answers"


def test_the_unpacked_folder_answers_like_the_zip(
    zipped: Path, package: Path, odd_pictures
) -> None:
    assert answers(package, odd_pictures) == answers(zipped, odd_pictures)


def answers(path: Path, pictures: list[Path]) -> list[list[float]]:
    return [p.probabilities.tolist() for p in TrainedModel.load(path).predict(pictures[:3])]


def test_a_zip_is_unpacked_once(zipped: Path) -> None:
    (first, second) = (packages.open_package(zipped).weights for _time in range(2))
    assert first == second
    assert first.is_relative_to(paths.cache_dir())
    assert len(list(paths.cache_dir().rglob(WEIGHTS))) == 1


def test_other_data_cannot_use_it(package: Path) -> None:
    with pytest.raises(UserError) as caught:
        named_backbone(registry.modality("audio"), str(package))
    assert caught.value.code == "backbone.other_modality"
    assert package.name in str(caught.value)


def test_weights_files_are_no_packages(tmp_path: Path) -> None:
    torch.save({"x": torch.zeros(1)}, tmp_path / "resnet18.pth")  # a zip, too
    assert not packages.is_package(tmp_path / "resnet18.pth")
    assert not packages.is_package(tmp_path)
    assert not packages.is_package(tmp_path / "nothing.zip")


# -- damaged, or made to do harm


def repacked(package: Path, target: Path, **changes: bytes) -> Path:
    """The zip with other contents; ``card`` and ``weights`` name the members."""
    members = {"card": CARD, "weights": WEIGHTS}
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w") as new:
        content = {name: old.read(name) for name in old.namelist()}
        content |= {members[key]: data for key, data in changes.items()}
        for name, data in content.items():
            new.writestr(name, data)
    return target


def changed_card(package: Path, **changes: object) -> bytes:
    with zipfile.ZipFile(package) as archive:
        return json.dumps(json.loads(archive.read(CARD)) | changes).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"backbone": "no_such_network"},
        {"input": {"size": "large"}},
        {"sha256": {}},
        {"sha256": {WEIGHTS: "../../../../tmp/elsewhere"}},
        {"sha256": {WEIGHTS: "0" * 64}},
        {"classes": []},
    ],
    ids=str,
)
@pytest.mark.parametrize("folder", [False, True])
def test_a_card_that_does_not_fit(
    zipped: Path, tmp_path: Path, changes: dict[str, object], folder: bool
) -> None:
    bad = repacked(zipped, tmp_path / "bad.zip", card=changed_card(zipped, **changes))
    if folder:
        with zipfile.ZipFile(bad) as archive:
            archive.extractall(tmp_path / "bad")
        bad = tmp_path / "bad"
    with pytest.raises(UserError) as caught:
        named_backbone(IMAGE, str(bad))
    assert caught.value.code == "model.damaged"


def test_other_weights_than_the_card_says(zipped: Path, tmp_path: Path) -> None:
    bad = repacked(zipped, tmp_path / "bad.zip", weights=b"other")
    for path in (bad, unpacked(bad, tmp_path)):
        with pytest.raises(UserError, match="changed after") as caught:
            named_backbone(IMAGE, str(path))
        assert caught.value.code == "model.damaged"


def unpacked(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / path.stem)
    return folder / path.stem


def test_a_run_in_this_very_folder_is_named_by_its_name(
    trained_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(trained_run.path.parent)
    assert named_backbone(IMAGE, network(trained_run.path.name)).run is not None


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "folder"])
def test_damaged_weights_in_the_cache_are_written_anew(zipped: Path, damage: str) -> None:
    weights = packages.open_package(zipped).weights
    whole = weights.read_bytes()
    made = {
        "flipped": whole[:-1] + bytes([whole[-1] ^ 1]),
        "cut": whole[:-100],
        "empty": b"",
    }
    if damage == "folder":
        weights.unlink()
        weights.mkdir()
    else:
        weights.write_bytes(made[damage])
    assert packages.open_package(zipped).weights.read_bytes() == whole


@pytest.mark.parametrize("damage", ["", "other"])
def test_damaged_assets_in_the_cache_are_written_anew(damage: str) -> None:
    folder = packages.keep_assets({"row.json": b"{}"})
    (folder / "row.json").write_text(damage)
    assert packages.keep_assets({"row.json": b"{}"}) == folder
    assert (folder / "row.json").read_bytes() == b"{}"
    shutil.rmtree(folder)
    folder.write_text("a file")
    assert (packages.keep_assets({"row.json": b"{}"}) / "row.json").read_bytes() == b"{}"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has none of these")
def test_a_device_or_a_pipe_is_no_network(tmp_path: Path) -> None:
    """The end of /dev/zero never comes."""
    os.mkfifo(tmp_path / "pipe.pth")
    for special in (Path("/dev/zero"), tmp_path / "pipe.pth"):
        assert not packages.is_package(special)
        with pytest.raises(UserError) as caught:
            named_backbone(IMAGE, str(special))
        assert caught.value.code == "weights.no_file"
        with pytest.raises(UserError):
            packages.open_package(special)
        with pytest.raises(UserError) as caught:
            TrainedModel.load(special)
        assert caught.value.code == "model.missing"


def test_a_folder_that_was_compressed_is_a_package(zipped: Path, tmp_path: Path) -> None:
    """As systems do it: everything in one folder, on a Mac beside another one of its own."""
    again = tmp_path / "again.zip"
    with zipfile.ZipFile(zipped) as source, zipfile.ZipFile(again, "w") as target:
        for name in source.namelist():
            target.writestr(f"shapes/{name}", source.read(name))
        target.writestr("__MACOSX/._shapes", b"")
    assert packages.is_package(again)
    assert packages.open_package(again).card == packages.open_package(zipped).card
    with zipfile.ZipFile(again, "a") as target:
        target.writestr("other/model.json", b"{}")
    assert not packages.is_package(again)
