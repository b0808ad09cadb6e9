import numpy as np
import pytest

from transfergui.core import registry
from transfergui.core.base.notes import Note
from transfergui.core.data.dataset import Problem
from transfergui.core.evaluation import figure_words, words
from transfergui.core.evaluation.beside import Beside, OtherTest
from transfergui.core.figures import metrics, one_class
from transfergui.core.figures.metrics import Baseline

IMAGE = registry.modality("image")


def remarks(truth, answers, train_counts=None, classes="abc", sure=1.0, **more):
    eye = np.eye(len(classes))[answers]
    probabilities = sure * eye + (1 - sure) * (1 - eye) / (len(classes) - 1)
    report = one_class.measure(truth, probabilities, classes, train_counts=train_counts, **more)
    return {r.code: r for r in words.notes(report, IMAGE)}


EVEN = [0, 1, 2] * 30


def test_the_interval_holds_the_figure_that_it_belongs_to():
    said = remarks([0, 1] * 250, [1, 1, *[0, 1] * 249], classes="ab", sure=0.9)
    assert "between 99 % and 100 %" in said["report.interval"].sentence()


def test_a_good_result_in_words():
    said = remarks(EVEN, [1, 2, 0, *EVEN[3:]], [40, 50, 40], sure=0.9)
    assert list(said) == [
        "report.accuracy",
        "report.baseline",
        "report.interval",
        "report.confused",
    ]
    assert "87 of 90 test pictures correct (97 %)" in said["report.accuracy"].sentence()
    assert "90 test pictures" in said["report.interval"].sentence()
    assert "between 91 % and 99 %" in said["report.interval"].sentence()
    assert said["report.baseline"].level == "good"
    assert "most frequent class, “b” (33 %)" in said["report.baseline"].sentence()
    assert "“a” predicted as “b” (1 of 30)" in said["report.confused"].sentence()


def test_a_single_error_is_said_to_be_the_only_one():
    said = remarks(EVEN, [1, *EVEN[1:]], [40, 50, 40], sure=0.9)
    assert said["report.only_error"].values["label"] == "b"


def test_always_answering_one_class_is_told_so():
    said = remarks(EVEN, [1] * 90, [40, 50, 40], sure=0.4)
    assert said["report.no_better"].level == "warning"
    assert "“b”" in said["report.no_better"].sentence()


def test_a_test_of_one_class_tells_nothing():
    """Always predicting the commonest training class would be right in none of these."""
    said = remarks([1] * 20, [1] * 20, [40, 10, 0])
    assert "report.baseline" not in said
    assert said["report.one_class_tested"].level == "warning"
    assert "All 20 test pictures belong to “b”" in said["report.one_class_tested"].sentence()


def test_a_tiny_uneven_test_is_compared_with_its_own_commonest_class():
    said = remarks([1] * 9 + [0], [1] * 8 + [0, 0], [40, 30, 30])
    assert said["report.no_better"].values["baseline"] == 90
    assert "class, “b” (90 %)" in said["report.no_better"].sentence()


def test_what_was_left_out_of_an_evaluation_is_counted_and_named():
    said = remarks([0, 1], [0, 1], unknown_classes={"45": 12, "60": 3}, trained_on=None)
    text = said["evaluate.unknown_classes"].sentence()
    assert text.startswith("15 of 17 pictures are left out")
    assert "“45” (12), “60” (3)" in text
    assert said["evaluate.unknown_classes"].level == "warning"
    assert "could not check" in said["evaluate.unchecked"].sentence()
    said = remarks([0, 1], [0, 1], matched_classes={"A ": "a"}, trained_on=1)
    assert "“A ” = “a”" in said["evaluate.matched_classes"].sentence()
    assert said["evaluate.learnt_from"].sentence().startswith("One of these 2 pictures was used")
    said = remarks([], np.empty(0, int), unknown_classes={"x": 4})
    assert list(said) == ["report.nothing", "evaluate.unknown_classes"]


def test_groups_that_were_divided_are_told():
    why = Problem(
        "split.one_group", {"noun": "pictures", "groups": "camera1"}, path=".", left_out=False
    )
    said = remarks(EVEN, EVEN, [40, 50, 40], ungrouped=why)
    assert said["split.one_group"].level == "warning"
    assert "(camera1)" in said["split.one_group"].sentence()


def test_a_result_within_the_noise_of_the_baseline_is_told_so():
    said = remarks([0, 0, 1, 1, 2], [0, 0, 1, 0, 0], [9, 8, 8])
    assert said["report.maybe_no_better"].level == "warning"
    assert said["report.few"].level == "warning"


