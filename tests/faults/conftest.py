"""The small trainings of the trainer's own tests, and a disk whose writes fail."""

from tests.core.conftest import trained_run
from tests.core.training.conftest import _one_thread, lab, pictures, weights_dir
from tests.faults.failing import counted

__all__ = ["_one_thread", "counted", "lab", "pictures", "trained_run", "weights_dir"]
