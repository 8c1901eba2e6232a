"""A search that is killed or interrupted goes on from its store and prints the same bytes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numba
import pytest

import induction

ROOT = Path(induction.__file__).parents[1]
COMMAND = """
import sys
from induction.enumeration import shards, trunk
shards.KEPT = 0.02  # seconds
trunk.WHOLE = 1
from induction.commands import progress
progress._SLOW = 1e6  # who compiles first is a matter of chance
from induction.cli import main
if __name__ == "__main__":
    main(["explain", "0110100110010110", "--machine", "turing", "--max-steps", "64", "--json", *sys.argv[1:]])
"""

# Ahead of the script: every shard, of which there are some 1000, takes a while on any machine.
SLOWLY = """
import time
from induction.enumeration import shards, trunk
walk = trunk.walk_shard
def slowly(*arguments):
    time.sleep(0.1)
    return walk(*arguments)
shards.walk_shard = trunk.walk_shard = slowly
"""

LONG = "32"  # program bits of a search whose shards are stored one by one

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="a search of minutes without the JIT")


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    """A script: a file, so that processes can be spawned from it."""
    path = tmp_path_factory.mktemp("resume") / "search.py"
    path.write_text(COMMAND)
    command = [sys.executable, str(path)]
    output(command, "--max-length", "12")  # compiles, if nobody has yet: what is timed below is a search
    return command


@pytest.fixture(scope="module")
def slow(command, tmp_path_factory):
    """The same for a search of most of a minute or more, however quick the machine."""
    path = tmp_path_factory.mktemp("resume") / "slow.py"
    path.write_text(SLOWLY + COMMAND)
    return [sys.executable, str(path)]


def start(command, *arguments):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([*command, *arguments], env=environment, start_new_session=True, **pipes)


def output(command, *arguments):
    run = start(command, *arguments)
    out, error = run.communicate(timeout=100)
    assert run.returncode == 0, error
    return out


def killed_and_resumed(command, slow, store, length, kills, seed):
    """The output of a run that is killed and started again, and how many kills hit."""
    chance = random.Random(seed)
    arguments = ("--max-length", str(length), "--store", str(store), "--workers", "2")
    hits = 0
    for _ in range(kills):
        run = start(slow, *arguments)
        if chance.random() > 0.2:  # most kills come after something is stored, a few before or while the store is made
            when_more_is_stored(store, store.stat().st_size if store.exists() else 16_384)
        time.sleep(chance.random() * 0.3)
        run.kill()
        run.communicate()
        hits += run.returncode == -signal.SIGKILL
    return output(command, *arguments), hits


def test_a_search_that_is_killed_ends_with_the_same_bytes(command, slow, tmp_path):
    killed, hits = killed_and_resumed(command, slow, tmp_path / "search.db", 26, 4, seed=1)
    assert hits == 4
    assert killed == output(command, "--max-length", "26")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_search_that_is_killed_twenty_times_ends_with_the_same_bytes(command, slow, tmp_path, seed):
    killed, hits = killed_and_resumed(command, slow, tmp_path / "search.db", 30, 20, seed)
    assert hits == 20
    assert killed == output(command, "--max-length", "30")


def when_more_is_stored(store, size=16_384):
    """Wait until the store has grown past so many bytes."""
    until = time.monotonic() + 60
    while not (store.exists() and store.stat().st_size > size):
        assert time.monotonic() < until, "nothing is stored"
        time.sleep(0.01)


def interrupted(run):
    """Press Ctrl-C; what the run says, its progress left out."""
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to all processes of the group
    out, error = run.communicate(timeout=30)
    assert (run.returncode, out) == (130, b"")
    lines = error.decode().replace("\r", "\n").splitlines()
    return [line.strip() for line in lines if "walking:" not in line and line.strip()]


@pytest.mark.parametrize("workers", [(), ("--workers", "2"), ("--workers", "2", "--processes")])
def test_ctrl_c_leaves_a_store_to_go_on_from(slow, tmp_path, workers):
    store = tmp_path / "search.db"
    run = start(slow, "--max-length", LONG, "--store", str(store), *workers)
    try:
        when_more_is_stored(store)
        message = f"interrupted; {store} holds what is done: run the same command again to go on"
        assert interrupted(run) == [message]
        size = store.stat().st_size
        run = start(slow, "--max-length", LONG, "--store", str(store))
        when_more_is_stored(store, size)
        assert interrupted(run) == [message]
    finally:
        run.kill()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are listed by Linux only")
def test_processes_do_not_outlive_a_killed_search(slow, tmp_path):
    store = tmp_path / "search.db"
    run = start(slow, "--max-length", LONG, "--store", str(store), "--workers", "2", "--processes")
    when_more_is_stored(store)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    assert len(children) >= 2
    run.kill()
    run.communicate(timeout=30)

    def alive(child):
        status = Path(f"/proc/{child}/stat")
        return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"

    until = time.monotonic() + 30
    while any(map(alive, children)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(alive, children))
