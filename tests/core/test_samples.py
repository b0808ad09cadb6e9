"""The bundled sample: ten digits as pictures, written once."""

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.core.test_plan import split
from transfergui.core import paths, samples
from transfergui.core.errors import UserError
from transfergui.core.modalities import weights
from transfergui.core.plan import resolve


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten pictures instead of 1797."""

    def write(folder: Path) -> None:
        for digit in range(10):
            (folder / str(digit)).mkdir()
            (folder / str(digit) / "0.png").write_bytes(b"x")

    monkeypatch.setattr(samples, "_write_digits", write)


def test_digits_are_pictures_by_class() -> None:
    folder = samples.digits()
    files = sorted(folder.rglob("*.png"))
    assert folder.is_relative_to(paths.cache_dir())
    assert len(files) == 1797
    assert sorted(path.name for path in folder.iterdir()) == [str(digit) for digit in range(10)]
    picture = np.asarray(Image.open(files[0]))
    assert picture.shape == (samples.SIDE, samples.SIDE)
    assert picture.max() - picture.min() > 150
    assert [p.name for p in folder.parent.iterdir()] == ["digits"]


def test_they_are_written_once(few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = samples.digits()
    monkeypatch.setattr(samples, "_write_digits", lambda folder: pytest.fail("again"))
    assert samples.digits() == folder


def test_half_a_sample_is_none(few: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(samples, "_write_digits", lambda folder: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            samples.digits()
    assert list((paths.cache_dir() / "samples").iterdir()) == []
    assert len(list(samples.digits().iterdir())) == 10


def test_two_at_once_do_no_harm(few: None) -> None:
    threads = [threading.Thread(target=samples.digits) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [p.name for p in (paths.cache_dir() / "samples").iterdir()] == ["digits"]
    assert len(list(samples.digits().iterdir())) == 10


def test_where_it_cannot_be_written_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFERGUI_CACHE", os.devnull)
    with pytest.raises(UserError) as caught:
        samples.digits()
    assert caught.value.code == "sample.not_written"
    assert os.devnull in str(caught.value)


def test_a_sample_is_told_from_the_users_own(few: None, tmp_path: Path) -> None:
    assert samples.is_sample(samples.digits())
    assert not samples.is_sample(tmp_path)


def test_the_strip_shows_the_sample() -> None:
    """To renew it: save ``strip`` as ``resources/samples/digits.png``."""
    firsts = [min((samples.digits() / str(digit)).iterdir()) for digit in range(10)]
    strip = np.hstack([np.asarray(Image.open(path)) for path in firsts])
    assert np.array_equal(np.asarray(Image.open(samples.STRIP)), strip)


def test_the_demo_needs_nothing_that_is_not_there(few: None) -> None:
    plan = resolve(samples.demo_recipe(), split(3, 3))
    assert plan.pretrained
    assert [weights.state(source.backbone) for source in plan.sources] == ["built-in"]
    assert not plan.augment.flip
    assert Path(plan.recipe.data.path) == samples.digits()
