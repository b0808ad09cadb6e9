"""Sentences about opening files with a double click."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    "associate.not_here": N_(
        "On macOS, only an application bundle can open files with a double click, and this "
        "installation is none. Open the file with `transfergui FILE`, or drop it onto the window."
    ),
    "associate.foreign": N_(
        "{path} was not written by TransferGUI and is left as it is; nothing was changed. Remove "
        "the file if you do not need it, and try again."
    ),
    "associate.not_asked": N_("Nothing was changed. To agree without being asked, add `--yes`."),
    "associate.failed": N_("The files could not be associated: {reason}."),
}
"""By code."""
