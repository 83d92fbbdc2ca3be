"""Terminals that JupyterLab opens know `course` and `grader`, however JupyterLab itself was started.
No lesson teaches this; Jupyter loads it as a server extension (course/desk/lab/landscape-of-loss.json names it).
Nothing needs to be read first."""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course.desk.terminals"}]


def _link_jupyter_server_extension(app: Any) -> None:
    """Before terminals are set up: where nobody has chosen a shell, a login shell reads what the system and the user
    have set, which may set the PATH afresh, and hands on to one that has this environment's commands first."""
    if os.name == "nt" or "shell_command" in app.terminado_settings:
        return
    shell = os.environ.get("SHELL") or shutil.which("bash") or "/bin/sh"
    here = shlex.quote(str(Path(sys.executable).parent))
    command = [shell, "-l", "-c", f'exec env PATH={here}:"$PATH" {shlex.quote(shell)}']
    app.terminado_settings = {**app.terminado_settings, "shell_command": command}


def _load_jupyter_server_extension(app: Any) -> None:
    """Nothing is left to do: Jupyter asks for both."""
