"""Translation: marks are kept, catalogues are found, what is missing falls back to English."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from transfergui.core.base import i18n, messages, paths


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.use_language("en")


def catalogue(path: Path, pairs: dict[str, str]) -> None:
    """Write a minimal .mo file (gettext manual, section 10.3)."""
    entries = sorted({"": "Content-Type: text/plain; charset=UTF-8\n", **pairs}.items())
    keys = [key.encode() for key, _ in entries]
    values = [value.encode() for _, value in entries]
    offset = 28 + 16 * len(entries)
    tables, data = [[], []], b""
    for table, texts in zip(tables, (keys, values), strict=True):
        for text in texts:
            table += [len(text), offset + len(data)]
            data += text + b"\0"
    numbers = [0x950412DE, 0, len(entries), 28, 28 + 8 * len(entries), 0, 0, *tables[0], *tables[1]]
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(n.to_bytes(4, "little") for n in numbers) + data)


def test_marks_change_nothing() -> None:
    assert i18n.N_("Learning rate") == "Learning rate"


def test_a_catalogue_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue(tmp_path / "de" / "LC_MESSAGES" / "transfergui.mo", {"Epochs": "Epochen"})
    monkeypatch.setattr(paths, "resource", lambda *parts: tmp_path)
    i18n.use_language("de_AT")
    assert i18n._("Epochs") == "Epochen"
    assert i18n._("Seed") == "Seed"
    assert i18n.is_translated()
    assert i18n.language() == "de"
    assert i18n.languages() == ["en", "de"]


@pytest.mark.parametrize(
    "name", ["zh_CN", "zh", "zh_Hans_CN", "zh-Hans", "zh_TW", "Chinese (Simplified)_China"]
)
def test_every_kind_of_chinese_is_chinese(name: str) -> None:
    i18n.use_language(name)
    assert i18n.language() == "zh_CN"
    assert i18n._("Cancel") == "取消"


def test_a_checkout_without_compiled_catalogues_is_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "resource", lambda *parts: tmp_path / "nowhere")
    i18n.use_language("zh_CN")
    assert i18n._("Cancel") == "Cancel"
    assert i18n.language() == "en"


@pytest.mark.parametrize("language", ["xx_YY", "", "../../etc", "C"])
def test_an_unknown_language_is_english(language: str) -> None:
    i18n.use_language(language)
    assert i18n._("Epochs") == "Epochs"
    assert i18n.ngettext("{count} file", "{count} files", 1) == "{count} file"
    assert i18n.ngettext("{count} file", "{count} files", 2) == "{count} files"
    assert not i18n.is_translated()


def test_the_language_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRANSFERGUI_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert i18n.system_language() == "zh_CN"
    monkeypatch.setenv("LANGUAGE", "fr:en")
    assert i18n.system_language() == "fr"
    monkeypatch.setenv("TRANSFERGUI_LANGUAGE", "pl")
    assert i18n.system_language() == "pl"


def test_the_plain_c_locale_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRANSFERGUI_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setattr(i18n.locale, "getlocale", lambda: (None, None))
    assert i18n.system_language() == "en"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_duration(seconds: float, text: str) -> None:
    assert i18n.duration(seconds) == text


@pytest.mark.parametrize(
    ("noun", "counter"),
    [("pictures", "张"), ("recordings", "段"), ("texts", "条"), ("samples", "个")],
)
def test_chinese_counts_each_noun_with_its_counter(noun: str, counter: str) -> None:
    i18n.use_language("zh_CN")
    values = {"noun": noun, "hits": 29, "n": 34, "right": "85"}
    said = messages.sentence("report.accuracy", values)
    assert f"34 {counter}测试{i18n._(noun)}中，29 {counter}预测正确（85%）" in said
    said = messages.sentence("check.quality_dark", {"noun": noun, "count": 3, "total": 100})
    assert f"100 {counter}{i18n._(noun)}中有 3 {counter}" in said
    said = messages.sentence("data.one_class", {"noun": noun, "name": "3 个图片"})
    assert "只找到一个类别（3 个图片），至少需要两个。" in said


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_thousands_are_told_apart_in_every_text(language: str) -> None:
    i18n.use_language(language)
    values = {"count": 1_000_000, "noun": "pictures"}
    assert "1,000,000 " in messages.sentence("added.only_kept", values)
    many = i18n.ngettext("{count} class", "{count} classes", 12_345).format(count=12_345)
    assert "12,345" in many and i18n.grouped(12_345) == "12,345"
    counted = i18n._("{count} {noun}").format(count=np.int64(4_096), noun="x")
    assert "4,096" in counted
    busy = messages.sentence("run.busy", {"pid": 12_345, "host": "h"})
    assert "12345" in busy  # no amount
    assert "8" in i18n._("{count} {noun}").format(count=8, noun="x")
