"""A frozen network compiled for this machine, beside its work, where it has long to work.

torch.export and AOTInductor, which is torch.compile (Ansel et al., "PyTorch 2: Faster Machine
Learning Through Dynamic Python Bytecode Transformation and Graph Compilation", ASPLOS 2024) ahead
of time. It takes ten seconds to a minute and a C++ compiler (on CUDA, Triton). So a process of its
own compiles, with what the processor has left, while the network goes on as it is: nothing waits,
a training can be cancelled at any moment, and Python's lock is left to the window. The library that
comes of it is loaded within a hundredth of a second, in this training and in later ones.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import torch
from torch import Tensor

from transfergui.core.base import files, paths, python
from transfergui.core.training import precision, probe
from transfergui.core.training.features import prune

if TYPE_CHECKING:
    from transfergui.core.training.features import FeatureStore
    from transfergui.core.training.precision import Frozen

LONG = 240.0
"""Seconds of work that must be left. On two cores, MobileNetV2 in bfloat16 took 70 s to compile
beside its work, which went on at a third of its rate, and was 1.3 to 1.5 times as quick then."""
PATIENCE = 0.3
"""Seconds for each side of the comparison with what was compiled."""
LIMIT = 2 * 2**30
"""Bytes of compiled networks kept on the disk; the longest unused go first."""
LONGEST_OUTCOME = 10_000
NETWORK, PACKAGE, OUTCOME = "network.pt", "network.pt2", "outcome.json"


class Outcome(msgspec.Struct, frozen=True):
    """What came of compiling a network here.

    Attributes:
        gain: so many times as quick as before; 0 if it cannot be compiled, or answers otherwise.
        digest: of the package, as :func:`files.digest`: a damaged one may end the process.
    """

    gain: float
    digest: str = ""

    @property
    def pays(self) -> bool:
        return self.gain >= precision.GAIN


class Package:
    """A compiled network: prepared inputs of one shape to float32 features.

    Raises:
        RuntimeError: there is none at ``path``, or none that runs here.
    """

    def __init__(self, path: Path, example: Tensor) -> None:
        # not torch._inductor.aoti_load_package, which imports the compiler: seconds, for this line
        self._runner = torch._C._aoti.AOTIModelPackageLoader(str(path), "model", False, 1, -1)
        self._shape = example.shape

    def takes(self, inputs: Tensor) -> bool:
        return inputs.shape == self._shape

    def __call__(self, inputs: Tensor) -> Tensor:
        return self._runner.run([inputs.contiguous()])[0]


class Compiler:
    """Has ``network`` compiled if it has long to work, and puts what comes of it into its place.

    It then answers as before but for rounding. A context, at whose end no process is left.

    Args:
        folder: of this network on this machine, as :func:`folder_of`.
        batches: how many the network has to look at.
    """

    def __init__(self, network: Frozen, folder: Path, batches: int) -> None:
        self._network = network
        self._folder = folder
        self._work = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:12]}.part")
        self._left = batches
        self._seen = 0
        self._began = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._settled = False

    def __enter__(self) -> Compiler:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._work, ignore_errors=True)

    def before(self, inputs: Tensor) -> None:
        """To be called before each batch [N, ...], all of one shape."""
        if self._settled:
            return
        inputs = inputs.to(self._network.device)
        if self._process is not None:
            if self._process.poll() is not None:
                judged = self._judged(inputs)
                with self._giving_up():
                    self._keep(judged)
        elif (outcome := _read(self._folder)) is not None:
            self._take_up(outcome, inputs)
        elif self._is_long():
            with self._giving_up():
                self._begin(inputs)

    @contextlib.contextmanager
    def _giving_up(self) -> Iterator[None]:
        """Where the disk is full, for one: the features are what it is needed for."""
        try:
            yield
        except (OSError, RuntimeError):  # the latter is torch.save's
            self._settled = True

    def _is_long(self) -> bool:
        """By the time since the first batch, which is not counted itself: it warms up."""
        if not self._seen:
            self._began = time.monotonic()
        each = (time.monotonic() - self._began) / max(1, self._seen)
        self._left, self._seen = self._left - 1, self._seen + 1
        return self._left * each > LONG

    def _begin(self, inputs: Tensor) -> None:
        self._work.mkdir(parents=True, exist_ok=True)
        try:
            torch.save((self._network, inputs, torch.get_num_threads()), self._work / NETWORK)
        except (TypeError, AttributeError, pickle.PicklingError):  # no other process can build it
            self._keep(Outcome(gain=0.0))
            return
        self._process = subprocess.Popen(
            command(self._work),
            cwd=self._work,
            env=python.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _judged(self, inputs: Tensor) -> Outcome:
        """Whether what was compiled answers alike, and how much quicker."""
        try:
            made = Package(self._work / PACKAGE, inputs)
        except RuntimeError:
            return Outcome(gain=0.0)
        if (
            precision.relative_error(self._network(inputs), made(inputs))
            > precision.MAX_RELATIVE_ERROR
        ):
            return Outcome(gain=0.0)
        before, after = (
            probe.fastest(functools.partial(each, inputs), inputs.device, PATIENCE)
            for each in (self._network, made)
        )
        return Outcome(gain=before / after)

    def _keep(self, outcome: Outcome) -> None:
        """For this training and those to come; the package only where it is of use."""
        self._process = None
        if not self._folder.is_dir():
            files.remove(self._folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        if outcome.pays:
            (self._work / PACKAGE).replace(self._folder / PACKAGE)
            outcome = Outcome(outcome.gain, files.digest(self._folder / PACKAGE))
        files.write_atomic(self._folder / OUTCOME, msgspec.json.encode(outcome))
        prune(self._folder.parent, LIMIT, keep=self._folder)

    def _take_up(self, outcome: Outcome, inputs: Tensor) -> None:
        self._settled = True
        if outcome.pays:
            try:
                self._network.compiled = _opened(self._folder / PACKAGE, outcome, inputs)
            except (RuntimeError, OSError):  # damaged: it is compiled anew the next time
                shutil.rmtree(self._folder, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    self._folder.touch()


def _opened(path: Path, outcome: Outcome, inputs: Tensor) -> Package:
    """
    Raises:
        RuntimeError, OSError: it is damaged or gone.
    """
    if files.digest(path) != outcome.digest:
        raise RuntimeError(f"{path} has another checksum")
    return Package(path, inputs)


def folder_of(store: FeatureStore, device: torch.device) -> Path:
    """Where the network whose features ``store`` keeps lies, compiled for this machine."""
    parts = json.dumps([precision.machine(device), store.way.channels_last])
    machine = hashlib.blake2b(parts.encode(), digest_size=10).hexdigest()
    return paths.cache_dir() / "compiled" / f"{store.folder.name}-{machine}"


def gain(store: FeatureStore, device: torch.device) -> float:
    """So many times as quick the network of ``store`` is known to be, compiled."""
    outcome = _read(folder_of(store, device))
    return outcome.gain if outcome is not None and outcome.pays else 1.0


def _read(folder: Path) -> Outcome | None:
    try:
        outcome = files.read_regular(folder / OUTCOME, LONGEST_OUTCOME)
        return msgspec.json.decode(outcome, type=Outcome)
    except (OSError, msgspec.DecodeError, RecursionError):
        return None


def command(folder: Path) -> list[str]:
    """That runs :func:`compile_in` in a process of its own."""
    return python.command("-m", "transfergui.core.training.compiling", str(folder.absolute()))


def compile_in(folder: Path) -> None:
    """What the process does: ``folder``/:data:`NETWORK` to ``folder``/:data:`PACKAGE`.

    Raises:
        Exception: of many kinds, where the network cannot be compiled.
    """
    from torch._inductor import aoti_compile_and_package, config

    os.environ["TORCHINDUCTOR_CACHE_DIR"] = str(folder / "inductor")
    config.freezing = True  # the weights become part of it, laid out as its kernels like them
    network, inputs, threads = torch.load(folder / NETWORK, weights_only=False)
    torch.set_num_threads(threads)  # what is compiled uses so many
    with torch.no_grad():
        program = torch.export.export(network, (inputs,), strict=False)
        aoti_compile_and_package(program, package_path=str(folder / PACKAGE))


if __name__ == "__main__":
    compile_in(Path(sys.argv[1]))
