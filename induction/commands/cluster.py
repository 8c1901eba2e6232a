"""A Dask cluster that is given by the address of its scheduler."""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

import click

from induction.commands.streams import remark

_ADDRESS = re.compile(r"(?:tcp://)?(?P<host>[^\s/:]+|\[[^\s/]+\]):(?P<port>\d{1,5})")
_PATIENCE = 10  # seconds that a scheduler has to answer


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Those who work for the scheduler at an address, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    click.UsageError
        If it is no address, or the package that speaks to clusters is not installed.
    OSError
        If nobody listens there, or it is no scheduler.
    """
    found = _ADDRESS.fullmatch(address)
    if not found or not 0 < int(found["port"]) < 1 << 16:
        raise click.UsageError(
            f"--dask is {address!r}; it needs a host and a port, such as tcp://10.0.0.1:8786 "
            "(in Python an executor of any client will do)"
        )
    try:
        from distributed import Client
    except ImportError:
        raise click.UsageError("--dask needs another package: pip install 'bounded-induction[distributed]'") from None
    _knock(address, found["host"].strip("[]"), int(found["port"]))
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)  # what a cluster has to say comes as an exception
    try:
        with Client(address, timeout=f"{_PATIENCE}s", set_as_default=False) as client:
            if not client.nthreads():
                remark("the cluster has no workers yet; a long search waits for them")
            yield client.get_executor()
    finally:
        logging.disable(before)


def _knock(address: str, host: str, port: int) -> None:
    """See that somebody listens: a client that found nobody takes long to give up, and Ctrl-C does not shorten it."""
    try:
        socket.create_connection((host, port), timeout=_PATIENCE).close()
    except OSError as error:
        raise OSError(
            f"--dask is {address!r}, where nobody answers ({error.strerror or error}); give the address of a scheduler"
        ) from None
