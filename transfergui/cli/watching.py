"""``watch``: new files in a folder are predicted and sorted as they come."""

import argparse
import contextlib
import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING

from transfergui.cli import console, models
from transfergui.core.base.i18n import _, ngettext
from transfergui.core.base.paths import shown
from transfergui.core.evaluation import prediction_table as answers

if TYPE_CHECKING:
    from transfergui.core.trained import TrainedModel
    from transfergui.core.watching.watch import Event


def watch(arguments: argparse.Namespace) -> None:
    """``transfergui watch RUN|MODEL FOLDER --to DIR [--copy|--move|--link|--table-only]
    [--new-only] [--unsure PERCENT]``.

    A line for each file: its name, the prediction, its confidence, and where it is. Ctrl+C and
    SIGTERM end it; the last line is the record, with which `sort --undo` undoes all of it.

    Raises:
        UserError: a ``watch.``, ``act.``, ``model.`` or ``promise.`` code.
    """
    from transfergui.core.acting.plan import ActOptions
    from transfergui.core.watching import watch as watching

    model = models.promising(models.loaded(arguments.model), arguments)
    usual = 0.0 if model.promise is not None else float(answers.UNSURE)
    unsure = usual if arguments.unsure is None else arguments.unsure
    act = ActOptions(
        to=str(arguments.to), how=arguments.how or "copy", threshold=unsure, model=model.name
    )
    options = watching.WatchOptions(
        folder=str(arguments.folder),
        act=act,
        table_only=arguments.table_only,
        new_only=arguments.new_only,
    )
    watching.require_watchable(model, options)
    shown = _Shown(model, unsure)
    ended = threading.Event()
    _end_in_order(ended)
    console.say(_("Watching {path}. Press Ctrl+C to stop.").format(path=arguments.folder))
    with contextlib.closing(watching.watch(model, options, ended.wait)) as events:
        try:
            for event in events:
                shown.take(event)
                if ended.is_set():
                    break
        except KeyboardInterrupt:
            pass
    shown.say_end()


def _end_in_order(ended: threading.Event) -> None:
    """SIGTERM ends the work between two files; Ctrl+C ends a wait as well."""

    def take(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, take)


class _Shown:
    """What is printed of a watch."""

    def __init__(self, model: "TrainedModel", unsure: float) -> None:
        self._model, self._unsure = model, unsure
        self._count = self._aside = 0
        self._record = ""

    def take(self, event: "Event") -> None:
        from transfergui.core.watching import watch as watching

        if isinstance(event, watching.Watched):
            self._count += 1
            if event.again and event.predictions:
                text = _("{path} has changed since it was predicted: predicted again.")
                console.say(text.format(path=shown(event.predictions[0].path)))
            for each in event.predictions:
                sure = "" if each.confidence is None else f"{each.confidence:.3f}"
                label = each.label(self._model.classes)
                console.table(
                    [(each.path, label, sure, answers.note(each, self._unsure), event.target)]
                )
        elif isinstance(event, watching.SetAside):
            self._aside += 1
            sentence = event.problem.told()
            console.say(_("set aside: {sentence}").format(sentence=sentence))
        elif isinstance(event, watching.Waiting):
            console.say(event.why.sentence())
        else:
            self._record = event.record

    def say_end(self) -> None:
        text = ngettext("{count} file predicted", "{count} files predicted", self._count)
        text = text.format(count=self._count)
        if self._aside:
            more = ngettext("{count} set aside", "{count} set aside", self._aside)
            text = _("{first}, {next}").format(first=text, next=more.format(count=self._aside))
        console.say(text)
        if self._record:
            console.result(self._record)
