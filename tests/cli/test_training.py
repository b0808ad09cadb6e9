"""train, resume and stop: how a recipe comes about, and what ends a training."""

import errno
import io
import json
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.made_plans import planned, split
from tests.core.made_runs import make_run
from transfergui.cli import argument_types, console, main, settings, training
from transfergui.cli.parser import make_parser
from transfergui.core.base import files
from transfergui.core.base.errors import UserError
from transfergui.core.networks import weights
from transfergui.core.recipe import Recipe
from transfergui.core.resolve import resolve
from transfergui.core.runs import events as ev
from transfergui.core.runs.run import Run


def recipe(*arguments: str) -> Recipe:
    return settings.recipe_from(make_parser().parse_args(["train", *arguments]))


# -- the recipe


def test_the_defaults_are_the_recipes(tmp_path: Path) -> None:
    path = str(tmp_path / "not here")
    assert recipe(path) == Recipe().replace(data__path=path)


def test_flags_win_over_the_file_and_set_over_flags(tmp_path: Path) -> None:
    file = tmp_path / "recipe.json"
    settings = {"run__seed": 1, "run__epochs": 1, "optim__lr": 1.0, "data__path": "/old"}
    file.write_text(Recipe(backbone="vgg16").replace(**settings).to_json())
    flags = ["--recipe", str(file), "--epochs", "2", "--seed", "2", "--set", "run.seed=3"]
    merged = recipe("/new", *flags)
    assert (merged.backbone, merged.optim.lr) == ("vgg16", 1.0)
    assert (merged.run.epochs, merged.run.seed) == (2, 3)
    assert merged.data.path == os.path.abspath("/new")  # noqa: PTH100


def test_networks_that_strategies_name_are_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the one of --backbone."""
    monkeypatch.chdir(tmp_path)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "recipe.json").write_text("{}")
    here = [str(tmp_path / name) for name in ("first", "second")]

    def options(text: str) -> dict[str, Any]:
        return recipe("d", "--strategy", "s", "--set", f"options.{text}").options

    assert options("runs=first, second") == {"runs": here}
    assert options('partners=["first", "tgnet"]') == {"partners": [here[0], "tgnet"]}
    assert options("teacher=second") == {"teacher": here[1]}
    assert options("runs=3") == {"runs": 3}
    assert options("alpha=first") == {"alpha": "first"}


def test_every_flag_is_a_setting() -> None:
    made = recipe("d", "--backbone", "b", "--strategy", "s", "--seed", "0", "--test", "t")
    assert (made.backbone, made.strategy, made.run.seed) == ("b", "s", 0)
    assert (made.data.path, made.data.test) == (str(Path.cwd() / "d"), str(Path.cwd() / "t"))
    arguments = vars(make_parser().parse_args(["train", "d"]))
    assert set(settings.FLAGS) <= set(arguments)


def test_a_network_of_ones_own_is_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resumed in another folder, the recipe still names it; a key stays a key."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "recipe.json").write_text("{}")
    (tmp_path / "resnet18-mine.pth").write_bytes(b"x")
    (tmp_path / "tgnet").mkdir()
    assert recipe("d", "--backbone", "first").backbone == str(tmp_path / "first")
    file = recipe("d", "--backbone", "resnet18-mine.pth").backbone
    assert file == str(tmp_path / "resnet18-mine.pth")
    assert recipe("d", "--backbone", "tgnet").backbone == "tgnet"
    assert recipe("d", "--backbone", "gone/run").backbone == "gone/run"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("optim.lr=0.01", ("optim.lr", 0.01)),
        ("name=beetles", ("name", "beetles")),
        ("name=a=b", ("name", "a=b")),
        ('name="5"', ("name", "5")),
        ("augment={}", ("augment", {})),
        ("optim.lr=null", ("optim.lr", None)),
        ("name=", ("name", "")),
        ("options.freeze_norm=false", ("options.freeze_norm", False)),
    ],
)
def test_settings_are_json_or_text(text: str, value: tuple[str, Any]) -> None:
    assert argument_types.setting(text) == value


def test_set_reaches_every_level() -> None:
    made = recipe("d", "--set", "optim.lr=0.5", "--set", "input.size=64", "--set", "optim.lr=null")
    assert made.optim.lr is None
    assert made.input == {"size": 64}


def test_mistakes_are_found_before_the_scan(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "/nowhere", "--backbone", "mobilenet_v9"]) == 1
    assert "[registry.unknown]" in capsys.readouterr().err
    assert main(["train", "/nowhere", "--set", "optim.lrr=1"]) == 1
    assert "The setting optim.lrr is not valid" in capsys.readouterr().err
    assert main(["train", "/nowhere", "--set", "augment.rotation=999"]) == 1
    assert "augment.rotation" in capsys.readouterr().err
    assert main(["train", "/nowhere"]) == 1
    assert "[data.missing]" in capsys.readouterr().err


# -- weights


@pytest.fixture
def downloads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Where downloads were asked for; each leaves a file there."""
    asked: list[Path] = []
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))

    def download(backbone: Any, target: Path, progress: Callable[[int, int], None]) -> Path:
        progress(1, 2)
        asked.append(target)
        target.mkdir(parents=True)
        (target / weights.file_name(backbone)).write_bytes(b"x")
        return target

    monkeypatch.setattr(weights, "download", download)
    return asked


