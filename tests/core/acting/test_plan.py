"""What is planned with the files of predictions, without touching one."""

import json
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.acting.made_acts import contents, made, model, planned
from tests.core.made_answers import FOUND, said_by
from tests.core.reading.sources.test_shards import packed
from transfergui.core.acting.carry_out import carry_out
from transfergui.core.acting.plan import ActOptions, plan
from transfergui.core.acting.record import Record
from transfergui.core.base import paths
from transfergui.core.base.errors import UserError
from transfergui.core.data.dataset import Problem
from transfergui.core.data.doubt import UNLIKE
from transfergui.core.data.rows import OwnRow
from transfergui.core.data.targets import NUMBER, ONE_CLASS, SEVERAL_LABELS, SEVERAL_QUESTIONS
from transfergui.core.evaluation.prediction import Prediction
from transfergui.core.reading.sources.shard_index import index_of


def targets(act: object, to: Path) -> list[str]:
    return [str(Path(step.target).relative_to(to)) for step in act.steps]  # type: ignore[attr-defined]


def test_a_plan_touches_nothing_and_counts_all(tmp_path: Path) -> None:
    names = {"1.jpg": "a", "2.jpg": "b", "below/1.JPG": "a", "3.jpg": "?", "4.jpg": "b"}
    predictions = made(tmp_path / "in", names)
    predictions[4] = replace(predictions[4], doubt=UNLIKE)
    predictions.append(
        Prediction(tmp_path / "5.jpg", problem=Problem("predict.missing", path="5.jpg"))
    )
    before, out = contents(tmp_path), tmp_path / "out"
    act = planned([*predictions, predictions[0]], out)
    assert contents(tmp_path) == before
    assert not out.exists()
    apart = ["_not_sure/3.jpg", "_unlike/4.jpg"]
    assert targets(act, out) == ["a/1.jpg", "b/2.jpg", "a/1 (2).JPG", *apart]
    assert act.folders == {"a": 2, "b": 1, "_not_sure": 1, "_unlike": 1}
    assert list(act.folders) == ["a", "b", "_not_sure", "_unlike"]
    assert [each.code for each in act.left] == ["predict.missing"]
    assert (act.files, act.renamed, act.needed, act.there) == (5, 1, 5 * 4096, 0)
    assert act.free is not None
    assert planned(predictions, out, threshold=0).folders["a"] == 3


def test_what_was_copied_before_is_not_copied_again(tmp_path: Path) -> None:
    predictions = made(tmp_path / "in", {"1.jpg": "a", "2.jpg": "b"})
    for name, text in (("a/1.jpg", b"1.jpg" * 50), ("b/2.jpg", b"x")):
        path = tmp_path / "out" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(text)
    act = planned(predictions, tmp_path / "out")
    assert (act.there, targets(act, tmp_path / "out")) == (1, ["b/2 (2).jpg"])


def test_files_that_are_not_the_users_own_are_only_copied(tmp_path: Path) -> None:
    (zipped,) = made(paths.cache_dir() / "unzipped", {"1.jpg": "a"})
    zipped = replace(zipped, name=Path("photos.zip/1.jpg"))
    link = tmp_path / "2.jpg"
    link.symlink_to(made(tmp_path / "in", {"2.jpg": "a"})[0].path)
    linked = replace(zipped, path=link, name=None)
    assert planned([zipped, linked], tmp_path / "out").files == 2
    for options in ({"how": "move"}, {"name": "{class}"}):
        to = tmp_path / "out" if "how" in options else ""
        act = planned([zipped, linked], to, **options)
        assert [each.code for each in act.left] == ["act.in_archive", "act.is_link"]
    assert [each.code for each in planned([zipped], tmp_path, how="link").left] == [
        "act.in_archive"
    ]


def test_a_file_that_changed_since_it_was_predicted_stays(tmp_path: Path) -> None:
    (one,) = made(tmp_path / "in", {"1.jpg": "a"})
    act = planned([replace(one, version=(1, 2))], tmp_path / "out")
    assert [each.code for each in act.left] == ["act.changed"]


