"""Predictors as files: JSON of what one was made with and the data it has learned, with a checksum."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from induction.bits import as_bits

FORMAT = "bounded-induction predictor 2"


def write(path: str | os.PathLike[str], kind: str, parameters: dict[str, Any], data: str) -> None:
    """Write a predictor down; the file is there in full or not at all.

    Parameters
    ----------
    path : path
    kind : str
        The predictor's class.
    parameters : dict
        The arguments that make it: numbers, names and None.
    data : str
        The bits that it has learned.

    Raises
    ------
    ValueError
        If the fallback is an object: only names can be written down.
    OSError
        If the file cannot be written.
    """
    if not isinstance(parameters.get("fallback"), str | None):
        raise ValueError("the fallback is an object; a predictor is saved with a fallback by name, or None")
    content = {"format": FORMAT, "class": kind, **parameters, "data": data}
    text = json.dumps(content | {"checksum": checksum(content)}, indent=1)
    target = Path(path)
    fresh = target.with_name(target.name + ".new")
    try:
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(target)  # a full disk leaves the old file as it was
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def read(path: str | os.PathLike[str], kind: type) -> tuple[Any, Any]:
    """An untrained predictor of a class, made as the file says, and the bits that it is to learn.

    Returns
    -------
    (predictor, numpy.ndarray)

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
        data = content.pop("data")
        if not isinstance(data, str):
            raise ValueError("its data are no text of bits")
        return kind(**content), as_bits(data, "saved data")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        reason = ": " + " ".join(str(error).split()) if str(error) else ""
        raise ValueError(
            f"{os.fspath(path)} holds no saved predictor{reason}; give a file made by save() of the same class"
        ) from None


def checksum(content: dict[str, Any]) -> str:
    """SHA-256 of the content, its keys in alphabetical order."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
