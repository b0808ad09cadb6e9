"""Dark, blurred and empty pictures are found, and no others."""

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image, ImageEnhance, ImageFilter

from tests.core.checks.made_material import material, scene
from transfergui.core import registry
from transfergui.core.base.errors import UserError
from transfergui.core.base.progress import untold
from transfergui.core.checks import measured, quality
from transfergui.core.checks.measured import Measured
from transfergui.core.data.dataset import Sample
from transfergui.core.data.properties import Fault


def test_each_bad_picture_is_named(tmp_path: Path) -> None:
    pictures = {"a": [scene(n) for n in range(12)], "b": [scene(n) for n in range(12, 24)]}
    pictures["a"][3] = ImageEnhance.Brightness(scene(3)).enhance(0.1)
    pictures["b"][5] = scene(17, (400, 300)).filter(ImageFilter.GaussianBlur(40))
    pictures["b"][7] = Image.new("RGB", (64, 48), "white")
    found = quality.find(material(tmp_path, pictures), untold)
    assert {each.path for each in found.flagged} == {"a/3.png", "b/5.png", "b/7.png"}
    codes = {note.code for note in found.notes}
    assert {"check.quality_dark", "check.quality_blurred", "check.quality_bright"} <= codes


def test_files_that_are_gone_are_not_nothing_found(tmp_path: Path) -> None:
    data = material(tmp_path, {"a": [scene(n) for n in range(4)]})
    for sample in data.samples[:2]:
        (data.root / sample.path).unlink()
    with pytest.raises(UserError) as caught:
        quality.find(data, untold)
    assert (caught.value.code, caught.value.note.values["count"]) == ("data.gone", 2)


def test_files_that_cannot_be_read_are_counted_and_named(tmp_path: Path) -> None:
    data = material(tmp_path, {"a": [scene(n) for n in range(24)]})
    (tmp_path / "a" / "3.png").write_bytes(b"none")
    (note,) = quality.find(data, untold).notes
    assert (note.code, note.values["count"], note.values["path"]) == (
        "data.left_unread",
        1,
        "a/3.png",
    )
    for number in range(4, 10):
        (tmp_path / "a" / f"{number}.png").write_bytes(b"none")
    with pytest.raises(UserError) as caught:  # the disk is there
        measured.of_material(data, untold)
    assert caught.value.code == "data.damaged"


def test_of_too_many_some_are_measured_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = material(tmp_path, {"a": [scene(n) for n in range(12)], "b": [scene(9)] * 12})
    monkeypatch.setattr(measured, "SECONDS", 20.5 * measured.EACH)
    (note,) = quality.find(data, untold).notes
    assert (note.code, note.values["count"], note.values["total"]) == (
        "check.quality_sample_none",
        20,
        24,
    )
    large = replace(data.samples[0], size=12_000_000)
    assert measured.expected_seconds(large) > 10 * measured.expected_seconds(data.samples[0])


def test_what_all_are_like_is_no_fault(tmp_path: Path) -> None:
    """A data set that is dark altogether is how the data are."""
    dark = [ImageEnhance.Brightness(scene(n)).enhance(0.15) for n in range(24)]
    assert quality.find(material(tmp_path, {"a": dark[:12], "b": dark[12:]}), untold).notes == ()


def test_another_language_than_nearly_all_have() -> None:
    fault = Fault("language", "", "other")
    texts = np.array(["en"] * 30 + ["", "Hani"])
    found = Measured(np.arange(32), {"language": texts}, 32)
    assert quality.faulty(found, fault) == [(31, 1.0)]
    half = Measured(np.arange(4), {"language": np.array(["en", "en", "Hani", "Hani"])}, 4)
    assert quality.faulty(half, fault) == []


def test_bad_ones_of_a_single_class_are_told(tmp_path: Path) -> None:
    data = material(tmp_path, {"a": [scene(n) for n in range(6)], "b": [scene(9)]})
    codes = [note.code for note in quality._of_one_class(data, list(range(6)))]
    assert codes == ["check.quality_one_class"]
    assert not quality._of_one_class(data, list(range(7)))
    assert not quality._of_one_class(data, [0, 1])


@pytest.mark.parametrize("name", ["clothing", "brain-mri"])
def test_real_photos_are_no_bad_ones(name: str, shared_data: Path) -> None:
    image = registry.modality("image")
    root = shared_data / "images" / name
    paths = sorted(p for p in root.rglob("*") if p.suffix.lower() in (".jpg", ".png"))[::5]
    samples = [Sample(str(path.relative_to(root)), 0) for path in paths]
    found = measured.of_samples(samples, root, image, image.input_options(), untold)
    assert [quality.faulty(found, fault) for fault in image.faults] == [[]] * len(image.faults)
