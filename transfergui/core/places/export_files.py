"""Files for those who start jobs with another program: SLURM, SkyPilot, dstack.

Each is put beside a folder ``data`` and a ``recipe.json`` (of any run), trains into ``run``, and
goes on with it where a job that was ended before is started again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transfergui import __version__
from transfergui.core.places.place import PROGRAM, Place

INSTALL = f"pip install transfergui=={__version__}"
SOURCE = "From a copy of its source beside this file: pip install ./transfergui-source instead."
BESIDE = "Put this file beside the folder data and a recipe.json (of any run)."


def _trains(program: str, indent: str = "") -> str:
    """Lines of a shell that begin a training, or go on with it."""
    lines = (
        "if [ -f run/recipe.json ]; then",
        f"  {program} resume run --download",
        "else",
        f"  {program} train data --recipe recipe.json --out run --download",
        "fi",
    )
    return "\n".join(f"{indent}{line}" for line in lines)


def sbatch(place: Place) -> str:
    """A batch script of SLURM."""
    return f"""#!/bin/sh
#SBATCH --job-name=transfergui
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --gres=gpu:1
#SBATCH --cpus-per-task=8
#SBATCH --mem=32G
#SBATCH --time=08:00:00
#SBATCH --output=transfergui-%j.log
# {BESIDE}
# On {place.host}: sbatch THIS_FILE. A job that reached its time limit goes on when submitted again.
set -eu
{_trains(place.program)}
"""


def sky(place: Place) -> str:
    """A task of SkyPilot, which starts its own machine: nothing of the place is used there."""
    return f"""# {BESIDE}
# sky launch -c transfergui THIS_FILE
# {SOURCE}
# Bring back the result: rsync -r transfergui:sky_workdir/run .
name: transfergui
workdir: .
resources:
  accelerators: {{L4: 1, T4: 1}}
  disk_size: 100
setup: |
  {INSTALL}
run: |
{_trains(PROGRAM, "  ")}
"""


def dstack(place: Place) -> str:
    """A task of dstack, likewise."""
    return f"""# {BESIDE}
# dstack apply -f THIS_FILE
# {SOURCE}
type: task
name: transfergui
python: "3.12"
files:
  - .
commands:
  - {INSTALL}
  - |
{_trains(PROGRAM, "    ")}
resources:
  gpu: 1
  disk: 100GB
"""


FORMATS: Mapping[str, Callable[[Place], str]] = {"sbatch": sbatch, "sky": sky, "dstack": dstack}
"""By the name of the format."""
