"""Pictures written as WebDataset shards are read back as they were."""

from pathlib import Path

import pytest

from tests.core.reading.sources.test_shards import picture
from transfergui.cli import main
from transfergui.core.base import files, shards
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import DataOptions, Dataset
from transfergui.core.labelling.shards import write
from transfergui.core.modalities.image.files import scan


def made(root: Path, count: int = 5) -> Path:
    for place, name in enumerate(("hare", "red fox")):
        (root / name).mkdir(parents=True)
        for at in range(count):
            ending, kind = ("jpeg", "JPEG") if at % 2 else ("PNG", "PNG")
            data = picture(100 * place + at, kind)
            (root / name / f"{at}.{ending}").write_bytes(data)
    return root


def content(dataset: Dataset) -> set[tuple[str, bytes]]:
    found = set()
    for sample in dataset.samples:
        path = dataset.root / sample.path
        data = shards.read(path) if shards.is_member(path) else path.read_bytes()
        found.add((dataset.classes[sample.label], data))
    return found


def test_what_is_written_is_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = scan(DataOptions(path=str(made(tmp_path / "in", 20))))
    once, twice = tmp_path / "once", tmp_path / "twice"
    for source, out in ((tmp_path / "in", once), (once, twice)):
        assert main(["scan", str(source), "--export", str(out), "--as", "webdataset"]) == 0
        capsys.readouterr()
        after = scan(DataOptions(path=str(out)))
        assert content(after) == content(before)
        assert {s.split for s in after.samples} == {"train", "val", "test"}
    assert main(["scan", str(once), "--export", str(twice), "--as", "webdataset"]) != 0
    assert "shards.folder_in_use" in capsys.readouterr().err


def test_shards_have_their_size_and_nothing_half_done_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = scan(DataOptions(path=str(made(tmp_path / "in"))))
    (tmp_path / "in" / "hare" / "0.PNG").unlink()
    written = write(dataset, {}, tmp_path / "out", shard_bytes=5000)
    assert [path.name for path in written.paths[:2]] == ["data-000000.tar", "data-000001.tar"]
    assert [problem.code for problem in written.left] == ["act.gone"]
    assert written.counts == {"data": 9}
    with pytest.raises(UserError) as refused:
        write(dataset, {}, tmp_path / "in" / "out")
    assert refused.value.code == "labelling.into_data"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "write_atomic", full)
    with pytest.raises(UserError) as refused:
        write(dataset, {}, tmp_path / "full")
    assert refused.value.code == "disk.full"
    assert not (tmp_path / "full").exists()