def test_of_several_labels_the_surest_counts_or_each(tmp_path: Path) -> None:
    made(tmp_path, {"1.jpg": "a", "2.jpg": "a"})
    both = said_by(SEVERAL_LABELS, str(tmp_path / "1.jpg"), (0.8, 0.95))
    none = said_by(SEVERAL_LABELS, str(tmp_path / "2.jpg"), (0.1, 0.05))
    out, labels = tmp_path / "out", model(SEVERAL_LABELS)
    options = ActOptions(to=str(out))
    assert targets(plan(labels, [both, none], options), out) == ["odd/1.jpg", "_no_label/2.jpg"]
    options = ActOptions(to=str(out), labels="each")
    assert targets(plan(labels, [both], options), out) == ["odd/1.jpg", "high/1.jpg"]
    with pytest.raises(UserError) as raised:
        plan(labels, [both], ActOptions(to=str(out), labels="each", how="move"))
    assert raised.value.code == "act.each_copied"


def test_of_several_questions_one_counts(tmp_path: Path) -> None:
    made(tmp_path, {"1.jpg": "a"})
    columns = len(FOUND[SEVERAL_QUESTIONS].classes)
    answers = np.eye(columns)[1] * 0.9 + np.eye(columns)[2] * 0.9 + 0.05
    one = said_by(SEVERAL_QUESTIONS, str(tmp_path / "1.jpg"), tuple(answers))
    out, questions = tmp_path / "out", model(SEVERAL_QUESTIONS)
    assert targets(plan(questions, [one], ActOptions(to=str(out))), out) == ["high/1.jpg"]
    options = ActOptions(to=str(out), question="parity")
    assert targets(plan(questions, [one], options), out) == ["e/1.jpg"]
    with pytest.raises(UserError) as raised:
        plan(questions, [one], ActOptions(to=str(out), question="colour"))
    assert raised.value.code == "act.question"


def test_a_number_is_no_folder_but_may_be_a_name(tmp_path: Path) -> None:
    made(tmp_path, {"1.jpg": "a"})
    one = said_by(NUMBER, str(tmp_path / "1.jpg"), (12.5,))
    with pytest.raises(UserError) as raised:
        plan(model(NUMBER), [one], ActOptions(to=str(tmp_path / "out")))
    assert raised.value.code == "act.number"
    act = plan(model(NUMBER), [one], ActOptions(name="{class} {name}"))
    assert targets(act, tmp_path) == ["12.5 1.jpg"]


def test_rows_of_a_table_become_a_table_per_class(tmp_path: Path) -> None:
    own = OwnRow(("text",), ("=good",))
    rows = [
        replace(said_by("one_class", f"{tmp_path}/reviews.csv#{n}", (0.9, 0.1)), own=(own,))
        for n in (2, 3)
    ]
    texts = model(modality="text")
    act = plan(texts, rows, ActOptions(to=str(tmp_path / "out")))
    assert targets(act, tmp_path / "out") == ["a.csv"]
    assert act.folders == {"a": 2}
    header, first, _second = act.steps[0].text.splitlines()
    assert header.startswith("text,path,label,confidence")
    assert first.startswith("'=good,")
    with pytest.raises(UserError) as raised:
        plan(texts, rows, ActOptions(to=str(tmp_path / "out"), how="move"))
    assert raised.value.code == "act.rows_copied"
    assert [p.code for p in plan(texts, rows, ActOptions(name="{class}")).left] == [
        "act.is_row",
        "act.is_row",
    ]


def test_pieces_of_a_recording_count_as_the_whole(tmp_path: Path) -> None:
    made(tmp_path, {"long.wav": "a", "short.wav": "a", "torn.wav": "a"})
    said = [
        said_by("one_class", f"{tmp_path}/{name}", (0.9, 0.1))
        for name in ("long.wav#0", "long.wav#5000", "long.wav", "short.wav#0")
    ]
    said[2] = replace(said[2], parts=2)
    torn = [said_by("one_class", f"{tmp_path}/torn.wav#{at}", (0.9, 0.1)) for at in (0, 5000)]
    act = plan(model(modality="audio"), [*said, *torn], ActOptions(to=str(tmp_path / "out")))
    assert targets(act, tmp_path / "out") == ["a/long.wav", "a/short.wav"]
    assert [Path(each.path).name for each in act.left] == ["torn.wav"]


