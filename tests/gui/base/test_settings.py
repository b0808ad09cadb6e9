"""Several windows save into one file of settings: each what has changed in it."""

import json
from pathlib import Path

from transfergui.core.base import locks, paths
from transfergui.gui.base.settings import RECENT, Recent, Settings


def entry(name: str, opened: str, samples: int = 0) -> Recent:
    return Recent(f"/data/{name}", samples=samples, opened=opened)


def names(settings: Settings) -> list[str]:
    return [path.name for path in settings.recent]


def test_what_two_windows_remember_is_kept() -> None:
    start = Settings()
    start.add_recent(entry("old", "2026-01-01T10:00:00"))
    start.remembered.folders["data"] = "/data"
    start.add_project(Path("/p/old"))
    start.save()
    first, second = Settings(), Settings()
    first.add_recent(entry("beetles", "2026-01-02T10:00:00"))
    first.add_project(Path("/p/first"))
    first.remembered.folders["export"] = "/first"
    first.remembered.scheme = "dark"
    second.add_recent(entry("moths", "2026-01-02T11:00:00"))
    second.update_recent(entry("old", "2026-01-01T10:00:00", samples=7))
    second.add_project(Path("/p/second"))
    second.remembered.box_scores["model"] = 0.4
    second.remembered.language = "zh_CN"
    first.save()
    second.save()
    first.remembered.geometry = "there"
    first.save()
    both = Settings()
    assert names(both) == ["moths", "beetles", "old"]
    assert [each.samples for each in both.remembered.recent] == [0, 0, 7]
    assert both.remembered.projects == ["/p/second", "/p/old", "/p/first"]
    assert both.remembered.folders == {"data": "/data", "export": "/first"}
    assert both.remembered.box_scores == {"model": 0.4}
    found = both.remembered
    assert (found.scheme, found.language, found.geometry) == ("dark", "zh_CN", "there")
    assert not list(paths.settings_dir().glob(".*"))


def test_what_was_forgotten_stays_forgotten() -> None:
    first, second = Settings(), Settings()
    first.add_recent(entry("beetles", "2026-01-02T10:00:00"))
    first.save()
    second = Settings()
    first.forget_recent()
    first.save()
    second.remembered.scheme = "dark"
    second.save()
    assert names(Settings()) == [] and Settings().remembered.scheme == "dark"


def test_only_the_last_ones_are_kept() -> None:
    first, second = Settings(), Settings()
    for number in range(RECENT):
        first.add_recent(entry(f"a{number}", f"2026-01-02T10:00:{number:02}"))
        second.add_recent(entry(f"b{number}", f"2026-01-02T11:00:{number:02}"))
    second.save()
    first.save()
    assert names(Settings()) == [f"b{number}" for number in reversed(range(RECENT))]


def test_a_damaged_file_takes_nothing_from_a_window() -> None:
    settings = Settings()
    settings.add_recent(entry("beetles", "2026-01-02T10:00:00"))
    settings.save()
    file = paths.settings_dir() / "settings.json"
    file.write_text("{")
    settings.save()
    assert names(Settings()) == ["beetles"]
    assert json.loads(file.read_text())["recent"]


def test_a_window_that_hangs_does_not_keep_others_from_saving() -> None:
    settings, place = Settings(), paths.settings_dir() / "settings.json"
    settings.save()
    locks.TURN, before = 0.1, locks.TURN
    try:
        with locks.held(locks.beside(place)):
            settings.remembered.language = "en"
            settings.save()
    finally:
        locks.TURN = before
    assert Settings().remembered.language == "en"