def test_uneven_classes_put_balanced_accuracy_first():
    truth = [0] * 97 + [1] * 2 + [2]
    said = remarks(truth, [0] * 100, [1000, 20, 10])
    assert next(iter(said)) == "report.balanced"
    assert said["report.balanced"].values["right"] == 33
    assert said["report.balanced_plain"].values["right"] == 97
    assert "report.no_better" in said


def test_a_thousand_to_one_puts_balanced_accuracy_first():
    said = remarks([0] * 1000 + [1], [0] * 1001, [1000, 1], classes="ab")
    assert list(said)[:3] == ["report.balanced", "report.balanced_plain", "report.no_better"]
    assert said["report.balanced"].values["right"] == 50
    assert said["report.balanced_plain"].values["right"] == 99


def test_uneven_classes_that_are_told_apart_are_better_than_the_majority():
    truth = [0] * 97 + [1] * 2 + [2]
    assert remarks(truth, truth, [1000, 20, 10])["report.baseline"].level == "good"


def test_samples_that_are_not_new_to_the_network_are_told():
    assert "report.seen_before" not in remarks(EVEN, EVEN)
    said = remarks(EVEN, EVEN, seen_before=12)["report.seen_before"]
    assert said.level == "warning"
    assert said.sentence().startswith("12 of these pictures were used to train")


def test_classes_without_samples_are_named():
    names = [f"class {i}" for i in range(9)]
    said = remarks([0, 1], [0, 1], classes=names)
    assert said["report.untested"].values["count"] == 7
    assert said["report.untested"].sentence().count("class ") == figure_words.NAMED


def test_too_sure():
    assert "report.too_sure" in remarks(EVEN, [0] * 90)
    assert "report.too_sure" not in remarks(EVEN, EVEN)


def test_without_samples_one_warning():
    said = remarks([], np.empty(0, int), [3, 2, 1])
    assert [(r.code, r.level) for r in said.values()] == [("report.nothing", "warning")]


def test_validation_figures_are_called_so():
    assert remarks(EVEN, EVEN, measured_on="val")["report.validation"].level == "warning"


def test_one_picture_has_no_interval():
    said = remarks([0], [0])
    assert "report.interval" not in said
    assert "few pictures (1)" in said["report.few"].sentence()


@pytest.mark.parametrize(
    ("share", "text"), [(0, 0), (1e-6, 1), (0.126, 13), (0.9999, 99), (1, 100)]
)
def test_all_and_none_are_said_only_when_true(share, text):
    assert figure_words.of_hundred(share) == text


RIGHT_OF_HUNDRED = [0, 1] * 50


def beside_a_simple_method(right, simple, frozen=False):
    """What is said of ``right`` of 100 right answers beside a simple method's ``simple``."""
    answers = [(1 - t if i >= right else t) for i, t in enumerate(RIGHT_OF_HUNDRED)]
    baselines = [Baseline("Guessing", 0.5, 100), Baseline("Words", simple, 100)]
    found = remarks(
        RIGHT_OF_HUNDRED, answers, [9, 9], "ab", 0.9, baselines=baselines, frozen=frozen
    )
    return [r for r in found.values() if "Words" in r.sentence()]


def test_a_transfer_that_gained_something_is_told():
    (said,) = beside_a_simple_method(95, 0.81)
    assert said.level == "good"
    assert said.sentence().startswith("Transfer learning helped: +14 points over Words on the same")
    assert "(81 %)" in said.sentence()


@pytest.mark.parametrize("right", [81, 76])
def test_a_transfer_that_gained_nothing_is_told(right):
    """Within the chance of the simple method's figure."""
    (frozen,) = beside_a_simple_method(right, 0.81, frozen=True)
    (tuned,) = beside_a_simple_method(right, 0.81)
    assert (frozen.level, tuned.level) == ("warning", "warning")
    assert "Try fine-tuning" in frozen.sentence()
    assert ("not clearly better" if right == 81 else "not better") in tuned.sentence()
    assert "fine-tuning" not in tuned.sentence()


def test_what_so_few_samples_cannot_tell_is_not_claimed():
    """Six of nine against three of nine is chance, although it is twice as many."""
    answers = [0, 1, 2, 0, 1, 2, 1, 2, 0]
    baselines = [Baseline("Words", 1 / 3, 9)]
    found = remarks([0, 1, 2] * 3, answers, [9, 9, 9], sure=0.9, baselines=baselines)
    said = found["report.maybe_worth_it"].sentence()
    assert "33 % of the same pictures correct; this model: 67 %" in said
    assert "With 9 test pictures, the difference may be chance" in said
    assert "report.worth_it" not in found
    (within,) = beside_a_simple_method(85, 0.81)
    assert within.code == "report.maybe_worth_it"


