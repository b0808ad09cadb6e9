"""What is timed from outside: the program as whole processes, from the start to the exit."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.measured import Measured, Task
from transfergui.core.modalities.image import files


def whole_training(task: Task) -> Measured:
    """``transfergui train`` by feature extraction, of which nothing is known yet."""
    return _program(task, *_training(task, "run"))


def whole_training_again(task: Task) -> Measured:
    """The same once more: features and precision are in the cache."""
    whole_training(task)
    return _program(task, *_training(task, "again"))


def whole_prediction(task: Task) -> Measured:
    """``transfergui predict`` on one class of the data."""
    whole_training(task)
    folder = next(path for path in sorted(Path(task.data).iterdir()) if path.is_dir())
    return _program(task, "predict", str(Path(task.home, "run")), str(folder))


def whole_import(task: Task) -> Measured:
    """The floor of everything that computes: torch and torchvision, imported."""
    return _timed(task, [sys.executable, "-c", "import torch, torchvision"])


def whole_floor(task: Task) -> Measured:
    """The floor of a training of which nothing is known, see :mod:`tests.benchmarks.floor`."""
    weights = next(Path(task.weights).glob(f"{task.backbone}*.pth"))
    paths = map(str, files.list_files([Path(task.data)]))
    command = [sys.executable, "-m", "tests.benchmarks.floor"]
    return _timed(task, [*command, str(weights), task.backbone, *paths])


def _training(task: Task, name: str) -> list[str]:
    return [
        *("train", task.data, "--backbone", task.backbone, "--strategy", "feature_extraction"),
        *("--set", f"run.device={task.device}", "--out", str(Path(task.home, name))),
    ]


def _program(task: Task, *arguments: str) -> Measured:
    return _timed(task, [sys.executable, "-m", "transfergui", *arguments])


def _timed(task: Task, command: list[str]) -> Measured:
    environment = os.environ | {"TRANSFERGUI_WEIGHTS": task.weights}
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return Measured(time.perf_counter() - began)
