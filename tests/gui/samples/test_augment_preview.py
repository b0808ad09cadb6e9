"""The preview shows what it was asked for last, and nothing before it is seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from transfergui.core.base.errors import UserError
from transfergui.core.interfaces.samples import Preview, Text
from transfergui.core.modalities.previews import preview_variants
from transfergui.core.registry import MODALITIES
from transfergui.gui.samples import augment_preview
from transfergui.gui.samples.augment_preview import VARIANTS, AugmentPreview

MODALITY = MODALITIES[0]
INPUT = MODALITY.input_options(size=32, resize=36)
OFF = MODALITY.augment_options()
STRONG = MODALITY.augment_presets["Strong"]


class Background:
    """Tasks that are done when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Any, Any, Any]] = []
        self.started = 0

    def run(self, function: Any, done: Any, failed: Any) -> None:
        self.started += 1
        self.waiting.append((function, done, failed))

    def work(self, number: int = 0) -> None:
        function, done, failed = self.waiting.pop(number)
        try:
            result = function()
        except UserError as error:
            failed(error)
        else:
            done(result)


@pytest.fixture
def pictures(tmp_path: Path, tiny_pictures: Callable[..., Path]) -> list[Path]:
    return sorted(tiny_pictures(tmp_path, per_class=2).rglob("*.png"))


@pytest.fixture
def background() -> Background:
    return Background()


@pytest.fixture
def preview(
    qtbot: QtBot, background: Background, pictures: list[Path], monkeypatch: pytest.MonkeyPatch
) -> AugmentPreview:
    monkeypatch.setattr(augment_preview, "DELAY", 0)
    widget = AugmentPreview(background.run)
    qtbot.addWidget(widget)
    widget.use(MODALITY, pictures)
    widget.set_options((INPUT, STRONG))
    return widget


def show(qtbot: QtBot, preview: AugmentPreview, background: Background) -> None:
    preview.show()
    qtbot.waitUntil(lambda: bool(background.waiting))
    background.work()


def images(preview: AugmentPreview) -> list[Any]:
    return [tile.image for tile in (preview.original, preview.prepared, *preview.variants)]


def test_variants_are_reproducible_and_start_with_the_sample_itself(pictures: list[Path]) -> None:
    def make(seed: int) -> list[Preview]:
        return preview_variants(MODALITY, pictures[0], INPUT, STRONG, seed, 3)

    previews = make(1)
    assert [p.kind for p in previews] == ["picture"] * 5
    assert [p.data.shape for p in previews] == [(32, 32, 3)] * 5
    assert all(p.data.dtype == np.uint8 for p in previews)
    assert all(np.array_equal(a.data, b.data) for a, b in zip(previews, make(1), strict=True))
    assert not any(
        np.array_equal(a.data, b.data) for a, b in zip(previews[2:], make(2)[2:], strict=True)
    )


def test_without_augmentation_the_variants_are_what_the_network_sees(
    pictures: list[Path],
) -> None:
    _original, prepared, *variants = preview_variants(MODALITY, pictures[0], INPUT, OFF, 0, 2)
    assert all(np.array_equal(prepared.data, variant.data) for variant in variants)


def test_nothing_is_made_before_it_is_seen(
    qtbot: QtBot, preview: AugmentPreview, background: Background
) -> None:
    qtbot.wait(20)
    assert background.started == 0
    show(qtbot, preview, background)
    assert background.started == 1
    assert all(image is not None for image in images(preview))
    assert len(preview.variants) == VARIANTS


def test_shuffle_changes_the_variants_only(
    qtbot: QtBot, preview: AugmentPreview, background: Background
) -> None:
    show(qtbot, preview, background)
    before = images(preview)
    preview.shuffle.click()
    background.work()
    after = images(preview)
    assert after[:2] == before[:2]
    assert all(a != b for a, b in zip(after[2:], before[2:], strict=True))


def test_another_shows_each_sample_in_turn(
    qtbot: QtBot, preview: AugmentPreview, background: Background, pictures: list[Path]
) -> None:
    show(qtbot, preview, background)
    names = {preview.note.text()}
    for _time in pictures[1:]:
        preview.another.click()
        background.work()
        names.add(preview.note.text())
    assert len(names) == len({path.name for path in pictures})
    first = images(preview)
    for _time in pictures:
        preview.another.click()
        background.work()
    assert images(preview) == first


def test_an_older_result_is_dropped(
    qtbot: QtBot, preview: AugmentPreview, background: Background
) -> None:
    show(qtbot, preview, background)
    preview.shuffle.click()
    preview.shuffle.click()
    background.work(1)
    newest = images(preview)
    background.work(0)
    assert images(preview) == newest


def test_a_change_of_options_is_shown(
    qtbot: QtBot, preview: AugmentPreview, background: Background
) -> None:
    show(qtbot, preview, background)
    preview.set_options((INPUT, OFF))
    qtbot.waitUntil(lambda: bool(background.waiting))
    background.work()
    assert all(tile.image == preview.prepared.image for tile in preview.variants)
    assert preview.note.text() == "No augmentation in training."


def test_a_sample_that_cannot_be_read_says_why(
    qtbot: QtBot, preview: AugmentPreview, background: Background, pictures: list[Path]
) -> None:
    show(qtbot, preview, background)
    for path in pictures:
        path.write_bytes(b"")
    preview.shuffle.click()
    background.work()
    assert images(preview) == [None] * (2 + VARIANTS)
    assert "is empty" in preview.note.text()


def test_without_samples_there_is_nothing_to_press(
    qtbot: QtBot, background: Background, preview: AugmentPreview
) -> None:
    show(qtbot, preview, background)
    preview.use(MODALITY, [])
    qtbot.waitUntil(lambda: images(preview) == [None] * (2 + VARIANTS))
    assert not preview.shuffle.isEnabled()
    assert not preview.another.isVisible()
    assert background.started == 1


def test_what_numbers_beside_words_mean_is_said(preview: AugmentPreview) -> None:
    words = Text("", ("salad", "brown"), weights=(0.8, 0.6))
    preview._draw([Preview("text", Text("a brown salad")), Preview("text", words)], "row 2")
    assert preview.note.text().startswith("row 2 The model counts words")
    assert "salad 0.80 brown 0.60" in preview.prepared.toolTip()
    preview._draw([], "row 2")
    assert preview.note.text() == "row 2"
