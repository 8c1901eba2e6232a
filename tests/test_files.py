"""Files are there in full or not at all, and nothing but a file is ever replaced."""

from __future__ import annotations

import errno
import os
import stat
import threading

import pytest

from induction.files import whole_file


def write(path, content=b"new"):
    with whole_file(path) as file:
        file.write(content)


def test_a_file_is_written_or_replaced_with_its_permissions(tmp_path):
    path = tmp_path / "file"
    write(path)
    assert path.read_bytes() == b"new"
    path.chmod(0o640)
    write(path, b"newer")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"newer", 0o640)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["a" * 250, "語" * 83])
def test_a_file_may_have_the_longest_of_names(tmp_path, name):
    """The file that is written first has a longer one, in bytes: of these 255 are the most."""
    write(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_of_somebody_else_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda _size: "0")
    theirs = tmp_path / ".file.0.new"
    theirs.write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        write(tmp_path / "file")
    assert (theirs.read_bytes(), list(tmp_path.iterdir())) == (b"theirs", [theirs])


def test_an_error_leaves_what_was_there(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), whole_file(path) as file:
        file.write(b"ne")
        raise KeyboardInterrupt
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])
    with pytest.raises(OSError, match="No space left on device: .*file'$"), whole_file(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (b"old", [path])


def test_an_error_of_any_kind_leaves_nothing_behind(tmp_path):
    with pytest.raises(FileExistsError), whole_file(tmp_path / "file"):
        raise FileExistsError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("letter", ["a", "é", "語", "🂡"])
def test_a_name_may_be_as_long_as_the_system_allows(tmp_path, letter):
    path = tmp_path / (letter * (255 // len(letter.encode())))
    write(path)
    assert path.read_bytes() == b"new"


def test_a_link_stays_and_its_file_is_replaced(tmp_path):
    link = tmp_path / "link"
    link.symlink_to("file")
    write(link)
    assert link.is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_what_is_no_file_is_written_to_and_stays(tmp_path):
    """A device is such a thing; a pipe is one that a test may lose."""
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write(pipe)
    still = stat.S_ISFIFO(pipe.stat().st_mode)
    reader.join(timeout=60)
    assert (still, got, list(tmp_path.iterdir())) == (True, [b"new"], [pipe])


def test_folders_are_refused(tmp_path):
    for path, words in ((tmp_path, "is a folder"), ("", "the path is empty"), (tmp_path / "no" / "x", "no folder")):
        with pytest.raises(OSError, match=words):
            write(path)
