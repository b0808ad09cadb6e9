"""Where pretrained weights are found, and which network a file belongs to."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from transfergui.core import resolve as plan
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.data.split import Split
from transfergui.core.interfaces.networks import Backbone
from transfergui.core.modalities.image import backbones
from transfergui.core.networks import weights
from transfergui.core.recipe import Recipe

ROWS = {row.key: row for row in backbones.rows()}
RESNET = ROWS["resnet18"]
MNASNET = ROWS["mnasnet0_5"]  # its published file is called mnasnet0.5_top1_67.823-3ffadce67e.pth


def put(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"weights")
    return folder


# -- finding


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (RESNET, "resnet18.pth"),
        (RESNET, "resnet18.pt"),
        (RESNET, "resnet18.safetensors"),
        (RESNET, "resnet18-f37072fd.pth"),
        (RESNET, "resnet18-5c106cde.pth"),  # an older edition of the same file
        (RESNET, "resnet18-f37072fd.safetensors"),
        (MNASNET, "mnasnet0_5.pth"),
        (MNASNET, "mnasnet0_5-3ffadce67e.pth"),
        (MNASNET, "mnasnet0.5_top1_67.823-3ffadce67e.pth"),
        (ROWS["efficientnet_b0"], "efficientnet_b0_rwightman-7f5810bc.pth"),
    ],
)
def test_names_that_count(row: Backbone, name: str, tmp_path: Path) -> None:
    put(tmp_path, "other.pth", name)
    assert weights.find(row, str(tmp_path)) == tmp_path / name


@pytest.mark.parametrize(
    "name",
    [
        "resnet18-f37072fd.pth.part",
        "resnet18.txt",
        "resnet18",
        "wide_resnet18.pth",
        "resnet18-mine.pth",
        "resnet34.pth",
        "RESNET18.zip",
    ],
)
def test_names_that_do_not(name: str, tmp_path: Path) -> None:
    put(tmp_path, name)
    assert weights.find(RESNET, str(tmp_path)) is None


def test_folder_of_that_name_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "resnet18.pth").mkdir()
    assert weights.find(RESNET, str(tmp_path)) is None


def test_chosen_folder_first_then_the_variable_then_torch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "resnet18.pth"
    hub = put(paths.hub_checkpoints_dir(), name)
    assert weights.find(RESNET) == hub / name
    first, second = tmp_path / "not there", put(tmp_path / "named", name)
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", f"{first}:{second}")
    assert weights.find(RESNET) == second / name
    chosen = put(tmp_path / "chosen", name)
    assert weights.find(RESNET, str(chosen)) == chosen / name


def test_own_name_before_the_published_one(tmp_path: Path) -> None:
    put(tmp_path, "resnet18-f37072fd.pth", "resnet18.pth", "resnet18-00000000.pth")
    assert weights.find(RESNET, str(tmp_path)) == tmp_path / "resnet18.pth"
    (tmp_path / "resnet18.pth").unlink()
    assert weights.find(RESNET, str(tmp_path)) == tmp_path / "resnet18-f37072fd.pth"


def test_states_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "backbones", "alexnet.safetensors")
    monkeypatch.setattr(paths, "resource", tmp_path.joinpath)
    put(tmp_path / "mine", "resnet18.pth")
    states = weights.states(ROWS.values(), str(tmp_path / "mine"))
    assert len(states) == len(ROWS)
    assert states["alexnet"] == "built-in"
    assert states["resnet18"] == "on disk"
    assert states["vgg16"] == "download"
    assert states["tgnet"] == "missing"
    assert weights.state(RESNET, str(tmp_path / "mine")) == "on disk"
    assert weights.state(RESNET) == "download"


def test_each_folder_is_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "resnet18.pth")
    listed: list[Path] = []
    iterdir = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda self: listed.append(self) or iterdir(self))  # type: ignore[func-returns-value]
    weights.states(ROWS.values(), str(tmp_path))
    assert len(listed) == len(set(listed)) == 3  # chosen, torch's, built-in


def test_built_in_weights_that_are_gone_are_no_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ROWS["tgnet"]
    assert weights.require(own).parent == paths.resource("backbones")
    monkeypatch.setattr(paths, "resource", tmp_path.joinpath)
    with pytest.raises(UserError) as caught:
        weights.require(own)
    assert caught.value.code == "weights.not_installed"
    assert str(tmp_path / "backbones" / "tgnet.safetensors") in str(caught.value)
    assert "None" not in str(caught.value)


def test_missing_weights_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        weights.require(MNASNET, str(tmp_path))
    assert caught.value.code == "weights.missing"
    told = str(caught.value)
    assert "MNASNet 0.5 (9 MB)" in told
    assert "--download" in told
    assert "https://download.pytorch.org/models/mnasnet0.5_top1_67.823-3ffadce67e.pth" in told
    assert f"copy the file mnasnet0.5_top1_67.823-3ffadce67e.pth into the folder {tmp_path}" in told


def test_missing_weights_belong_where_the_user_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path / "mine"))
    with pytest.raises(UserError, match=f"into the folder {tmp_path / 'mine'}"):
        weights.require(MNASNET)


def test_what_is_copied_there_by_hand_is_found(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        weights.require(MNASNET, str(tmp_path / "new"))
    put(Path(caught.value.note.values["folder"]), caught.value.note.values["name"])
    assert weights.require(MNASNET, str(tmp_path / "new")).name == caught.value.note.values["name"]


def test_downloads_go_to_torchs_cache_unless_a_folder_is_chosen(tmp_path: Path) -> None:
    assert weights.folder() == paths.hub_checkpoints_dir()
    assert weights.folder(str(tmp_path)) == tmp_path


# -- files named instead of a key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("vgg16.pth", "vgg16"),
        ("vgg16_bn-6c64b313.pth", "vgg16_bn"),
        ("my_ResNet50_v2.safetensors", "resnet50"),
        ("wide_resnet50_2-best.pt", "wide_resnet50_2"),
        ("mnasnet0.5_top1_67.823-3ffadce67e.pth", "mnasnet0_5"),
        ("mobilenet_v3_small.pth", "mobilenet_v3_small"),
        ("regnet_y_1_6gf.pth", "regnet_y_1_6gf"),
    ],
)
def test_owner_is_told_by_the_name(name: str, key: str, tmp_path: Path) -> None:
    path = put(tmp_path, name) / name
    assert weights.owner(path, backbones.rows()).key == key


def test_owner_of_any_name_is_asked_for(tmp_path: Path) -> None:
    path = put(tmp_path, "best.pth") / "best.pth"
    with pytest.raises(UserError) as caught:
        weights.owner(path, backbones.rows())
    assert caught.value.code == "weights.unknown_network"
    assert "tgnet_best.pth" in str(caught.value)


def test_a_file_of_ours_says_itself_whose_it_is(tmp_path: Path) -> None:
    path = tmp_path / "vgg16 clothes.safetensors"
    save_file({"a": np.zeros(1)}, path, {weights.OWNER: "resnet18"})
    assert weights.owner(path, backbones.rows()).key == "resnet18"
    save_file({"a": np.zeros(1)}, path, {weights.OWNER: "a network of tomorrow"})
    assert weights.owner(path, backbones.rows()).key == "vgg16"
    path.write_bytes(path.read_bytes()[:30])
    assert weights.owner(path, backbones.rows()).key == "vgg16"


def _resolve(backbone: str) -> plan.Plan:
    split = Split("", "image", ("a", "b"), (), (), (), seed=0, method="split.random")
    return plan.resolve(Recipe(backbone=backbone), split)


def test_plan_takes_a_file_for_a_backbone(tmp_path: Path) -> None:
    path = put(tmp_path, "resnet18-mine.pth") / "resnet18-mine.pth"
    resolved = _resolve(str(path))
    assert (resolved.backbone, resolved.weights) == (RESNET, path)
    assert resolved.input.size == 224  # type: ignore[attr-defined]


def test_plan_takes_a_key() -> None:
    assert _resolve("resnet18").weights is None


@pytest.mark.parametrize(
    ("backbone", "code"),
    [
        ("resnet", "registry.unknown"),
        ("resnet18.pth", "weights.no_file"),
        ("./resnet18", "weights.no_file"),
    ],
)
def test_plan_refuses_what_is_not_there(backbone: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        _resolve(backbone)
    assert caught.value.code == code
