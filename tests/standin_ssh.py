"""A stand-in for ``ssh``: runs the command on this machine as if it were another one, with a
home of its own, and drops, delays, corrupts as it is told.

``install(folder, patch)`` puts it first on PATH. The faults are in ``faults.json`` of the folder:
``down`` (no connection at all), ``refused``, ``drop_sent`` and ``drop_told`` (the connection ends
after so many bytes of what is sent or told, once), ``corrupt_sent`` and ``corrupt_told`` (so many
bytes, then one that is wrong, once), ``delay`` (seconds before each piece that is told).
"""

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = r"""
import json, os, signal, subprocess, sys, threading, time
FOLDER = {folder!r}
PATH = os.path.join(FOLDER, "faults.json")
try:
    faults = json.load(open(PATH))
except OSError:
    faults = {{}}
if faults.get("down"):
    sys.exit(print("ssh: connect to host lab port 22: No route to host", file=sys.stderr) or 255)
if faults.get("refused"):
    sys.exit(print("me@lab: Permission denied (publickey).", file=sys.stderr) or 255)
assert sys.argv[-3] == "--" and "BatchMode=yes" in sys.argv, sys.argv
home = os.path.join(FOLDER, "home")
os.makedirs(home, exist_ok=True)
env = os.environ | {{"TRANSFERGUI_HOME": os.path.join(home, "program"), "HOME": home}}
child = subprocess.Popen(["sh", "-c", sys.argv[-1]], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, cwd=home, env=env)

def used(name):
    faults.pop(name)
    with open(PATH + ".new", "w") as stream:
        json.dump(faults, stream)
    os.replace(PATH + ".new", PATH)

def end():
    child.kill()
    os._exit(255)

def pump(source, target, name):
    done = 0
    while data := source.read1(65536):
        drop, corrupt = faults.get("drop_" + name), faults.get("corrupt_" + name)
        if name == "told":
            time.sleep(faults.get("delay", 0))
        if corrupt is not None and done + len(data) > corrupt:
            at = max(0, corrupt - done)
            data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
            used("corrupt_" + name)
        if drop is not None and done + len(data) > drop:
            target.write(data[:max(0, drop - done)])
            target.flush()
            used("drop_" + name)
            time.sleep(0.1)
            end()
        done += len(data)
        try:
            target.write(data)
            target.flush()
        except OSError:
            end()
    target.close()

threading.Thread(target=pump, args=(sys.stdin.buffer, child.stdin, "sent"), daemon=True).start()
parent = os.getppid()

def watch():
    while True:
        time.sleep(0.1)
        if os.getppid() != parent:
            end()

threading.Thread(target=watch, daemon=True).start()
pump(child.stdout, sys.stdout.buffer, "told")
os._exit(child.wait())
"""


class StandIn:
    """An ``ssh`` that reaches another home on this machine.

    Attributes:
        folder: ``home`` in it is that of over there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        script = folder / "bin" / "ssh"
        script.parent.mkdir(parents=True)
        script.write_text(f"#!{sys.executable} -S\n" + SCRIPT.format(folder=str(folder)))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)

    @property
    def there(self) -> Path:
        """The folder of the place."""
        return self.folder / "home" / "transfergui"

    def use(self, patch: pytest.MonkeyPatch) -> None:
        patch.setenv("PATH", str(self.folder / "bin"), prepend=":")
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))

    def break_by(self, **faults: Any) -> None:
        """From the next connection on."""
        (self.folder / "faults.json").write_text(json.dumps(faults))
