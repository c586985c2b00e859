"""Processes that fork on demand, and how they are told to.

A process with threads must not fork: the child has copies of locks that nobody will open. So it
keeps parents, processes without threads that follow commands from a socket. Being the parent,
such a process alone knows for sure which process an id belongs to: an id cannot be given to
another process before the parent has waited for the old one.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from server.engine.workers import sandbox
from server.engine.workers.wire import Head, receive, send
from server.web.http_errors import LostProcessError, ServerFaultError

Ends = tuple[socket.socket, socket.socket]

FORK, KILL = b"F", b"K"
NUMBER = struct.Struct("!q")
_NONE = -1
_LOST = "A process of the service was killed."
_FULL = "The system gives no further process."


class Parent:
    """Another process that forks: `pid` is its id, `control` the socket that it obeys."""

    def __init__(self, pid: int, control: socket.socket) -> None:
        self.pid = pid
        self._control = control
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether it is there."""
        with self._lock:
            return is_open(self._control)

    def fork(self, given: socket.socket, head: Head | None = None) -> int:
        """Return the id of a new child, which gets `given` and is told `head`.

        Raises LostProcessError when the parent is gone and ServerFaultError when the system
        allows no further process.
        """
        pid = self._command(FORK, head or {}, given)
        if pid == _NONE:
            raise ServerFaultError(_FULL)
        return pid

    def kill(self, pid: int) -> int:
        """Kill the child `pid` and return the status that it ended with, as `os.waitpid` gives it.

        Raises LostProcessError when the parent is gone.
        """
        return self._command(KILL, {"pid": pid})

    def stop(self) -> None:
        """Tell the parent to kill its children and end; does not wait."""
        with suppress(OSError):  # it may be gone already
            self._control.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Stop the parent and return once it has closed everything."""
        self.stop()
        with self._lock:
            with suppress(OSError):
                self._control.recv(1)  # nothing comes but the end
            self._control.close()

    def _command(self, command: bytes, head: Head, given: socket.socket | None = None) -> int:
        with self._lock:
            try:
                socket.send_fds(self._control, [command], [given.fileno()] if given else [])
                send(self._control, head)
                reply = self._control.recv(NUMBER.size, socket.MSG_WAITALL)
                return int(NUMBER.unpack(reply)[0])
            except (OSError, struct.error):
                raise LostProcessError(_LOST) from None


def obey(control: socket.socket, fork: Callable[[int, Head], int]) -> None:
    """Follow commands from `control` until it closes, then kill what `fork` made.

    FORK comes with a descriptor and a head, both for `fork`, and is answered with a process id;
    KILL names a process id and is answered with the status that it ended with.
    """
    children: set[int] = set()
    while True:
        command, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not command:
            break
        head, _ = receive(control)
        if command == FORK:
            given = sandbox.raised(descriptors[0])
            pid = _forked(fork, given, head)
            os.close(given)
            children.add(pid)
            control.sendall(NUMBER.pack(pid))
        else:
            known = head["pid"] in children
            children.discard(head["pid"])
            control.sendall(NUMBER.pack(_end(head["pid"]) if known else _NONE))
    for pid in children - {_NONE}:
        _end(pid)


def pair(make: Callable[[], Ends] = socket.socketpair) -> Ends:
    """Return both ends of a new socket; raises ServerFaultError when the system gives none."""
    try:
        return make()
    except OSError as error:
        raise ServerFaultError(f"The system gives no further socket: {error.strerror}.") from None


def is_open(sock: socket.socket) -> bool:
    """Return whether the other side of `sock`, which has nothing to say now, is still there."""
    try:
        sock.settimeout(None)  # with a time-out Python would wait for something to read
        return bool(sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError as error:
        return isinstance(error, BlockingIOError)


def _forked(fork: Callable[[int, Head], int], descriptor: int, head: Head) -> int:
    try:
        return fork(descriptor, head)
    except OSError:  # no memory, or too many processes
        return _NONE


def _end(pid: int) -> int:
    """Kill the child `pid`, which may have died before, and return the status it ended with."""
    os.kill(pid, signal.SIGKILL)  # not yet waited for, so the id is still its own
    return os.waitpid(pid, 0)[1]
