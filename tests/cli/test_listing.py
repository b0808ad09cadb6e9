import json
from pathlib import Path

import pytest

from transfergui.cli import listing, main
from transfergui.core import registry


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("kind", listing.LISTS)
def test_every_list_in_both_forms(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(printed(capsys, "list", kind, "--json"))
    text = printed(capsys, "list", kind)
    assert rows
    assert all(row["key"] in text for row in rows)
    assert len(text.splitlines()) == 1 + len(rows)


def test_backbones_say_what_the_contract_promises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vgg16.pth").write_bytes(b"x")
    monkeypatch.setenv("TRANSFERGUI_WEIGHTS", str(tmp_path))
    listed = json.loads(printed(capsys, "list", "backbones", "--json"))
    rows = {r["key"]: r for r in listed}
    assert len(rows) == len(listed)
    every = {row.key for modality in registry.MODALITIES for row in modality.backbones()}
    assert set(rows) == every
    assert rows["tgnet"]["modalities"] == ["image", "audio"]
    assert rows["minilm"]["modalities"] == ["text"]
    assert rows["vgg16"]["on_disk"] is True
    assert rows["mobilenet_v2"]["on_disk"] is False
    assert (rows["tgnet"]["weights"], rows["tgnet"]["on_disk"]) == ("built-in", True)
    assert rows["mobilenet_v2"]["size"] == 224
    assert rows["mobilenet_v2"]["params"] == 3_504_872
    assert rows["mobilenet_v2"]["download_bytes"] > 10**6