def test_missing_weights_without_a_terminal(downloads: list[Path]) -> None:
    with pytest.raises(UserError) as caught:
        training.provide_weights(planned(backbone="mobilenet_v2"), download=False)
    assert caught.value.code == "weights.missing"
    assert downloads == []


def test_the_flag_allows_a_download(downloads: list[Path]) -> None:
    plan = planned(backbone="mobilenet_v2")
    training.provide_weights(plan, download=True)
    training.provide_weights(plan, download=True)  # now it is there
    assert downloads == [weights.folder()]


@pytest.mark.parametrize("answer", [True, False])
def test_a_terminal_is_asked(
    answer: bool, downloads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[str] = []
    monkeypatch.setattr(console, "is_terminal", lambda: True)
    monkeypatch.setattr(console, "ask", lambda text: questions.append(text) or answer)
    plan = planned(backbone="mobilenet_v2")
    if answer:
        training.provide_weights(plan, download=False)
    else:
        with pytest.raises(UserError):
            training.provide_weights(plan, download=False)
    assert len(downloads) == answer
    assert "14 MB" in questions[0]


def test_the_built_in_network_is_never_downloaded(
    downloads: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    training.provide_weights(planned(backbone="tgnet"), download=True)
    monkeypatch.setattr(weights, "_built_in", lambda: tmp_path)
    with pytest.raises(UserError) as caught:
        training.provide_weights(planned(backbone="tgnet"), download=True)
    assert caught.value.code == "weights.not_installed"
    assert downloads == []


def test_what_the_program_chose_is_said_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    training.say_choice(planned())
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("Backbone: TGNet (--backbone tgnet). This backbone comes with Tr")
    assert "MobileNetV2 is usually more accurate: --backbone mobilenet_v2 --download" in err
    assert "(14 MB)" in err
    training.say_choice(planned(backbone="tgnet"))
    training.say_choice(planned(strategy="from_scratch"))
    assert capsys.readouterr().err.count("\n") == 1
    training.say_choice(planned(strategy="from_scratch"))
    assert "MobileNetV2" not in capsys.readouterr().err


def test_the_language_of_texts_decides_and_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "reviews.csv"
    words = {"好": "很快好吃味道足", "坏": "太慢了不会再点"}
    rows = [f"{text}{at}号,{label}" for label, text in words.items() for at in range(12)]
    table.write_text("text,label\n" + "\n".join(rows), encoding="utf-8")
    plan = training.prepare(recipe(str(table)))
    assert (plan.backbone.key, plan.recipe.backbone) == ("tfidf", "tfidf")
    capsys.readouterr()
    training.say_choice(plan)
    err = capsys.readouterr().err
    assert err.startswith("Backbone: TF-IDF (--backbone tfidf). The texts are in Chinese. No fast")
    assert "--backbone minilm_multilingual --download" in err


def test_from_scratch_needs_none(downloads: list[Path]) -> None:
    training.provide_weights(planned(strategy="from_scratch"), download=False)
    assert downloads == []


# -- stopping from elsewhere


@pytest.fixture
def run() -> Run:
    return Run.create(Recipe(), split(2, 2))


def test_stop_reaches_who_trains(run: Run) -> None:
    with run.claimed():
        assert main(["stop", str(run.path)]) == 0
        assert run.stop_requested() == "finish"
        assert main(["stop", str(run.path), "--cancel"]) == 0
        assert run.stop_requested() == "cancel"


def test_stop_where_nobody_trains(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stop", str(run.path)]) == 1
    assert "[run.idle]" in capsys.readouterr().err
    assert run.stop_requested() is None
    assert main(["stop", str(run.path.parent)]) == 1
    assert "[run.missing]" in capsys.readouterr().err


# -- what ends a training

FINISHED = {"epochs": 1, "best_epoch": 1, "seconds": 1.0}


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch, run: Run) -> Callable[..., None]:
    """Follow a made-up training: events, or functions to be called in its midst."""
    from transfergui.core.training import start

    def follow(*steps: ev.Event | Callable[[], object]) -> None:
        def train(plan: object, run: Run) -> Iterator[ev.Event]:
            with run.claimed():
                for step in steps:
                    if isinstance(step, ev.Event):
                        yield step
                    else:
                        step()
                if run.stop_requested() == "cancel":
                    yield ev.Finished(outcome="cancelled", **FINISHED)

        monkeypatch.setattr(start, "train", train)
        training.follow(planned(strategy="from_scratch"), run)

    return follow


def test_a_failed_training_is_a_user_error(
    trained: Callable[..., None], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError) as caught:
        trained(ev.Failed(code="run.damaged", values={"path": "x", "reason": "y"}))
    assert caught.value.note.values == {"path": "x", "reason": "y"}
    assert capsys.readouterr().out == f"{run.path}\n"


HEARD = [getattr(signal, n) for n in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, n)]


@pytest.mark.parametrize("number", HEARD)
def test_a_signal_asks_the_trainer_to_cancel(
    number: signal.Signals,
    trained: Callable[..., None],
    run: Run,
    capsys: pytest.CaptureFixture[str],
) -> None:
    handlers = [signal.getsignal(n) for n in HEARD]
    with pytest.raises(KeyboardInterrupt):
        trained(lambda: os.kill(os.getpid(), number))
    out, err = capsys.readouterr()
    assert out == f"{run.path}\n"
    assert f"transfergui resume {run.path}" in err
    assert not run.active()
    assert handlers == [signal.getsignal(n) for n in HEARD]


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has none")
def test_nohup_is_respected() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert signal.SIGHUP not in training.heard()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert signal.SIGHUP in training.heard()


def test_a_signal_needs_no_disk(
    trained: Callable[..., None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_atomic", no_space)
    with pytest.raises(KeyboardInterrupt):
        trained(lambda: os.kill(os.getpid(), signal.SIGINT))


def test_the_end_of_the_terminal_ends_no_training(
    trained: Callable[..., None], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`transfergui train ... 2>&1 | head -1`: what is printed goes nowhere, and it goes on."""
    done = []

    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr(sys, "stderr", Closed())
    event = ev.Notice(code="training.nothing_learnt")
    trained(event, event, lambda: done.append(1), event)
    assert done == [1]


def test_the_second_signal_ends_it_at_once(
    trained: Callable[..., None], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        trained(interrupt, interrupt, lambda: pytest.fail("went on"))
    assert "transfergui resume" in capsys.readouterr().err


def test_a_cancellation_from_elsewhere_can_be_resumed(
    trained: Callable[..., None], run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        trained(lambda: run.request_stop("cancel"))
    said = capsys.readouterr().err
    assert "was paused" in said and "transfergui resume" in said


def test_the_program_chooses_tells_what_it_tried_and_keeps_it(
    tmp_path: Path, tiny_pictures: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data = tiny_pictures(tmp_path / "pictures", classes=2, per_class=10, size=32)
    out = tmp_path / "run"
    command = ["train", str(data), "--strategy", "auto", "--minutes", "0.5", "--out", str(out)]
    assert main([*command, "--set", "optim.batch_size=8"]) == 0
    trials = Run.open(out).history().trials
    (chosen,) = (trial for trial in trials if not trial.dropped)
    recipe = json.loads((out / "recipe.json").read_text())
    assert (recipe["backbone"], recipe["strategy"]) == (chosen.backbone, chosen.strategy)
    said = capsys.readouterr().err
    assert "Chosen." in said
    assert "Being trained now." in said
    assert "are tried for up to 30 s" in said
    assert said.count("parameters are trained") == len({*Run.open(out).history().phases})
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "of the automatic search" in page
    assert "Chosen." in page


@pytest.mark.parametrize("text", ["abc", "0", "-3", "nan", "99999"])
def test_minutes_that_are_none(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        make_parser().parse_args(["train", "d", "--strategy", "auto", f"--minutes={text}"])
    assert "--minutes: " in capsys.readouterr().err


def test_minutes_are_for_the_automatic_choice_alone() -> None:
    assert recipe("d", "--strategy", "auto", "--minutes", "2").options == {"minutes": 2.0}
    with pytest.raises(UserError) as caught:
        recipe("d", "--minutes", "2")
    assert caught.value.code == "cli.minutes"


def test_how_long_a_search_goes_on_is_said_also_where_it_has_no_end() -> None:
    assert training._bounds(90.0).startswith("Backbones and strategies are tried for up to 1")
    assert "until all promising ones are done" in training._bounds(math.inf)


def test_a_finished_run_stands_in_the_place_of_its_data(tmp_path: Path) -> None:
    """For strategies that adapt it; its data may be gone."""
    run = make_run(tmp_path / "run", ("ant", "bee"), data__path=str(tmp_path / "gone"))
    flags = [str(run.path), "--strategy", "shot", "--target", str(tmp_path)]
    arguments = make_parser().parse_args(["train", *flags])
    made = settings.recipe_from(arguments)
    assert (made.backbone, made.data.path) == (str(run.path), str(tmp_path / "gone"))
    assert made.companions.target == str(tmp_path)
    assert settings.kept_split(arguments) == run.split
    assert resolve(made, run.split).run == run.path
    other = make_parser().parse_args(["train", str(run.path), "--strategy", "fine_tuning"])
    assert settings.named_run(other) is None
    with pytest.raises(UserError) as caught:
        settings.recipe_from(other)
    assert caught.value.code == "cli.run_as_data"


def test_examples_that_check_are_counted_of_a_group(tmp_path: Path) -> None:
    arguments = make_parser().parse_args(["train", str(tmp_path), "--check-count", "20"])
    with pytest.raises(UserError) as caught:
        settings.recipe_from(arguments)
    assert caught.value.code == "cli.check_count"
    with pytest.raises(SystemExit):
        make_parser().parse_args(["train", str(tmp_path), "--check-count", "-3"])


def test_a_run_is_continued_with_new_examples(tmp_path: Path) -> None:
    """Its settings, its test set, and what is added; flags still win."""
    run = make_run(tmp_path / "run", ["a", "b"], data__path="/data", run__seed=4)
    made = recipe("--base", str(run.path), "--add", "new", "--new-test", "20", "--epochs", "3")
    assert made.split.kept == str(run.path / "split.json")
    assert (made.data.path, made.data.added) == ("/data", (str(Path.cwd() / "new"),))
    assert (made.split.new_test_percent, made.run.epochs, made.run.seed) == (20, 3, 4)
    with pytest.raises(UserError) as raised:
        recipe("d", "--new-test", "20")
    assert raised.value.code == "cli.new_test"
