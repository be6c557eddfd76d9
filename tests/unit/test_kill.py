"""What kills engines in tests: at the moment that was chosen, and at no other."""

import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.kill import Kill
from tests.support.session import await_orphans, end_session, session_members

SHELL = "sleep 600 & echo started; read line; echo $line"


@pytest.fixture
def command() -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        ["sh", "-c", SHELL],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    yield process
    end_session(process.pid)
    process.communicate()


def test_a_moment_that_passes_before_the_second_look_leaves_the_command_running(
    command: "subprocess.Popen[str]",
) -> None:
    looks = iter([False, True, False])
    kill = Kill(when=lambda: next(looks), whole=True)
    assert not kill.tried(command.pid)
    assert not kill.tried(command.pid)
    assert list(looks) == [], "looked again while nothing moved"
    assert command.stdin is not None
    assert command.stdout is not None
    command.stdin.write("goes on\n")
    command.stdin.flush()
    assert command.stdout.readline() == "goes on\n"


def test_the_second_look_may_be_another_than_the_first(
    command: "subprocess.Popen[str]",
) -> None:
    assert not Kill(when=lambda: True, still=lambda: False).tried(command.pid)
    assert command.poll() is None
    assert not Kill(when=lambda: False, still=lambda: True).tried(command.pid)


def test_a_moment_that_lasts_ends_the_command(command: "subprocess.Popen[str]") -> None:
    assert Kill(when=lambda: True).tried(command.pid)
    assert command.wait() == -signal.SIGKILL
    # A young process still goes by its parent's command line.
    assert len(session_members(command.pid)) == 1, "what it had started goes on"


def test_where_asked_it_ends_all_that_the_command_started(
    command: "subprocess.Popen[str]",
) -> None:
    assert Kill(when=lambda: True, whole=True).tried(command.pid)
    assert command.wait() == -signal.SIGKILL
    assert await_orphans(command.pid) == []
