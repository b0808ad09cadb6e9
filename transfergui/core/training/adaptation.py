"""An adapted model beside one that was trained without the target: the better founded is kept.

Without labels of the target, the plain model stays unless nothing speaks against the adapted one
(:mod:`transfergui.core.figures.adapting`). With some, a paired test on them decides; they are
never trained on.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec

from transfergui.core.base import files, records
from transfergui.core.evaluation import report as reports
from transfergui.core.evaluation.baselines import PLAIN, folder
from transfergui.core.figures import adapting, paired
from transfergui.core.figures.adapting import Adaptation, Side
from transfergui.core.resolve import resolve
from transfergui.core.runs import doubts, elsewhere
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import REPORT
from transfergui.core.training import checkpoint, reporting, target_language
from transfergui.core.training.plain import Judgement, Trained

if TYPE_CHECKING:
    from transfergui.core.figures.paired import Paired
    from transfergui.core.interfaces.plan import Plan
    from transfergui.core.runs.elsewhere import Elsewhere
    from transfergui.core.runs.run import Run
    from transfergui.core.training.phase import Events

ADAPTED = "adapted"
VERDICT = "adaptation.json"
"""The file, beside a run, that says which model was kept."""


def judge(trained: Trained) -> Events:
    """The better founded of the two models becomes that of the run."""
    plan, run, plain, event = trained[:4]
    found = _verdict(trained)
    if found.kept == PLAIN:
        plan, event = resolve(plain.recipe, plan.split), _end_of(plain, event)
        _take_over(run, plain)
        yield from _told_again(run, plain)
    report = reporting.with_adaptation(plan, run, found)
    if found.kept == PLAIN:
        run.adopt(plan.recipe)  # last: who is killed before it comes to the same end
    yield msgspec.structs.replace(event, report=report)


GUESSED = ("adapt.nothing_known", "adapt.less_clear")
"""What is said only of predictions, as long as nobody knows which of them are correct."""
JUDGEMENT = Judgement(judge, "adapt.not_compared")
"""Of strategies that adapt to a target."""


def _verdict(trained: Trained) -> Adaptation:
    """Which model is kept: decided once, as a run that was killed while another model became its
    own has nothing to judge by any more.

    Raises:
        UserError: ``run.damaged``, ``disk.full``.
    """
    plan, run, plain = trained[:3]
    path = folder(run) / VERDICT
    if path.is_file():
        return records.read(path, Adaptation)
    found = judged(plan, elsewhere.load(plain.path), elsewhere.load(run.path))
    found = msgspec.structs.replace(found, early=trained.early)
    try:
        files.write_atomic(path, msgspec.json.encode(found))
    except OSError as error:
        raise files.not_written(path, error) from None
    return found


def _end_of(plain: Run, event: ev.Finished) -> ev.Finished:
    """``event`` of the run, once its model is that of ``plain``."""
    end = plain.history().outcome
    assert isinstance(end, ev.Finished)
    kept = {"outcome": end.outcome, "epochs": end.epochs, "best_epoch": end.best_epoch}
    return msgspec.structs.replace(event, **kept)


def _told_again(run: Run, plain: Run) -> Events:
    """What is drawn of the training without the target, whose model is that of ``run`` now."""
    for event in plain.events():
        if isinstance(event, ev.Started):
            yield msgspec.structs.replace(event, run=str(run.path))
        elif isinstance(event, ev.PhaseStarted | ev.EpochEnded):
            yield event
        elif isinstance(event, ev.Progress) and event.stage == "train":
            yield msgspec.structs.replace(event, share=1.0)  # both are over: no bar goes back


def judged(plan: Plan, plain: Elsewhere, adapted: Elsewhere) -> Adaptation:
    """Which of two models is kept, and why."""
    plain, adapted = plain.among(adapted), adapted.among(plain)
    weights = adapting.weights(plain.validated_features, plain.target_features)
    first, second = _side(plain, weights), _side(adapted, weights)
    before, after = (adapting.shares(each.target) for each in (plain, adapted))
    lost = adapting.lost(before, after)
    classes, count = plan.split.classes, len(plain.validated)
    effective = weights.effective if weights else None
    sharpens = plan.strategy.sharpens
    against = adapting.against(first, second, count, effective, len(lost), len(classes), sharpens)
    if target_language.is_foreign(plan):
        against = ("adapt.other_language", *against)
    test = None
    if len(adapted.checked):
        test = paired.of_shares(plain.checked, adapted.checked)
        against = _by_labels(test, against)
    return Adaptation(
        strategy=plan.strategy.key,
        kept=PLAIN if against else ADAPTED,
        plain=first,
        adapted=second,
        validated=count,
        effective=effective,
        target=len(plain.target),
        changed=float((plain.target.argmax(1) != adapted.target.argmax(1)).mean()),
        shares={
            name: (float(one), float(other))
            for name, one, other in zip(classes, before, after, strict=True)
        },
        lost=tuple(classes[at] for at in lost),
        reasons=against,
        checked=len(adapted.checked),
        p=test.p if test else None,
        low=test.low if test else None,
        high=test.high if test else None,
    )


def _by_labels(test: Paired, against: tuple[str, ...]) -> tuple[str, ...]:
    """What speaks against the adapted model once a few labels of the target are known: a clear
    difference decides; a better one that may be chance must have nothing else against it."""
    if test.verdict == "better":
        return ()
    against = tuple(code for code in against if code not in GUESSED)  # labels tell more
    return against if test.difference > 0 else ("adapt.checked_worse",)


def _side(found: Elsewhere, weights: adapting.Weights | None) -> Side:
    right = found.validated
    home = found.validated_answers
    weighted = float((right * weights.each).mean()) if weights else None
    calibrated = None
    if home is not None:
        scaled = adapting.at_temperature(found.target, adapting.temperature(home, right))
        calibrated = adapting.information(scaled)
    return Side(
        accuracy=float(right.mean()) if len(right) else 0.0,
        weighted=None if weighted is None else min(1.0, weighted),
        information=adapting.information(found.target),
        calibrated=calibrated,
        mean_entropy=adapting.mean_entropy(found.target),
        at_home=adapting.information(home) if home is not None and len(home) else None,
        checked=float(found.checked.mean()) if len(found.checked) else None,
    )


def _take_over(run: Run, plain: Run) -> None:
    """Make the model of ``run`` that of ``plain``, and all that is said of it.

    Raises:
        UserError: ``disk.full``.
    """
    last = run.checkpoints / checkpoint.LAST
    pairs = [(plain.best, run.best), (plain.checkpoints / checkpoint.LAST, last)]
    names = (REPORT, reports.PREDICTIONS, doubts.FILE, elsewhere.FILE)
    pairs += [(plain.path / name, run.path / name) for name in names]
    try:
        for source, target in pairs:
            if source.is_file():
                with files.replacing(target) as made:
                    shutil.copyfile(source, made)
            else:
                target.unlink(missing_ok=True)
    except OSError as error:
        raise files.not_written(run.path, error) from None
