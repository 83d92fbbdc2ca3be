"""Ports of this machine: a free one, and whether one is taken. No lesson teaches it; nothing needs to be read first."""

from __future__ import annotations

import socket


def free_port(ip: str = "127.0.0.1") -> int:
    with socket.socket() as one:
        one.bind((ip, 0))
        return int(one.getsockname()[1])


def taken(ip: str, port: int) -> bool:
    """Whether somebody listens there already. Raises ValueError where this machine has no such address."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((ip, port))
        except PermissionError:
            raise ValueError(f"port {port} may not be listened on by this account; one above 1023 is wanted") from None
        except OSError as error:
            if error.errno == 98:
                return True
            raise ValueError(f"{ip!r} is no address of this machine; 127.0.0.1 is the machine alone") from None
    return False
