"""The boundary: every outcome has its exit status, and says it where scripts expect it."""

import argparse
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from transfergui import __main__ as entry
from transfergui import __version__, cli
from transfergui.cli import console, data, setting_names
from transfergui.cli.parser import make_parser
from transfergui.core import registry
from transfergui.core.app import display
from transfergui.core.base import i18n
from transfergui.core.base.notes import Note

COMMANDS = ["demo", "scan", "list", "train", "resume", "stop"]
COMMANDS += ["runs", "rename", "evaluate", "predict", "export", "doctor"]


def failing(error: BaseException):
    def fail(*args: object) -> None:
        raise error

    return fail


def test_a_user_error_is_one_line_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["scan", "/nowhere\n/at all"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "/nowhere\\n/at all" in err
    assert err.endswith("[data.missing]\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["train"],
        ["scan"],
        ["predict"],
        ["list", "birds"],
        ["train", "x", "--set", "lr"],
        ["train", "x", "--processes", "65"],
        ["train", "x", "--nnodes", "1"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: transfergui" in capsys.readouterr().err


def test_a_bug_is_status_3_with_what_to_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "read", failing(ZeroDivisionError("secret")))
    assert cli.main(["scan", "x"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "ZeroDivisionError: secret" in err
    assert "transfergui doctor" in err


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.ENOMEM, "x")], ids=repr)
def test_memory_that_ran_out_is_one_line_and_status_1(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "read", failing(error))
    assert cli.main(["scan", "x"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"transfergui: {Note('memory.out').sentence()} [memory.out]\n"
    monkeypatch.setattr(cli, "main", failing(error))  # while the command line is imported, say
    assert entry.main(["scan", "x"]) == 1
    assert capsys.readouterr().err == err


def test_an_interruption_is_status_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "read", failing(KeyboardInterrupt()))
    assert cli.main(["scan", "x"]) == 130


def test_an_interruption_during_the_imports_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted() -> int:
        raise KeyboardInterrupt

    ended: list[int] = []
    monkeypatch.setattr(entry, "main", interrupted)
    monkeypatch.setattr(entry.atexit, "_run_exitfuncs", lambda: None)
    monkeypatch.setattr(entry.os, "_exit", ended.append)
    monkeypatch.setattr(entry.signal, "signal", lambda *_args: None)
    monkeypatch.setattr(entry.sys, "argv", ["transfergui", "check", "x"])
    with pytest.raises(SystemExit):
        entry.run()
    assert ended == [130]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    assert set(COMMANDS) <= set(capsys.readouterr().out.split())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main([command, "--help"])
    assert caught.value.code == 0
    assert f"usage: transfergui {command}" in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert capsys.readouterr().out == f"TransferGUI {__version__}\n"


# -- the entry point


@pytest.mark.parametrize("arguments", [[], [os.curdir]], ids=str)
def test_without_a_display_one_sentence_and_status_2(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(display, "display_problem", lambda: "there is no display")
    assert entry.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert all(command in err for command in COMMANDS)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("QT_QPA_PLATFORM", "DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "transfergui", *arguments],
        capture_output=True,
        env=kept | {"WAYLAND_DISPLAY": ""} | environment,
        text=True,
        check=False,
        timeout=120,
        errors="surrogateescape",
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux goes without")
@pytest.mark.parametrize(
    "environment", [{}, {"DISPLAY": ":987"}, {"QT_QPA_PLATFORM": "nonsense"}], ids=str
)
def test_no_display_never_aborts(environment: dict[str, str]) -> None:
    outcome = run(**environment)
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "The window cannot be opened" in outcome.stderr


def test_undecodable_names_are_printed_as_they_are() -> None:
    outcome = run("scan", "/nowhere/\udcff")
    assert outcome.returncode == 1
    assert "\\udcff" in outcome.stderr


def test_a_reader_that_leaves_early_is_no_error() -> None:
    program = [sys.executable, "-m", "transfergui", "list", "backbones", "--json"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_sigterm_ends_like_an_interruption() -> None:
    code = (
        "import transfergui.__main__ as m, transfergui.cli.data as d, time, sys\n"
        "def wait(*a):\n    print('waiting', flush=True)\n    time.sleep(60)\n"
        "d.read = wait\n"
        "sys.exit(m.main(['scan', 'x']))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 130


# -- help for those who know the window, or other programs


@pytest.mark.parametrize(
    ("flag", "setting"),
    [
        ("--learning-rate", "optim.lr"),
        ("--batch_size", "optim.batch_size"),
        ("--size", "input.size"),
    ],
)
def test_a_flag_that_is_a_setting_gets_a_hint(
    flag: str, setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["train", "x", flag, "1"])
    assert caught.value.code == 2
    assert f"--set {setting}=VALUE" in capsys.readouterr().err


def test_a_flag_that_is_like_nothing_gets_the_way_to_the_list(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        cli.main(["train", "x", "--frobnicate"])
    err = capsys.readouterr().err
    assert "Did you mean" not in err
    assert "train --help" in err


def test_the_help_of_train_says_what_settings_may_be(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["train", "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert "optim:" in lines
    assert "--strategy fine_tuning:" in lines
    (balance,) = [line for line in lines if line.strip().startswith("optim.balance=")]
    assert "(auto, none, weights, sampling)" in balance
    (rotation,) = [line for line in lines if line.strip().startswith("augment.rotation=")]
    assert "(0 … 180 °)" in rotation
    (frozen,) = [line for line in lines if line.strip().startswith("options.freeze_norm=true")]
    assert "(true, false)" in frozen


def test_what_the_window_calls_a_setting_is_spelt_out() -> None:
    remark = Note("report.not_grouped", {"noun": "recordings"}).sentence()
    said = setting_names.spelt_out(remark)
    assert "“Group by” (--set data.options.group_by=…)" in said
    assert setting_names.spelt_out("Always answering “Noise”") == "Always answering “Noise”"
    likely = Note("sound.maybe_groups", {"names": "ann, bob (2)", "key": "name:2"}).sentence()
    found = {"group_by": {"": "None", "name:2": "ann, bob (2)"}}
    assert "“ann, bob (2)” (--set data.options.group_by=name:2)" in setting_names.spelt_out(
        likely, found
    )


def test_every_setting_is_called_something() -> None:
    assert [path for path, option in setting_names.described() if option.title == option.name] == []


def test_clips_are_not_counted_as_recordings() -> None:
    audio = registry.modality("audio")
    assert data.amount(audio, 111, 110) == "111 clips of 110 recordings"
    assert data.amount(audio, 40, 40) == "40 recordings"


# -- the end of the process

ENDING = """
import atexit, sys, threading, time
from transfergui import __main__ as entry
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
atexit.register(lambda: print("at exit"))
entry.main = lambda: print("é", end="") or print("complaint", file=sys.stderr) or {status}
sys.argv = ["transfergui", "list"]
entry.run()
"""


@pytest.mark.parametrize("status", [0, 1, 130])
def test_the_end_loses_nothing(status: int) -> None:
    """What was printed is out, what was to be done at exit is done, the status is the command's."""
    code = ENDING.format(status=status)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (status, "éat exit\n".encode())
    assert done.stderr == b"complaint\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_output_that_cannot_be_written_is_no_success() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "transfergui", "list", "strategies"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode != 0
    assert done.stderr


def test_the_help_of_every_command_is_in_the_language() -> None:
    """argparse fills in help by ``%``, and breaks where a translation has a bare one."""
    i18n.use_language("zh_CN")
    try:
        parser = make_parser()
        commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
        helps = [parser.format_help(), *(c.format_help() for c in commands.choices.values())]
    finally:
        i18n.use_language("en")
    assert len(helps) >= 14
    assert all("--help" in text for text in helps)


def test_chinese_lines_are_as_wide_as_the_terminal() -> None:
    lines = console.wrapped("训练集上的准确率很高（98 %），验证集上低。Use --json here.", 20)
    assert "".join(lines).replace(" ", "") == (
        "训练集上的准确率很高（98%），验证集上低。Use--jsonhere."
    )
    assert max(map(console.columns_of, lines)) <= 21  # a full stop may hang
    assert not any(line.startswith(("，", "。", "）")) for line in lines)
