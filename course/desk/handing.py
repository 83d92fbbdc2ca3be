"""Handing in on a class server, where many accounts share one machine: nbgrader's own way, and then closed to everybody
but the learner and the teachers. nbgrader leaves what is handed in open to whoever finds out what its folder is called.
No lesson teaches it; the class server's settings name it (c.ExchangeFactory.submit).
Read course/desk/submit.py first."""

from __future__ import annotations

import os
from pathlib import Path

from nbgrader.exchange.default import ExchangeSubmit


class PrivateSubmit(ExchangeSubmit):
    """nbgrader's, where the exchange gives what comes in to a group: closed to all others."""

    def copy_files(self) -> None:
        super().copy_files()
        inbound = Path(self.inbound_path)
        folder = inbound / self.assignment_filename
        if folder.stat().st_gid == inbound.stat().st_gid:  # else nobody but the learner could read it
            os.chmod(folder, 0o770)
