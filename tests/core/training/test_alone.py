"""Questions that are learnt together beside each of them learnt alone."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from safetensors.torch import load_file

from tests.core.made_objectives import meaning
from tests.core.training.comparing import assert_same
from tests.core.training.conftest import Lab
from transfergui.core import resolve as planning
from transfergui.core.data.targets import ONE_CLASS, SEVERAL_QUESTIONS, parsed_answers
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation import words
from transfergui.core.figures import questions
from transfergui.core.interfaces.plan import Plan
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run
from transfergui.core.training import alone, start


@pytest.fixture(scope="module")
def weights_dir(small_weights: Path) -> Path:
    return small_weights


@pytest.fixture
def plan(lab: Lab) -> Plan:
    made = lab.plan(strategy="feature_extraction", run__epochs=4, optim__lr=0.01)
    recipe = made.recipe.replace(objective={"compare": True}, optim__label_smoothing=None)
    return planning.resolve(recipe, meaning(made.split, SEVERAL_QUESTIONS))


def trained(lab: Lab, plan: Plan) -> tuple[Run, list[ev.Event]]:
    run = lab.run(plan)
    return run, list(start.train(plan, run))


def test_each_question_is_trained_alone_on_the_samples_that_answer_it(lab: Lab, plan: Plan) -> None:
    run, events = trained(lab, plan)
    last = events[-1]
    assert isinstance(last, ev.Finished)
    report = reports.load(run.path)
    assert last.report == run.report()
    together = reports.load_predictions(run.path)
    for place, name in enumerate(("size", "parity")):
        single = Run.open(run.path / alone.ALONE / str(place + 1))
        assert single.recipe.objective == {}
        assert single.recipe.optim.balance == "none"
        assert single.recipe.run == run.recipe.run
        assert single.split.targets.objective == ONE_CLASS
        answered = [s.path for s in run.split.train if known(run, s.label)[place] is not None]
        assert [s.path for s in single.split.train] == answered
        right = {row.path: row.right for row in reports.load_predictions(single.path)}
        rows = [row for row in together if parsed_answers(row.truth)[place] is not None]
        assert {row.path for row in rows} == right.keys()
        hits = [parsed_answers(r.truth)[place] == parsed_answers(r.label)[place] for r in rows]
        wanted = questions.compare(hits, [right[row.path] for row in rows])
        own = report.questions[name]
        assert own.alone is not None
        assert own.alone.accuracy == sum(right.values()) / len(right)
        assert own.alone.verdict == wanted.verdict
        assert own.alone.p == wanted.p
        assert own.accuracy is not None
        assert own.alone.difference == pytest.approx(own.accuracy - own.alone.accuracy)
    codes = [remark.code for remark in words.notes(report, plan.modality)]
    assert codes.count("report.alone_unclear") == 2
    assert "when trained alone" in (run.path / reports.PAGE).read_text("utf-8")
    own_epochs = [event for event in events if isinstance(event, ev.EpochEnded)]
    assert len(own_epochs) == 4  # those of the single questions are none of this training


def known(run: Run, label: int) -> tuple[str | None, ...]:
    return parsed_answers(run.split.classes[label])


def at_compare(number: int) -> Callable[[ev.Event], bool]:
    """Whether an event is the number-th of the comparison."""
    seen = []

    def asked(event: ev.Event) -> bool:
        seen.extend([event] if isinstance(event, ev.Progress) and event.stage == "compare" else [])
        return len(seen) == number

    return asked


@pytest.mark.parametrize("after", [1, 3])
def test_a_comparison_that_was_interrupted_goes_on(lab: Lab, plan: Plan, after: int) -> None:
    whole, _events = trained(lab, plan)
    run, asked, last = lab.run(plan), at_compare(after), None
    for last in start.train(plan, run):
        if asked(last):
            run.request_stop("cancel")
    assert isinstance(last, ev.Finished)
    assert last.outcome == "cancelled"
    end = list(start.train(planning.resume_plan(run), run))[-1]
    assert isinstance(end, ev.Finished)
    assert end.outcome == "done"
    assert_same(run, whole)
    for place in ("1", "2"):
        one, other = (load_file(Run.open(r.path / alone.ALONE / place).best) for r in (run, whole))
        assert all((one[name] == other[name]).all() for name in other)


def test_a_comparison_that_is_ended_says_what_is_missing(lab: Lab, plan: Plan) -> None:
    run, asked, events = lab.run(plan), at_compare(1), []
    for event in start.train(plan, run):
        events.append(event)
        if asked(event):
            run.request_stop("finish")
    last = events[-1]
    assert isinstance(last, ev.Finished)
    assert last.outcome == "done"
    notices = [event.code for event in events if isinstance(event, ev.Notice)]
    assert "questions.not_compared" in notices
    assert all(own.alone is None for own in reports.load(run.path).questions.values())


def test_a_question_with_one_answer_cannot_be_compared(
    lab: Lab, plan: Plan, tmp_path: Path
) -> None:
    targets = plan.split.targets
    values = tuple((first, -1.0) for first, _second in targets.values)
    split = msgspec.structs.replace(
        plan.split, targets=msgspec.structs.replace(targets, values=values)
    )
    made = planning.resolve(plan.recipe, split)
    run, events = trained(lab, made)
    notices = {e.code: e.values for e in events if isinstance(e, ev.Notice)}
    assert notices["questions.one_missing"] == {"name": "parity"}
    found = reports.load(run.path).questions
    assert found["size"].alone is not None
    assert found["parity"].alone is None


def test_nothing_is_trained_alone_unless_asked_for(lab: Lab, plan: Plan) -> None:
    made = planning.resolve(plan.recipe.replace(objective={}), plan.split)
    run, _events = trained(lab, made)
    assert not (run.path / alone.ALONE).exists()
