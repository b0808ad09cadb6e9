"""The command line: one face of the engine, the window is the other.

``parser`` says which commands there are; ``data``, ``training``, ``runs``, ``models`` and
``machine`` hold them, a function each; ``console`` prints, ``progress`` shows a
training. Exit status: 0 done, 1 something the user can mend (one line on
standard error), 2 wrong usage, 3 a bug, 130 interrupted.
"""

import traceback
from collections.abc import Sequence

from transfergui.cli import console
from transfergui.core.base import memory
from transfergui.core.base.errors import Question, UserError
from transfergui.core.base.i18n import N_, _

DONE, MENDABLE, BUG, INTERRUPTED = 0, 1, 3, 130
"""Exit status; argparse itself exits with 2 for wrong usage."""
BUG_SENTENCE = N_(
    "This is a bug in TransferGUI. To help fix it, report the lines above and the output of "
    "`transfergui doctor`."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status.

    Args:
        argv: without the program's name; ``sys.argv`` by default.

    Raises:
        SystemExit: 2 for wrong usage, 0 after ``--help`` or ``--version``.
    """
    from transfergui.cli.parser import make_parser  # not above: ``doctor`` needs nothing of it
    from transfergui.cli.setting_names import answers, spelt_out

    arguments = make_parser().parse_args(argv)
    try:
        arguments.command(arguments)
    except UserError as error:
        console.complain(f"{spelt_out(str(error))} [{error.code}]")
        for line in answers(error) if isinstance(error, Question) else ():
            console.say(line)
        return MENDABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` for example, has seen enough
        console.forget_reader()
        return DONE
    except Exception as error:
        if (exhausted := memory.as_user_error(error)) is not None:
            console.complain(f"{exhausted} [{exhausted.code}]")
            return MENDABLE
        console.say(traceback.format_exc().rstrip())
        console.say(_(BUG_SENTENCE))
        return BUG
    return DONE
