"""Predictors as files: JSON of what one was made with and the data it has learned, with a checksum."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from induction.files import whole_file

FORMAT = "bounded-induction predictor 2"


def write(path: str | os.PathLike[str], kind: str, parameters: dict[str, Any], data: Any) -> None:
    """Write a predictor down; the file is there in full or not at all.

    Parameters
    ----------
    path : path
        A file, new or to be replaced, in a folder that there is; a symbolic link stays, and what it leads to is
        replaced.
    kind : str
        The predictor's class.
    parameters : dict
        The arguments that make it: numbers, names and None.
    data : JSON
        What it has learned.

    Raises
    ------
    ValueError
        If the fallback is an object: only names can be written down.
    OSError
        If the path is a folder's, there is no such folder, or the file cannot be written.
    """
    if not isinstance(parameters.get("fallback"), str | None):
        raise ValueError("the fallback is an object; a predictor is saved with a fallback by name, or None")
    content = {"format": FORMAT, "class": kind, **parameters, "data": data}
    text = json.dumps(content | {"checksum": checksum(content)}, indent=1)
    with whole_file(path) as file:
        file.write(f"{text}\n".encode())


def read(path: str | os.PathLike[str], kind: type, parse: Callable[[Any], Any]) -> tuple[Any, Any]:
    """An untrained predictor of a class, made as the file says, and what it is to learn.

    Parameters
    ----------
    path : path
    kind : type
        The class.
    parse : callable
        Turns the data that were written into what is to be learned; ValueError where they cannot be.

    Returns
    -------
    (predictor, data)

    Raises
    ------
    ValueError
        If the file was not written by :func:`write` from a predictor of this class, or has been altered.
    OSError
        If the file cannot be read.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ValueError
        if content.pop("checksum") != checksum(content):
            raise ValueError("its checksum is not that of what it holds")
        del content["format"]
        name = content.pop("class")
        if name != kind.__name__:
            raise ValueError(f"it holds a {name}, not a {kind.__name__}")
        data = parse(content.pop("data"))
        return kind(**content), data
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = ": " + " ".join(str(error).split()) if str(error) else ""
        raise ValueError(
            f"{os.fspath(path)} holds no saved predictor{reason}; give a file made by save() of the same class"
        ) from None


def checksum(content: dict[str, Any]) -> str:
    """SHA-256 of the content, its keys in alphabetical order."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
