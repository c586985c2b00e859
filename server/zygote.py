"""The parent of all workers: loads the store once, forks, kills and buries on demand.

It never runs a thread or a query, so that forking it is safe and its memory stays shared. Being
the parent, it alone knows for sure which process a worker's id belongs to: an id cannot be given
to another process before the zygote has waited for the old one.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
from collections.abc import Callable

from pyoxigraph import Store

from kg.errors import CablegraphError
from server import jail
from server.messages import Limits
from server.worker import work

FORK, KILL, READY, FAILED = b"F", b"K", b"R", b"E"
_LONGEST = 10_000  # characters of a reason
NUMBER = struct.Struct("!q")


def start(load: Callable[[], Store], limits: Limits) -> tuple[int, socket.socket]:
    """Fork a zygote that calls `load`; return its process id and the socket to command it by.

    Call this before any thread exists. Raises CablegraphError when `load` fails.
    """
    here, there = socket.socketpair()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:  # pragma: no cover - the forked process
        try:
            _live(there, parent, load, limits)
        finally:
            os._exit(1)
    there.close()
    message = here.recv(1 << 16)
    if message != READY:
        here.close()
        os.waitpid(pid, 0)
        reason = message[1:].decode() or "it ended without a reason"
        raise CablegraphError(f"The graph cannot be loaded: {reason}")
    return pid, here


def _live(
    control: socket.socket, parent: int, load: Callable[[], Store], limits: Limits
) -> None:  # pragma: no cover - the forked process
    jail.ignore_terminal()
    jail.die_with(parent)
    jail.close_all_but(control.fileno())
    try:
        store = load()
    except (CablegraphError, OSError, SyntaxError, ValueError) as error:
        control.sendall(FAILED + str(error)[:_LONGEST].encode())
        return
    jail.silence()
    control.sendall(READY)
    obey(control, lambda descriptor: _fork(control, descriptor, store, limits))
    os._exit(0)


def _fork(
    control: socket.socket, descriptor: int, store: Store, limits: Limits
) -> int:  # pragma: no cover - the forked process
    zygote = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            control.close()
            _work(descriptor, zygote, store, limits)
        finally:
            os._exit(0)
    return pid


def _work(
    descriptor: int, zygote: int, store: Store, limits: Limits
) -> None:  # pragma: no cover - the forked process
    jail.die_with(zygote)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    sock = socket.socket(fileno=descriptor)
    jail.lock(limits.memory)
    work(sock, store, limits)


def obey(control: socket.socket, fork: Callable[[int], int]) -> None:
    """Follow commands from `control` until it closes, then kill what `fork` made.

    FORK comes with a descriptor, the worker's socket, and is answered with its process id; KILL
    comes with a process id and is answered with the status that it ended with.
    """
    children: set[int] = set()
    while True:
        command, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not command:
            break
        if command == FORK:
            pid = fork(descriptors[0])
            os.close(descriptors[0])
            children.add(pid)
            control.sendall(NUMBER.pack(pid))
        else:
            pid = NUMBER.unpack(control.recv(NUMBER.size, socket.MSG_WAITALL))[0]
            children.discard(pid)
            control.sendall(NUMBER.pack(_bury(pid)))
    for pid in children:
        _bury(pid)


def _bury(pid: int) -> int:
    """Kill the child `pid`, which may have died before, and return the status it ended with."""
    os.kill(pid, signal.SIGKILL)  # not yet waited for, so the id is still its own
    return os.waitpid(pid, 0)[1]
