"""What the ``predict.py`` of every model package has in common.

In a package, the part that reads its kind of data stands in the place of the import of
``reader``, with its own description of how the script is used, and the part that says what its kind
of answer comes to in the place of ``answers``. In the place of ``_("...")`` stands the text in the
language that the program speaks when it exports.
"""

import csv
import json
import os
import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from answers import Answers
from reader import Reader

from transfergui.core.base.i18n import _
from transfergui.core.data.doubt import doubt_of
from transfergui.core.data.parts import middle, of_whole

COLUMNS = ("path", "label", "confidence")  # of the table, before those of the answers
LAST = ("note", "reason")  # behind them: for people, and for programs
FLAGGED = 70  # per cent: below this, a prediction is flagged as of low confidence
# -- the network


class Model:
    """The network in ``model.onnx`` and its description in ``model.json``."""

    def __init__(self, folder):
        card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.answers = Answers(card)
        promise = card.get("promise")
        self.withholds = promise is not None
        self.below = promise["below"] if promise else FLAGGED / 100
        self.strangers = bool(card.get("strangers"))
        self.reader = Reader(card["input"], folder / "assets")
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), providers=["CPUExecutionProvider"]
        )
        named = [output.name for output in self.session.get_outputs()]
        others = {"logits", *(["unlike"] if self.strangers else [])}
        self.outputs = self.answers.outputs or [name for name in named if name not in others]

    def answer(self, path):
        """What the network says, by name; of a file in several parts, their mean."""
        self.look(path)
        return self.answers.by_name(self.run(path).mean(axis=0))

    def look(self, path):
        """Let those answers know of a file that say where in it something is."""
        if hasattr(self.answers, "look"):
            self.answers.look(path)

    def run(self, path, *outputs):
        """What the network says [samples, ...] of everything in one file.

        ``outputs`` are named as in the network, ``logits`` say; by themselves, what it predicts.
        """
        return np.stack([row for _name, row in self.rows(path, *outputs)])

    def rows(self, path, *outputs):
        """The name of each sample in a file, and what the network says of it, as :meth:`run`."""
        for name, sample in self.reader.samples(path):
            found = self.session.run([*(outputs or self.outputs)], {"input": sample[np.newaxis]})
            yield name, np.concatenate([part.reshape(1, -1) for part in found], axis=1)[0]

    def judged(self, path):
        """As :meth:`rows`, and how unlike the training samples each is; None if unknown."""
        more = ["unlike"] if self.strangers else []
        for name, row in self.rows(path, *self.outputs, *more):
            yield (name, row[:-1], float(row[-1])) if more else (name, row, None)


# -- the command


def main(names):
    """Write the table of answers; 1 if a file could not be read, 2 where nothing was asked."""
    if not names or {"-h", "--help"} & set(names):
        print(__doc__, file=sys.stdout if names else sys.stderr)
        return 0 if names else 2
    try:
        names, wishes = asked(names)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="")
    sys.stderr.reconfigure(errors="backslashreplace")
    try:
        model = Model(Path(__file__).parent)
    except Exception as error:  # libraries raise nearly anything on damaged files
        text = _("The model cannot be opened: {reason}. Unpack the package again.")
        print(text.format(reason=said(error)), file=sys.stderr)
        return 1
    try:
        if wishes:
            model.answers.ask(wishes)
    except (OSError, ValueError) as error:
        print(said(error), file=sys.stderr)
        return 2
    table = csv.writer(sys.stdout, lineterminator="\n")
    answers = class_columns(model.answers.columns, (*COLUMNS, *LAST))
    table.writerow([*COLUMNS, *map(safe, answers), *LAST])
    status = 0
    for path in model.reader.files(names):
        try:
            write(table, model, path)
        except BrokenPipeError:  # not of this file
            raise
        except Exception as error:
            print(f"{path}: {said(error)}", file=sys.stderr)
            cells = ("",) * (2 + len(answers))
            table.writerow([*map(written, (str(path), *cells, said(error), ""))])
            status = 1
    if wishes:
        model.answers.finish()
    return status


def asked(names):
    """What is to be predicted, and the options with their values."""
    given, files, wishes = iter(names), [], {}
    for name in given:
        if not name.startswith("--"):
            files.append(name)
            continue
        option, equals, value = name.partition("=")
        if option not in getattr(Answers, "options", ()):
            text = _("There is no option {name}. See --help.")
            raise ValueError(text.format(name=name))
        wishes[option] = value if equals else next(given, "")
        if not wishes[option]:
            text = _("The option {name} needs a value.")
            raise ValueError(text.format(name=option))
    return files, wishes


def class_columns(classes, others=COLUMNS):
    """What the column of each class is called, also where one is called ``label``, say.

    So are the columns of labels and of questions.
    """
    taken = {*others, *classes}
    named = {}
    for name in classes:
        column = name
        while column in others or column in named or (column != name and column in taken):
            column += " (class)"
        taken.add(column)
        named[column] = None
    return list(named)


def safe(cell):
    """With an apostrophe before what a spreadsheet would run as a formula."""
    unit = r"[^\W\d_]{1,10}[²³]?"
    after = rf"( {unit}(/{unit})?| ?[%°€$£])?"
    number = re.fullmatch(rf"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?{after}", cell)
    return f"'{cell}" if re.match(r"'*[=+\-@\t\r]", cell) and not number else cell


def said(error):
    """What went wrong, in words."""
    if isinstance(error, FileNotFoundError):
        return _("there is no such file or folder")
    if isinstance(error, KeyError):
        text = _("{name} is missing")
        return text.format(name=error)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def write(table, model, path):
    """A row for each sample in a file; and one for the file, where its parts belong together."""
    rows, strange = [], []
    model.look(path)
    for name, row, unlike in model.judged(path):
        rows.append(row)
        if hasattr(model.answers, "keep"):
            model.answers.keep(path, row)
        strange += [] if unlike is None else [unlike]
        table.writerow(in_words(model, name, row, unlike))
    whole = of_whole(rows) if model.reader.mean else None
    if whole is not None:
        table.writerow(in_words(model, str(path), whole, middle(strange)))


def in_words(model, name, row, unlike):
    """The cells of a row: name, answer, confidence, what belongs to the columns, and why the answer
    is not to be believed; where the model made a promise, there is none then."""
    label, sure, cells = model.answers.told(row)
    judged = sure if getattr(model.answers, "judged", True) else None
    doubt = doubt_of(judged, unlike, model.below)
    note = {
        "unsure": _("low confidence"),
        "unlike": _("unlike the training data"),
    }.get(doubt, "")
    label = "" if doubt and model.withholds else label
    return [*map(written, (name, label, sure, *cells, note, doubt))]


def written(cell):
    """A text, a figure, or nothing."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return safe(cell)
    return f"{cell:.6g}" if abs(cell) < 1e5 else f"{cell:.10g}"


def piped(names):
    """As :func:`main`; it ends quietly where who reads the table, ``head`` say, has seen enough."""
    try:
        status = main(names)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


if __name__ == "__main__":
    sys.exit(piped(sys.argv[1:]))
