"""The bundled samples: written once, whole, and trained with what is there."""

import hashlib
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.core.test_resolve import split
from transfergui.core import plans, registry
from transfergui.core.app.samples import catalogue as samples
from transfergui.core.app.samples.catalogue import Bundled
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.networks import weights
from transfergui.core.resolve import resolve

KEYS = [sample.key for sample in samples.SAMPLES]


@pytest.fixture(params=KEYS)
def sample(request: pytest.FixtureRequest) -> Bundled:
    return samples.find(request.param)


def write_two(folder: Path) -> None:
    for name in "ab":
        (folder / name).write_text(name)


LITTLE = replace(samples.SAMPLES[0], key="little", write=write_two)
"""A sample of two files."""


# -- each


def contents(home: Path) -> dict[str, str]:
    """A hash of every file below a folder."""
    found = sorted(path for path in home.rglob("*") if path.is_file())
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
    }


def test_every_sample_is_the_same_every_time(sample: Bundled, tmp_path: Path) -> None:
    written = samples.unpacked(sample)
    assert written.exists()
    assert written.is_relative_to(paths.cache_dir())
    sample.write(tmp_path)
    assert contents(tmp_path) == contents(paths.cache_dir() / "samples" / sample.key)


def test_every_sample_says_what_it_is(sample: Bundled) -> None:
    assert sample.title
    assert sample.sentence.endswith("?")
    assert bool(sample.strip) == bool(sample.strip_shows)
    if sample.strip_path is not None:
        with Image.open(sample.strip_path) as strip:
            assert strip.width % strip.height == 0


def test_every_sample_is_trained_without_a_download(sample: Bundled) -> None:
    recipe = samples.recipe_of(sample.key)
    plan = resolve(recipe, split(3, 3))
    assert plan.recipe.data.path == str(samples.unpacked(sample))
    assert all(weights.state(source.backbone) in weights.HERE for source in plans.sources(plan))


def test_there_is_one_for_each_modality() -> None:
    assert [sample.modality for sample in samples.SAMPLES] == [m.key for m in registry.MODALITIES]
    assert len(set(KEYS)) == len(KEYS)


def test_an_unknown_one_is_named() -> None:
    with pytest.raises(UserError, match="Did you mean digits"):
        samples.find("digit")


# -- writing


def test_they_are_written_once() -> None:
    folder = samples.unpacked(LITTLE)
    assert samples.unpacked(replace(LITTLE, write=lambda folder: pytest.fail("again"))) == folder


def test_half_a_sample_is_none() -> None:
    def fail(folder: Path) -> None:
        write_two(folder)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        samples.unpacked(replace(LITTLE, write=fail))
    assert list((paths.cache_dir() / "samples").iterdir()) == []
    assert len(list(samples.unpacked(LITTLE).iterdir())) == 2


def test_two_at_once_do_no_harm() -> None:
    threads = [threading.Thread(target=samples.unpacked, args=(LITTLE,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [p.name for p in (paths.cache_dir() / "samples").iterdir()] == ["little"]
    assert len(list(samples.unpacked(LITTLE).iterdir())) == 2


def test_where_it_cannot_be_written_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFERGUI_CACHE", os.devnull)
    with pytest.raises(UserError) as caught:
        samples.unpacked(LITTLE)
    assert caught.value.code == "sample.not_written"
    assert os.devnull in str(caught.value)


def test_a_sample_is_told_from_the_users_own(tmp_path: Path) -> None:
    assert samples.is_sample(samples.unpacked(LITTLE))
    assert samples.is_sample(samples.unpacked(replace(LITTLE, file="a")))
    assert not samples.is_sample(tmp_path)