def test_a_gain_is_the_difference_of_the_exact_figures():
    """Of 300, 200 and 100 are 67 and 33 of 100 when rounded, and 33.3 apart."""
    answers = [truth if i < 200 else 1 - truth for i, truth in enumerate([0, 1] * 150)]
    baselines = [Baseline("Words", 1 / 3, 300)]
    found = remarks([0, 1] * 150, answers, [9, 9], "ab", 0.9, baselines=baselines)
    assert "+33 points over" in found["report.worth_it"].sentence()


def test_whose_weights_these_are_is_told_where_it_surprises():
    kept = metrics.BestEpoch(epoch=3, phase="Head", later=4, untouched=True)
    said = remarks(EVEN, EVEN, sure=0.9, moment=kept)
    assert "when only the head had been trained" in said["moment.untouched"].sentence()
    higher = metrics.BestEpoch(epoch=3, accuracy=0.9, highest=0.95, highest_epoch=7)
    assert not [c for c in remarks(EVEN, EVEN, sure=0.9, moment=higher) if "moment" in c]
    usual = metrics.BestEpoch(epoch=3, accuracy=0.9)
    assert not [c for c in remarks(EVEN, EVEN, sure=0.9, moment=usual) if "moment" in c]


@pytest.mark.parametrize(
    ("joined", "code", "text"),
    [
        (
            {"count": 1, "together": 0.8, "best": 0.8},
            "soup.alone",
            "80.0 % of the validation pictures correct",
        ),
        ({"count": 2, "together": 0.85, "best": 0.8}, "soup.better", "85.0 % of the validation"),
        ({"count": 2, "together": 0.8, "best": 0.8}, "soup.as_good", "gained little"),
        (
            {"count": 2, "together": 0.8, "best": 0.8, "less_sure": True},
            "soup.less_sure",
            "That run may be the better",
        ),
        ({"count": 2}, "soup.unchecked", "no validation pictures"),
    ],
)
def test_what_came_of_putting_trainings_together_is_told(joined, code, text):
    found = remarks(EVEN, EVEN, sure=0.9, joined=metrics.EnsembleSummary(of=3, **joined))
    assert text in found[code].sentence()


def test_a_student_is_compared_with_its_teacher():
    teacher = metrics.Teacher(
        title="ViT", params=86_000_000, own=1_500_000, answers=True, accuracy=0.5
    )
    said = remarks(EVEN, EVEN, sure=0.9, teacher=teacher)["report.teacher"].sentence()
    assert "Student: 90 of 90 test pictures correct (100 %), 1.5 million parameters" in said
    assert "Teacher, ViT: 45 correct (50 %), 86.0 million parameters" in said


@pytest.mark.parametrize(
    ("answers", "code"), [(True, "report.teacher_elsewhere"), (False, "report.teacher_silent")]
)
def test_why_a_student_cannot_be_compared_with_its_teacher_is_said(answers, code):
    teacher = metrics.Teacher(title="ViT", params=9, own=9, answers=answers)
    found = remarks(EVEN, EVEN, sure=0.9, teacher=teacher)
    assert found[code].sentence().startswith("The teacher, ViT,")


def test_where_nothing_was_transferred_nothing_is_said_to_have_been_worth_it():
    found = remarks(
        EVEN, EVEN, [9, 9, 9], sure=0.9, baselines=[Baseline("Words", 0.5, 9)], transferred=False
    )
    said = found["report.nothing_transferred"].sentence()
    assert said.startswith("No pretrained backbone was used. Words, ")
    assert not [code for code in found if "worth_it" in code or "worse" in code]


def test_without_a_simple_method_nothing_is_said_of_one():
    assert not [c for c in remarks(EVEN, EVEN, [9, 9, 9], sure=0.9) if "worth_it" in c]


def grouping(grouped_by, other_by=None, other_right=0):
    """What is said of 100 right answers; the other training got ``other_right`` of 100."""
    eye = np.eye(2)
    truth = RIGHT_OF_HUNDRED
    report = one_class.measure(truth, eye[truth], "ab", grouped_by=grouped_by)
    other = None
    if other_by is not None:
        answers = [(1 - t if i >= other_right else t) for i, t in enumerate(truth)]
        other = one_class.measure(truth, eye[answers], "ab", grouped_by=other_by)
    return {
        r.code: r.sentence() for r in words.notes(report, IMAGE, Beside(other)) if "group" in r.code
    }


def test_what_a_random_division_means_is_told():
    said = grouping("")
    assert "Expect more errors" in said["report.not_grouped"]
    assert list(grouping("george, jackson")) == ["report.grouped"]
    assert "by george, jackson:" in grouping("george, jackson")["report.grouped"]
    assert grouping(None) == {}


def test_divided_at_random_and_kept_together_stand_side_by_side():
    at_random = grouping("", "george, jackson", 70)["report.grouped_beside"]
    assert "Random split: 100 %. Grouped by george, jackson: 70 %" in at_random


