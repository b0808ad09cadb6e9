"""``doctor``: what is missing here? Works where nothing but the standard library does."""

import argparse
import dataclasses
from collections.abc import Sequence

from transfergui.cli import console
from transfergui.core.app import doctor as doctors
from transfergui.core.base.errors import UserError
from transfergui.core.base.i18n import N_, _

MARKS = {"good": "", "note": N_("note:"), "broken": N_("BROKEN:")}
TOPICS = {
    "versions": N_("versions"),
    "devices": N_("devices"),
    "folders": N_("folders"),
    "display": N_("display"),
    "weights": N_("weights"),
}


def main(argv: Sequence[str]) -> int:
    """Run the command alone, without what the others import, and give its exit status.

    Args:
        argv: after ``doctor``.

    Raises:
        SystemExit: 2 for wrong usage, 0 after ``--help``.
    """
    parser = argparse.ArgumentParser(
        prog="transfergui doctor",
        description=_("check versions, devices and folders"),
    )
    parser.add_argument("--json", action="store_true", help=_("print one JSON document"))
    try:
        doctor(parser.parse_args(argv))
    except UserError as error:
        console.complain(f"{error} [{error.code}]")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def doctor(arguments: argparse.Namespace) -> None:
    """``transfergui doctor [--json]``.

    Raises:
        UserError: ``doctor.broken``: something keeps the program from working.
    """
    findings = doctors.examine()
    if arguments.json:
        console.document([dataclasses.asdict(finding) for finding in findings])
    else:
        said = ((f, f"{_(MARKS[f.state])} {f.value}".strip()) for f in findings)
        console.table([(_(TOPICS[f.topic]), f.name, value) for f, value in said])
        for finding in findings:
            if finding.mend:
                console.result(f"{finding.name}: {finding.mend}")
    broken = [finding.name for finding in findings if finding.state == "broken"]
    if broken:
        raise UserError("doctor.broken", names=", ".join(broken))
