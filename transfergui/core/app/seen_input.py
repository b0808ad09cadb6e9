"""What reading a sample for a network needs, before any training has made it."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from pathlib import Path

from transfergui.core.base import files
from transfergui.core.base.options import Options
from transfergui.core.interfaces.plan import Plan
from transfergui.core.networks.planned import save_assets


class SeenInput:
    """The input options of a plan, with everything that reading its samples needs.

    What is made from the training samples (TF-IDF's vocabulary) is not there before a training; it
    is made here once, when it is first asked for, and kept as long as this object.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._lock = threading.Lock()
        self._input: Options | None = None

    def serves(self, plan: Plan) -> bool:
        """Whether what was made is what ``plan`` needs, too."""
        mine = self.plan
        same = (mine.backbone, mine.input) == (plan.backbone, plan.input)
        return same and mine.split.train == plan.split.train

    def options(self) -> Options:
        """
        Raises:
            UserError: it cannot be made.
        """
        with self._lock:
            if self._input is None:
                folder = tempfile.mkdtemp()
                weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
                try:
                    self._input = save_assets(self.plan, Path(folder)).input
                except OSError as error:
                    raise files.not_written(Path(folder), error) from None
            return self._input