def test_the_same_from_the_other_side():
    eye, truth = np.eye(2), RIGHT_OF_HUNDRED
    report = one_class.measure(truth, eye[truth], "ab", grouped_by="george")
    other = one_class.measure(truth, eye[truth], "ab", grouped_by="")
    said = {r.code: r.sentence() for r in words.notes(report, IMAGE, Beside(other))}
    assert "Grouped by george: 100 %. Random split" in said["report.random_beside"]


@pytest.mark.parametrize(
    ("frozen", "code"), [(True, "report.frozen_worse"), (False, "report.worse")]
)
def test_what_is_clearly_worse_than_a_simple_method_is_called_so(frozen, code):
    (said,) = beside_a_simple_method(60, 0.91, frozen)
    assert said.code == code
    assert "better" in said.sentence()


def test_many_test_samples_are_not_blamed():
    truth = [0, 1] * 400
    answers = [0] * 800
    answers[1] = 1
    found = remarks(truth, answers, [9, 9], "ab", 0.9)
    assert "report.hardly_better" in found
    assert "report.maybe_no_better" not in found


@pytest.mark.parametrize(
    ("right", "advised", "told"),
    [
        (60, "report.frozen_worse", "report.searched_worse"),
        (81, "report.frozen_not_worth_it", "report.searched_not_worth_it"),
    ],
)
def test_fine_tuning_that_was_tried_is_not_advised(right, advised, told):
    answers = [(1 - t if i >= right else t) for i, t in enumerate(RIGHT_OF_HUNDRED)]
    simple = [Baseline("Words", 0.81, 100)]

    def said(*tried):
        return remarks(
            RIGHT_OF_HUNDRED,
            answers,
            [9, 9],
            "ab",
            0.9,
            baselines=simple,
            frozen=True,
            tried=tried,
        )

    assert advised in said()
    assert advised in said("feature_extraction", "fusion")
    assert told in said("feature_extraction", "fine_tuning")
    assert "ine-tuning" not in said("fine_tuning")[told].sentence()


def test_another_strategy_is_not_advised_after_several_were_tried():
    truth = [0, 1] * 400
    answers = [0] * 800
    answers[1] = 1
    found = remarks(truth, answers, [9, 9], "ab", 0.9, tried=("feature_extraction", "fine_tuning"))
    assert "report.hardly_better" not in found
    assert "strategy" not in found["report.searched_hardly_better"].sentence()


def test_figures_of_another_test_are_not_compared_in_silence():
    report = one_class.measure([0, 1, 2], np.eye(3), "abc")
    beside = Beside(test=OtherTest("beetles-1", n=3, before=37, shared=2))
    said = {r.code: r.sentence() for r in words.notes(report, IMAGE, beside)}
    assert said["report.other_test"].startswith(
        "The previous run (beetles-1) had another test set: 2 of its 37 pictures are among the 3"
    )
    assert "report.other_test" not in remarks([0, 1, 2], [0, 1, 2])


def test_worse_than_one_answer_is_said_with_advice_that_fits():
    truth = [0] * 40 + [1] * 30 + [2] * 20
    said = remarks(truth, [1] * 40 + [2] * 30 + [0] * 20, [40, 30, 20])
    assert said["report.worse_than_majority"].level == "warning"
    assert said["report.at_chance"].level == "warning"
    assert "train for longer" not in said["report.worse_than_majority"].sentence()
    grouped = remarks(truth, [1] * 40 + [2] * 30 + [0] * 20, [40, 30, 20], grouped_by="who")
    assert "who" in grouped["report.worse_than_majority_grouped"].sentence()
    apart = Note("check.balance_apart", level="warning")
    report = one_class.measure(
        truth, np.eye(3)[[0] * 90], "abc", train_counts=[40, 30, 20], grouped_by="who"
    )
    codes = {n.code for n in words.notes(report, IMAGE, Beside(data=(apart,)))}
    assert "report.no_better_apart" in codes  # more groups would not help
    few = {"train": 30, "total": 90, "percent": 33, "wanted": 70}
    same = remarks(truth, [0] * 90, [40, 30, 20], grouped_by="who", few_trained=few)
    assert same.keys() >= {"report.no_better_grouped", "check.balance_shares"}


def test_what_is_found_of_several_classes_in_the_same_words_is_said_once():
    report = one_class.measure([0, 1, 2] * 20, np.eye(3)[[0, 1, 2] * 20], "abc")
    twice = [Note("since.no_base", {"of": name}, "warning") for name in ("a", "b")]
    found = words.notes(report, IMAGE, Beside(data=tuple(twice)))
    assert [note.values["of"] for note in found if note.code == "since.no_base"] == ["a"]
