"""Addresses of clusters: what is none, or where nobody answers, is one line at once."""

from __future__ import annotations

import socket

import pytest
from test_cli import SMALL, call

from induction.enumeration import shards, trunk


@pytest.mark.parametrize(
    "address", ["", "nonsense", "host", "host:", ":8786", "tcp://host:0", "tcp://host:65536", "tls://host:1", "x://y:1"]
)
def test_what_is_no_address_is_refused(address):
    pytest.importorskip("distributed")
    status, out, error = call("explain", "0101", *SMALL, "--dask", address)
    assert (status, out, error.count("\n")) == (2, "", 1)
    assert f"--dask is {address!r}; it needs a host and a port" in error


@pytest.mark.parametrize("scheme", ["", "tcp://"])
def test_where_nobody_listens_nobody_is_waited_for(scheme):
    pytest.importorskip("distributed")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = f"{scheme}127.0.0.1:{taken.getsockname()[1]}"
        status, out, error = call("explain", "0101", *SMALL, "--dask", address)
    assert (status, out, error.count("\n")) == (2, "", 1)
    assert f"--dask is {address!r}, where nobody answers (Connection refused)" in error


def test_a_cluster_by_its_address_gives_the_same_and_it_is_told_while_there_are_no_workers(monkeypatch):
    distributed = pytest.importorskip("distributed")
    alone = call("explain", "0101", *SMALL, "--json")
    monkeypatch.setattr(trunk, "split_length", lambda _budget: 3)
    monkeypatch.setattr(shards, "walk_shard", None)  # not here
    settings = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None, "processes": True}
    with distributed.LocalCluster(**settings) as cluster:
        arguments = ("explain", "0101", *SMALL, "--json", "--dask", cluster.scheduler_address)
        assert call(*arguments) == alone
        monkeypatch.setattr(distributed.Client, "nthreads", lambda client: {})
        waiting = call(*arguments)
    assert waiting == (0, alone[1], "the cluster has no workers yet; a long search waits for them\n")