def test_a_json_file_says_what_was_predicted(tmp_path: Path) -> None:
    predictions = made(tmp_path / "in", {"1.jpg": "a", "3.jpg": "?"})
    out = tmp_path / "out"
    act = planned(predictions, out, sidecars="copies", model="beetles")
    assert targets(act, out) == [
        "a/1.jpg", "a/1.jpg.json", "_not_sure/3.jpg", "_not_sure/3.jpg.json",
    ]  # fmt: skip
    told = json.loads(act.steps[3].text)
    assert (told["file"], told["prediction"], told["reason"]) == ("3.jpg", "a", "unsure")
    assert told["answers"] == {"a": 0.55, "b": 0.45}
    aside = planned(predictions, sidecars=str(out))
    assert targets(aside, out) == ["1.jpg.json", "3.jpg.json"]
    with pytest.raises(UserError) as raised:
        planned(predictions, sidecars="copies")
    assert raised.value.code == "act.no_beside"


@pytest.mark.parametrize("pattern", ["plain", "{colour}", "{class!r}", "{number:4}", "{class"])
def test_only_known_fields_stand_in_a_pattern(pattern: str) -> None:
    with pytest.raises(UserError) as raised:
        planned([], name=pattern)
    assert raised.value.code == "act.pattern"


@pytest.mark.parametrize("how", ["copy", "link"])
def test_what_was_sorted_before_is_not_sorted_as_new(tmp_path: Path, how: str) -> None:
    predictions = made(tmp_path / "in", {"1.jpg": "a", "2.jpg": "b"})
    out = tmp_path / "in" / "sorted"
    act = planned(predictions, out, how=how)
    with Record.create(act.to) as record:
        carry_out(act, record)
    found = [replace(predictions[0], path=Path(step.target)) for step in act.steps]
    again = planned([*found, *predictions], out, how=how)
    assert (again.steps, again.there) == ((), 4)
    alone = planned(found, out, how="move")  # sorted anew: now both are of class a
    assert targets(alone, out) == ["a/2.jpg"]


def test_a_table_that_was_written_is_not_read_as_new(tmp_path: Path) -> None:
    texts, out = model(modality="text"), tmp_path / "sorted"
    rows = [said_by("one_class", f"{tmp_path}/reviews.csv#2", (0.9, 0.1))]
    act = plan(texts, rows, ActOptions(to=str(out)))
    with Record.create(act.to) as record:
        carry_out(act, record)
    written = said_by("one_class", f"{out}/a.csv#2", (0.9, 0.1))
    again = plan(texts, [*rows, written], ActOptions(to=str(out)))
    assert (again.folders, again.there) == ({"a": 1}, 1)
    assert plan(texts, [written], ActOptions(to=str(out))).folders == {"a": 1}


def test_pictures_in_a_tar_are_copied_out_of_it_only(tmp_path: Path) -> None:
    """Also a single one, which is no part of a recording that the tar would be."""
    long = f"in/{'é' * 110}.jpg"
    tar = packed(tmp_path / "x.tar", {"1.jpg": b"one", long: b"two"}, tarfile.PAX_FORMAT)
    found = index_of(tar, {".jpg"}).rows
    sure = (0.9, 0.1)
    predictions = [said_by(ONE_CLASS, f"{tar}#{row.offset}", sure) for row in found]
    for how in ("move", "link"):
        act = planned(predictions[:1], tmp_path / "out", how=how)
        assert (act.steps, [each.code for each in act.left]) == ((), ["act.in_archive"])
    act = planned(predictions, tmp_path / "out")
    with Record.create(act.to) as record:
        assert carry_out(act, record).done == 2
    copied = {path.name: path.read_bytes() for path in (tmp_path / "out" / "a").iterdir()}
    assert copied == {"1.jpg": b"one", long.removeprefix("in/"): b"two"}
    assert planned(predictions, tmp_path / "out").there == 2
