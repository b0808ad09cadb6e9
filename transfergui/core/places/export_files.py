"""Files for those who start jobs with another program: SLURM, SkyPilot, dstack.

Each trains the run whose folder is in ``RUN``: one that was sent with ``train --on``, or copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transfergui import __version__
from transfergui.core.places.place import Place

RUN = '"$RUN"'
INSTALL = f"pip install transfergui=={__version__}"


def sbatch(place: Place) -> str:
    """A batch script of SLURM: ``sbatch --export=ALL,RUN=FOLDER FILE``."""
    return f"""#!/bin/sh
#SBATCH --job-name=transfergui
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --gres=gpu:1
#SBATCH --cpus-per-task=8
#SBATCH --mem=32G
#SBATCH --time=08:00:00
#SBATCH --output=transfergui-%j.log
# sbatch --export=ALL,RUN=FOLDER_OF_THE_RUN THIS_FILE
# A job that ends before the training does is started again the same way: it resumes.
set -eu
{place.program} resume {RUN}
"""


def sky(place: Place) -> str:
    """A task of SkyPilot: ``sky launch FILE --env RUN=FOLDER``."""
    return f"""# sky launch THIS_FILE --env RUN=FOLDER_OF_THE_RUN (a folder inside of {place.folder})
name: transfergui
resources:
  accelerators: {{L4: 1, T4: 1}}
  disk_size: 100
envs:
  RUN:
file_mounts:
  {_mounted(place)}: {place.folder}
setup: |
  {INSTALL}
run: |
  transfergui resume {RUN}
"""


def dstack(place: Place) -> str:
    """A task of dstack: ``RUN=FOLDER dstack apply -f FILE``."""
    return f"""# RUN=FOLDER_OF_THE_RUN dstack apply -f THIS_FILE (a folder inside of {place.folder})
type: task
name: transfergui
python: "3.12"
env:
  - RUN
volumes:
  - {_mounted(place)}:{_mounted(place)}
commands:
  - {INSTALL}
  - transfergui resume {RUN}
resources:
  gpu: 1
  disk: 100GB
"""


def _mounted(place: Place) -> str:
    """The same path inside of a container, so that what the run names is found."""
    return place.folder.replace("~", "/root", 1)


FORMATS: Mapping[str, Callable[[Place], str]] = {"sbatch": sbatch, "sky": sky, "dstack": dstack}
"""By the name of the format."""
