"""Processes that fork and kill children at commands from a socket, and the class that sends these.

A process with threads must not fork, since the child has copies of locks that no thread releases. So
it keeps parents: processes without threads that follow commands from a socket. Only a parent can be
sure to which process an ID belongs, since the system does not reuse the ID before the parent has
waited for the process.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from server.engine.processes import sandbox
from server.engine.processes.wire import Head, receive, send
from server.web.http_errors import LostProcessError, ServerFaultError

Ends = tuple[socket.socket, socket.socket]

FORK, KILL, END = b"F", b"K", b"E"
NUMBER = struct.Struct("!q")
_REAP = 0.5  # seconds between two looks whether a child that was killed has ended
_NONE = -1
_LOST = "A process of the service was killed."
_FULL = "The system allows no further process; free memory or raise the limit of processes."


class Parent:
    """A process that forks on command: `pid` is its process ID, `control` the socket of commands."""

    def __init__(self, pid: int, control: socket.socket) -> None:
        self.pid = pid
        self._control = control
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether the process is running."""
        with self._lock:
            return is_open(self._control)

    def fork(self, sock: socket.socket, head: Head | None = None) -> int:
        """Return the process ID of a new child, which gets the socket `sock` and `head`.

        Raises LostProcessError if the parent was killed and ServerFaultError if the system
        allows no further process.
        """
        pid = self._command(FORK, head or {}, sock)
        if pid == _NONE:
            raise ServerFaultError(_FULL)
        return pid

    def kill(self, pid: int) -> int:
        """Kill the child `pid` and return its exit status, as `os.waitpid` does.

        Raises LostProcessError if the parent was killed.
        """
        return self._command(KILL, {"pid": pid})

    def end(self, pid: int) -> None:
        """Kill the child `pid`, and do not wait until it has ended, which takes long at low priority.

        Raises LostProcessError if the parent was killed.
        """
        self._command(END, {"pid": pid})

    def stop(self) -> None:
        """Tell the parent to kill its children and end; does not wait."""
        with suppress(OSError):  # it may be gone already
            self._control.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Stop the parent and return once it has closed everything."""
        self.stop()
        with self._lock:
            with suppress(OSError):
                self._control.recv(1)  # returns when the other side closes; it sends nothing
            self._control.close()

    def _command(self, command: bytes, head: Head, sock: socket.socket | None = None) -> int:
        with self._lock:
            try:
                socket.send_fds(self._control, [command], [sock.fileno()] if sock else [])
                send(self._control, head)
                reply = self._control.recv(NUMBER.size, socket.MSG_WAITALL)
                return int(NUMBER.unpack(reply)[0])
            except (OSError, struct.error):
                raise LostProcessError(_LOST) from None


def obey(control: socket.socket, fork: Callable[[int, Head], int]) -> None:
    """Follow commands from `control` until it closes, then end the children that `fork` made.

    FORK comes with a descriptor and a head, both for `fork`; the reply is a process ID. KILL has a
    process ID in its head; the reply is the exit status of that child. END is KILL without the wait.
    """
    children: set[int] = set()
    ending: set[int] = set()
    while True:
        control.settimeout(_REAP if ending else None)
        try:
            command, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        except TimeoutError:
            ending -= {pid for pid in ending if _has_ended(pid)}
            continue
        if not command:
            break
        control.settimeout(None)
        head, _ = receive(control)
        if command == FORK:
            descriptor = sandbox.renumber(descriptors[0])
            pid = _fork(fork, descriptor, head)
            os.close(descriptor)
            children.add(pid)
            control.sendall(NUMBER.pack(pid))
        else:
            known = {head["pid"]} & children
            children -= known
            if command == END:
                _kill(known)
                ending |= known
                known = set()
            control.sendall(NUMBER.pack(_end(head["pid"]) if known else _NONE))
    left = (children | ending) - {_NONE}
    _kill(left)  # all before the first wait
    for pid in left:
        _end(pid)


def pair(make: Callable[[], Ends] = socket.socketpair) -> Ends:
    """Return both ends of a new socket; raises ServerFaultError if the system allows none."""
    try:
        return make()
    except OSError as error:
        raise ServerFaultError(f"The system allows no further socket: {error.strerror}.") from None


def is_open(sock: socket.socket) -> bool:
    """Return whether the other side of `sock`, which sends nothing now, has not closed it.

    A socket with a timeout would wait for data.
    """
    try:
        return bool(sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except OSError as error:
        return isinstance(error, BlockingIOError)


def _fork(fork: Callable[[int, Head], int], descriptor: int, head: Head) -> int:
    try:
        return fork(descriptor, head)
    except OSError:  # no memory, or too many processes
        return _NONE


def _kill(pids: set[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)  # not yet waited for, so no other process has this ID


def _has_ended(pid: int) -> bool:
    """Return whether the child `pid`, which was killed, has ended; its ID may then be used again."""
    return os.waitpid(pid, os.WNOHANG)[0] == pid


def _end(pid: int) -> int:
    """Kill the child `pid`, which may have died before, and return its exit status."""
    _kill({pid})
    return os.waitpid(pid, 0)[1]
