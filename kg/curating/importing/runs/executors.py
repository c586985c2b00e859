"""Executors of the map step: processes of this machine, or the workers of a Dask cluster by its address.

A cluster gets chunks, with the XML of their documents, and gives back results; nobody reads a path of another
machine. All goes by the scheduler, so that no other address is called.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import parent_process
from threading import Thread
from typing import Any

from kg.errors import CablegraphError

_ADDRESS = re.compile(r"(?:tcp|tls)://\S+:\d+")
_WAIT = 15.0  # seconds until a scheduler or its first worker must have answered
_GO_ON = "what is done is kept; the same command goes on from there"


@contextmanager
def workers(jobs: int, dask: str = "", wait: float = _WAIT) -> Iterator[tuple[Executor, int]]:
    """Give an executor and how many work in it: so many processes, or those of the cluster at an address.

    Raises CablegraphError if there is no such cluster, and if what works is lost within the block.
    """
    if dask:
        with _cluster(dask, wait) as found:
            yield found
        return
    try:
        with ProcessPoolExecutor(jobs, initializer=_end_with_parent) as executor:
            yield executor, jobs
    except BrokenExecutor:
        problem = "a process of the import was ended from outside, perhaps for want of memory"
        raise CablegraphError(f"{problem}; {_GO_ON}, and --jobs 1 needs least memory") from None


def _end_with_parent() -> None:
    """Let this process of a pool end with the command, also when that was killed; it would wait for ever."""
    if parent := parent_process():

        def end() -> None:
            parent.join()
            os._exit(1)

        Thread(target=end, daemon=True).start()


@contextmanager
def _cluster(address: str, wait: float) -> Iterator[tuple[Executor, int]]:
    distributed = _library(address)
    try:
        client = distributed.Client(address, timeout=wait, set_as_default=False, direct_to_workers=False)
    except OSError:  # a TimeoutError is one
        problem = f"no Dask scheduler answers within {wait:g} s"
        raise CablegraphError(f"{address}: {problem}; start one with: dask scheduler") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=wait)
        except OSError:
            problem = "this Dask scheduler has no workers"
            raise CablegraphError(f"{address}: {problem}; start some with: dask worker {address}") from None
        try:
            # Not pure: a chunk is told from others by its place in the queue, and not by a hash of its text.
            yield client.get_executor(pure=False), sum(client.nthreads().values())
        except (CancelledError, distributed.KilledWorker, distributed.comm.CommClosedError) as error:
            problem = f"the Dask cluster is lost ({type(error).__name__})"
            raise CablegraphError(f"{address}: {problem}; {_GO_ON}") from None


def _library(address: str) -> Any:
    """Return the library `distributed`, of which no types are known here."""
    if not _ADDRESS.fullmatch(address):
        raise CablegraphError(
            f"--dask {address}: write the address of a scheduler, as in tcp://10.0.0.5:8786 or tls://…"
        )
    try:
        return import_module("distributed")
    except ModuleNotFoundError:
        raise CablegraphError(
            "Dask is missing; install it, in a checkout, with: pip install '.[dask]'"
        ) from None
