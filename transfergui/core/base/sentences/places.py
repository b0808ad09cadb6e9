"""Sentences about training on another computer."""

from transfergui.core.base.sentences.marking import N_

MESSAGES: dict[str, str] = {
    # -- the list of places
    "place.no_name": N_("The name is empty. Type a name for the other computer."),
    "place.host_name": N_(
        "“{host}” is not an address for ssh. Type a name from the ssh configuration, or "
        "user@computer."
    ),
    "place.host_port": N_(
        "“{host}” gives a port in a way that ssh does not know. Write {address} instead, or give "
        "the port in the ssh configuration (a section “Host” with “Port {port}”)."
    ),
    "place.folder_name": N_(
        "The folder {folder} cannot be used on the other computer. Its path must not begin with a "
        "hyphen, and must not contain a backslash, an exclamation mark or a line break."
    ),
    "place.no_run": N_(
        "The launch line “{launch}” has no {run}, so it cannot name the folder of the run. An "
        "example: {example}"
    ),
    "place.launch_braces": N_(
        "In the launch line “{launch}”, a brace is opened and not closed, or closed and not opened."
    ),
    "place.not_ready": N_(
        "Not ready: no training can run on {name} before its launch line is changed."
    ),
    "place.no_program": N_(
        "The launch line “{launch}” cannot work: the program {program} was not found on {name}. "
        "Change the launch line, or install the program there."
    ),
    "place.launch_syntax": N_(
        "The launch line “{launch}” cannot work; the shell on {name} says: {reason}"
    ),
    "place.removed": N_(
        "{name} was removed from the list of other computers, so this run can be neither followed "
        "nor resumed there. Add it again (address: {host}), then resume the run."
    ),
    "place.unknown": N_(
        "No other computer is called “{name}”. Known: {names}. Add one with "
        "`transfergui place add NAME HOST`."
    ),
    "place.none": N_(
        "No other computer is known yet. Add one with `transfergui place add NAME HOST`."
    ),
    "place.unreadable": N_(
        "The list of places {path} cannot be read: {reason}. Fix or delete the file."
    ),
    # -- the connection
    "place.no_ssh": N_(
        "The program ssh was not found on this computer. Install OpenSSH, then try again."
    ),
    "place.unreachable": N_(
        "{name} cannot be reached: {reason}. Check your connection, and try `ssh {host}` in a "
        "terminal."
    ),
    "place.refused": N_(
        "{name} refused the connection: {reason}. TransferGUI stores no passwords: `ssh {host}` "
        "must work in a terminal without asking for one. `ssh-copy-id {host}` sets up a key."
    ),
    "place.host_unknown": N_(
        "The program ssh does not know {name} yet. Run `ssh {host}` in a terminal once, and "
        "confirm that this is the right computer; then try again."
    ),
    "place.host_changed": N_(
        "{name} identifies itself differently than before: another computer may answer at this "
        "address. Ask its administrator. If it was set up anew, `ssh-keygen -R {host}` forgets "
        "the former identity, and `ssh {host}` in a terminal confirms the new one."
    ),
    "place.silent": N_(
        "{name} was reached, but TransferGUI did not start there within {seconds} seconds. Try "
        "`ssh {host}` in a terminal, and check the command that starts TransferGUI there."
    ),
    "place.not_installed": N_(
        "TransferGUI did not start on {name} ({program}: {reason}). If it is installed there, "
        "write the command that starts it into “TransferGUI there” (command line: `--program`). If "
        "not, install it with `{command}`, and write `{installed}` there."
    ),
    "place.other_protocol": N_(
        "{name} has another version of TransferGUI ({there} with connection protocol {protocol}) "
        "than this computer ({here} with {own}), and the two do not understand each other. This "
        "installs the version of here there: `{command}`. Then write `{installed}` into "
        "“TransferGUI there”."
    ),
    "place.garbled": N_(
        "What {name} answers cannot be understood ({reason}). Install one version of "
        "TransferGUI on both computers."
    ),
    "place.unknown_answer": N_(
        "The other computer reports a problem that this version of TransferGUI does not know "
        "({reported}). Install one version on both."
    ),
    "place.connecting": N_("TransferGUI is connecting to {name}."),
    "place.connected": N_("Connected to {name}."),
    "place.lost": N_(
        "There is no connection to {name}. If the training there has not ended, it continues; "
        "TransferGUI tries to reconnect."
    ),
    "place.lost_sending": N_(
        "The connection to {name} was lost. TransferGUI tries to reconnect, then continues to send."
    ),
    "place.back": N_("Connected to {name} again."),
    "place.versions": N_(
        "Versions differ between this computer and {name} (here / there): {names}. Results can "
        "differ slightly."
    ),
    # -- sending and bringing back
    "place.file_gone": N_("{path} cannot be read: {reason}. Nothing was trained."),
    "place.full": N_(
        "There is not enough room on {name}: {needed} are missing there, {free} are free. Clean "
        "up in Other computers (`transfergui place clean`) deletes what no run needs there; or "
        "choose another folder for the place."
    ),
    "place.disk": N_(
        "The other computer cannot use {path}: {reason}. Check “Folder there” in Other computers "
        "(command line: `--folder`): it must be a folder that you may write to."
    ),
    "place.cleaning": N_(
        "The other computer is deleting files that no run needs. Try again in a minute."
    ),
    "place.damaged_on_the_way": N_(
        "A file arrived damaged several times. Check your connection, then resume the run."
    ),
    # -- the training
    "place.not_begun": N_("The training on {name} had not started yet. Resume starts it."),
    "place.begun": N_(
        "The training was started on {name}. It continues there even if this program is closed."
    ),
    "place.not_started": N_("The training could not be started on the other computer: {reason}."),
    "place.sent": N_("Sent to {name}: {count} files ({size})."),
    "place.sent_nothing": N_("Nothing was sent to {name}: everything is there already."),
    "place.ended": N_(
        "The training on {name} ended without a result. Last lines of its log: {log}. Resume "
        "continues from the last checkpoint."
    ),
    "place.died": N_(
        "The training on {name} had ended without a result. It starts again, from the last "
        "checkpoint if there is one. Last lines of its log: {log}."
    ),
    "place.launch_failed": N_(
        "On {name}, the launch line “{launch}” ended before the training began; nothing was "
        "trained. Last lines of its log: {log}. Fix what the log names, or change the launch line "
        "in Other computers (command line: `transfergui place add`), then resume the run."
    ),
    "place.gone": N_(
        "The folder of this run on {name} is gone: somebody deleted it. Resume sends everything "
        "again and trains from the start."
    ),
    "place.failed_there": N_(
        "The training failed on {name}; paths in the message are those of that computer."
    ),
    "place.not_stopped": N_(
        "There is no connection to {name}, so the training there could not be paused. If it has "
        "not ended, it continues. Resume connects again."
    ),
    "place.machines": N_(
        "A training on another computer cannot be one on several computers (`--nnodes`), too. "
        "Start it on these computers themselves, without `--on`."
    ),
    "place.no_list": N_(
        "{name} has an older version of TransferGUI, which cannot list what it trains. Install "
        "one version on both computers."
    ),
    "place.no_training": N_(
        "No run called “{training}” is in training on {name}. In training: {names}."
    ),
    "place.stop_not_asked": N_(
        "Nothing was stopped, because nobody could be asked. Add `--yes` to stop without asking."
    ),
    "place.not_ended": N_(
        "The training on {name} was asked to pause, but has not ended within {seconds} seconds. "
        "It may wait in a queue, or be busy with one long step. Try again, or end it there: its "
        "folder is {folder}."
    ),
    "place.idle": N_("No training of this run is active on {name}."),
    # -- deleting what is kept there
    "place.clean_running": N_(
        "Nothing was deleted: a training is active there ({names}). Wait until it has ended, or "
        "stop it with “Runs there…” in Other computers (command line: `transfergui place "
        "stop`)."
    ),
    "place.clean_sending": N_(
        "Nothing was deleted: files are being sent there. Wait until that has ended."
    ),
    "place.clean_not_asked": N_(
        "Nothing was deleted, because nobody could be asked. Add `--yes` to delete without asking."
    ),
}
"""By code."""
ONE: dict[str, str] = {"place.sent": N_("Sent to {name}: one file ({size}).")}
"""The same where ``{count}`` is one."""
