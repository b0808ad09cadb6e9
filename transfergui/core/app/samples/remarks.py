"""Short remarks of customers, in English and Chinese: praise, complaints and questions.

Written for this program; ``resources/samples/README.md`` has the licence.
"""

import shutil
from pathlib import Path

from transfergui.core.base import paths

TABLE = "texts.csv"


def write(folder: Path) -> None:
    """Fill ``folder`` with the table ``text,label,language``."""
    shutil.copyfile(paths.resource("samples", TABLE), folder / TABLE)
