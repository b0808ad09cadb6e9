"""Corrections of data with several labels, several questions or a number."""

from pathlib import Path

import pytest

from transfergui.core.base.errors import UserError
from transfergui.core.data import corrections
from transfergui.core.data.applied_corrections import corrected
from transfergui.core.data.dataset import Conflict, DataOptions, Dataset, Problem, Sample, singles
from transfergui.core.data.targets import Targets, of_labels, of_numbers, of_questions


def dataset(targets: Targets, *texts: str, classes: tuple[str, ...]) -> Dataset:
    samples = tuple(Sample(f"{n}.jpg", classes.index(text)) for n, text in enumerate(texts))
    return Dataset(Path("/d"), Path("/d"), "image", classes, samples, targets=targets)


LABELS = ("(none)", "cat", "cat; dog", "dog")
QUESTIONS = ("blue · big", "red · ?", "red · small")
NUMBERS = ("0.5", "2", "10")


def of_tags(*texts: str) -> Dataset:
    return dataset(of_labels(LABELS, ("cat", "dog")), *texts, classes=LABELS)


def of_answers(*texts: str) -> Dataset:
    answers = (("blue", "red"), ("big", "small"))
    targets = of_questions(QUESTIONS, ("colour", "size"), answers)
    return dataset(targets, *texts, classes=QUESTIONS)


def of_weights(*texts: str) -> Dataset:
    return dataset(of_numbers(NUMBERS, "weight", "kg"), *texts, classes=NUMBERS)


def said(found: Dataset) -> list[str]:
    return [found.classes[s.label] for s in found.samples]


def values(found: Dataset) -> list[tuple[float, ...]]:
    return [found.targets.values[s.label] for s in found.samples]


# -- several labels


def test_a_sample_gets_other_labels_in_any_order() -> None:
    found = corrected(of_tags(*LABELS), DataOptions(relabel={"0.jpg": "dog; cat ;dog"}))
    assert said(found) == ["cat; dog", "cat", "cat; dog", "dog"]
    none = corrected(of_tags(*LABELS), DataOptions(relabel={"2.jpg": "(none)"}))
    assert said(none)[2] == "(none)"


def test_a_new_label_comes_last_and_one_that_nobody_has_goes() -> None:
    change = DataOptions(relabel={"1.jpg": "mouse; cat", "2.jpg": "cat", "3.jpg": "mouse"})
    found = corrected(of_tags(*LABELS), change)
    assert found.targets.names == ("cat", "mouse")
    assert values(found) == [(), (0, 1), (0,), (1,)]
    assert said(found) == ["(none)", "cat; mouse", "cat", "mouse"]


def test_a_label_gets_another_name_in_every_combination() -> None:
    found = corrected(of_tags(*LABELS), DataOptions(rename={"dog": "hound"}))
    assert said(found) == ["(none)", "cat", "cat; hound", "hound"]
    assert found.targets.names == ("cat", "hound")
    one = corrected(of_tags(*LABELS), DataOptions(rename={"dog": "cat"}))
    assert said(one) == ["(none)", "cat", "cat", "cat"]
    assert one.targets.names == ("cat",)


def test_what_is_excluded_is_gone() -> None:
    found = corrected(of_tags(*LABELS), DataOptions(exclude=("2.jpg", "3.jpg")))
    assert (said(found), found.targets.names) == (["(none)", "cat"], ("cat",))


def test_labels_are_counted_and_a_single_one_is_told() -> None:
    data = of_tags("cat", "cat; dog", "cat", "(none)")
    assert data.members == {"cat": 3, "dog": 1}
    assert [(p.code, p.path) for p in singles(data)] == [("data.single_member", "dog")]
    assert all(p.sentence() for p in singles(data))
    again = corrected(data, DataOptions(relabel={"0.jpg": "cat; dog"}))
    assert again.problems == ()


# -- several questions


