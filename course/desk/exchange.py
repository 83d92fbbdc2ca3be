"""A class's exchange, as nbgrader is set up here: whether there is one, and whether a lesson lies in it.
No lesson teaches it; `course submit`, `course lab` and a quiz ask. nbgrader itself is imported only where there is an
exchange: it takes seconds. Read course/desk/submit.py after it."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from jupyter_core.application import JupyterApp
from traitlets.config import Application

USUAL = "/usr/local/share/nbgrader/exchange"  # nbgrader's own default


def nbgrader_settings() -> Any:
    """What nbgrader would read if it were started here: the system's configuration, the user's, and this folder's."""
    app = JupyterApp(config_file_name="nbgrader_config")
    app.log.setLevel(logging.CRITICAL)
    app.load_config_file()
    Application.load_config_file(app, "nbgrader_config", path=os.getcwd())
    return app.config


def is_a_service(config: Any) -> bool:
    """Whether a service stands in for the exchange's folder; it knows for itself whom it lets in."""
    if "ExchangeFactory" not in config:
        return False
    from nbgrader.exchange import ExchangeFactory

    return not issubclass(ExchangeFactory(config=config).submit, ExchangeFactory().submit)


def has_exchange(config: Any) -> bool:
    """Whether there is a class to fetch lessons from."""
    return is_a_service(config) or Path(config.Exchange.get("root", USUAL)).is_dir()


def in_exchange(config: Any, folder: str) -> bool:
    """Whether there is an exchange that this lesson, "03-descent", was released to and that takes submissions from this
    user."""
    if is_a_service(config) or not has_exchange(config):
        return is_a_service(config)
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.exchange.default import Exchange

    course = Path(Exchange(config=config).root) / CourseDirectory(config=config).course_id
    return (course / "outbound" / folder).is_dir() and os.access(course / "inbound", os.W_OK | os.X_OK)
