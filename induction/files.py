"""Files that are there in full or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def whole_file(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its name when it is done: an error leaves what was there as it was.

    Parameters
    ----------
    path : path
        A file, new or to be replaced, in a folder that there is; a symbolic link stays, and what it leads to is
        replaced. A device or a pipe is written to.

    Raises
    ------
    OSError
        If the path is a folder's, there is no such folder, or the file cannot be written.
    """
    target = _target(path)
    if os.path.exists(path) and not os.path.isfile(path):
        with open(path, "wb") as stream:
            yield stream
        return
    fresh = target.with_name(f".{target.name[:50]}.{secrets.token_hex(8)}.new")
    try:
        with open(fresh, "xb") as stream:
            yield stream
        if target.exists():
            shutil.copymode(target, fresh)
        fresh.replace(target)
    except FileExistsError:
        raise  # somebody else's
    except OSError as error:
        if error.errno is not None:  # the system's own, which may go without a name, or with one that nobody gave
            error.filename = os.fspath(path)
        fresh.unlink(missing_ok=True)
        raise
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _target(path: str | os.PathLike[str]) -> Path:
    """The file that is meant, symbolic links followed."""
    name = os.fspath(path)
    target = Path(os.path.realpath(name))
    if not name or target.is_dir() or name.endswith(os.sep):
        raise IsADirectoryError(f"{name!r} is a folder; name a file" if name else "the path is empty; name a file")
    if not target.parent.is_dir():
        folder = os.path.dirname(name) if not os.path.islink(name) else os.fspath(target.parent)
        raise FileNotFoundError(f"there is no folder {folder!r}; make it first")
    return target