def test_a_sample_gets_other_answers() -> None:
    change = DataOptions(relabel={"1.jpg": "green · small", "2.jpg": "? · big"})
    found = corrected(of_answers(*QUESTIONS), change)
    assert said(found) == ["blue · big", "green · small", "? · big"]
    assert found.targets.answers == (("blue", "green"), ("big", "small"))
    assert values(found) == [(0, 0), (1, 1), (-1, 0)]


@pytest.mark.parametrize("text", ["red", "red · big · old"])
def test_too_few_or_too_many_answers_are_refused(text: str) -> None:
    with pytest.raises(UserError) as refused:
        corrected(of_answers(*QUESTIONS), DataOptions(relabel={"0.jpg": text}))
    assert refused.value.code == "data.no_answers"
    assert "colour · size" in str(refused.value)


def test_an_answer_gets_another_name() -> None:
    for key in ("colour: red", "red"):
        found = corrected(of_answers(*QUESTIONS), DataOptions(rename={key: "rose"}))
        assert said(found) == ["blue · big", "rose · ?", "rose · small"]
        assert found.targets.answers == (("blue", "rose"), ("big", "small"))
    assert found.members == {
        "colour: blue": 1,
        "colour: rose": 2,
        "size: big": 1,
        "size: small": 1,
    }


# -- a number


def test_a_sample_gets_another_number() -> None:
    found = corrected(of_weights(*NUMBERS), DataOptions(relabel={"0.jpg": "3.50"}))
    assert said(found) == ["3.5", "2", "10"]
    assert found.classes == ("2", "3.5", "10")
    assert found.targets == of_numbers(("2", "3.5", "10"), "weight", "kg")


@pytest.mark.parametrize("text", ["heavy", "nan", "inf", "3,5 kg"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(UserError) as refused:
        corrected(of_weights(*NUMBERS), DataOptions(relabel={"0.jpg": text}))
    assert refused.value.code == "data.no_number"
    assert text in str(refused.value)


# -- kept beside the data


def test_a_conflict_is_settled_by_combinations() -> None:
    data = of_tags("cat", "dog")
    twins = (Sample("8.jpg", 0), Sample("9.jpg", 0))
    conflict = Conflict(twins, ("cat", "dog"))
    problem = Problem("data.two_classes", {"other": "9.jpg"}, path="8.jpg")
    data = Dataset(
        data.source, data.root, "image", LABELS, data.samples, (problem,),
        targets=data.targets, conflicts=(conflict,),
    )  # fmt: skip
    change = DataOptions(relabel={"8.jpg": "dog; cat", "9.jpg": "cat; dog"})
    found = corrected(data, change)
    assert said(found) == ["cat", "dog", "cat; dog", "cat; dog"]
    assert {s.group for s in found.samples[2:]} == {"8.jpg"}
    merged = corrected(data, DataOptions(rename={"dog": "cat"}))
    assert said(merged) == ["cat"] * 4


def test_corrections_of_labels_and_answers_are_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections.paths, "settings_dir", lambda: tmp_path / "settings")
    for at, (data, name, text) in enumerate((
        (of_tags(*LABELS), "dog", "cat; dog"),
        (of_answers(*QUESTIONS), "colour: red", "red · big"),
        (of_answers(*QUESTIONS), "red", "red · big"),
    )):  # fmt: skip
        root = tmp_path / str(at)
        root.mkdir()
        for sample in data.samples:
            (root / sample.path).write_text(sample.path)
        here = Dataset(root, root, "image", data.classes, data.samples, targets=data.targets)
        change = DataOptions(rename={name: "other"}, relabel={"0.jpg": text})
        corrections.save(here, corrections.of_options(change).values())
        found = corrections.find(here)
        assert {each.path for each in found.usable} == {name, "0.jpg"}
        applied = corrections.applied(DataOptions(), found.usable)
        assert corrected(here, applied) == corrected(here, change)
