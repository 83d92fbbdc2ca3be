"""The form grader as a service of the class server, and the reports beside it: pages that only teachers can open.
Teachers meet it under Services in JupyterHub's menu; it runs under the account of the teacher who was named first.
Read grader/classroom/server/spawner.py first."""

from __future__ import annotations

import asyncio
import functools
import pwd
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from grader.classroom.server.places import Server
from grader.classroom.server.ports import free_port
from grader.classroom.server.spawner import environment
from grader.judging.sandbox import ROOT
from grader.lessons.cells import LessonError

SERVICE = "class"
EXTENSION = "grader.classroom.server.service"
# What is shown was written by this grader: no scripts, nothing from outside, as each page says itself.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


def as_service(server: Server) -> dict[str, Any]:
    """What JupyterHub is told of it. Where it listens is the hub's to choose anew at each start."""
    about, home = environment(server, server.owner, teaches=True), pwd.getpwnam(server.owner).pw_dir
    return {
        "name": SERVICE,
        "url": f"http://127.0.0.1:{free_port()}",
        "command": command(server),
        "user": server.owner,
        "cwd": str(server.teaching),
        "environment": {**about, "HOME": home, "USER": server.owner, "JUPYTER_RUNTIME_DIR": f"{home}/.jupyter-class"},
        "oauth_no_confirm": True,
        "display": True,
    }


def command(server: Server) -> list[str]:
    return [
        server.python,
        "-m",
        "jupyterhub.singleuser",
        f"--ServerApp.root_dir={server.teaching}",
        "--ServerApp.default_url=/lessons",
        "--ServerApp.terminals_enabled=False",
        "--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True",
        f"--ServerApp.jpserver_extensions={EXTENSION}=True",
        "--ServerApp.jpserver_extensions=jupyterlab=False",
    ]


class Lessons(JupyterHandler):
    """The lessons of the class, each with the way to its submissions and its report."""

    @web.authenticated
    async def get(self) -> None:
        self.finish(await asyncio.to_thread(lessons_page, ROOT / "classroom", self.base_url))


class Report(JupyterHandler):
    """A lesson's report, written anew when it is opened."""

    @web.authenticated
    async def get(self, folder: str) -> None:
        try:
            text = await asyncio.to_thread(report_of, folder, ROOT / "classroom")
        except LessonError as error:
            raise web.HTTPError(404, reason=str(error).splitlines()[0]) from None
        self.set_header("Content-Security-Policy", POLICY)
        self.finish(text)


class Feedback(JupyterHandler):
    """One student's page of feedback, to which the report leads."""

    @web.authenticated
    async def get(self, student: str, folder: str, name: str) -> None:
        place = (ROOT / "classroom" / "feedback").resolve()
        file = (place / student / folder / f"{name}.html").resolve()
        if not file.is_relative_to(place) or not file.is_file():
            raise web.HTTPError(404)
        self.set_header("Content-Security-Policy", POLICY)
        self.finish(file.read_text(encoding="utf-8"))


def lessons_page(classroom: Path, base: str) -> str:
    """The first page that a teacher sees."""
    from grader.classroom.pages import template
    from grader.lessons.reading import all_lessons

    lessons = all_lessons(ROOT)
    counts = {
        lesson.folder: tuple(
            len(list(classroom.glob(pattern)))
            for pattern in (f"submitted/*/{lesson.folder}", f"outcomes/{lesson.folder}/*.json")
        )
        for lesson in lessons
    }
    return template("class.html").render(lessons=lessons, counts=counts, base=base)


def report_of(name: str, classroom: Path) -> str:
    """The report of a lesson as a page. Raises LessonError where there is no such lesson."""
    from grader.classroom.lateness import settle
    from grader.classroom.records import Records
    from grader.classroom.report import write_report
    from grader.lessons.reading import find_lesson

    lesson = find_lesson(name, ROOT)
    with Records(classroom) as records:
        settle(records, lesson)
        return Path(write_report(records, lesson)).read_text(encoding="utf-8")


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": EXTENSION}]


def _load_jupyter_server_extension(app: Any) -> None:
    from jupyter_server.utils import url_path_join

    under = functools.partial(url_path_join, app.web_app.settings["base_url"])
    app.web_app.add_handlers(
        ".*$",
        [
            (under("lessons"), Lessons),
            (under(r"reports/([\w-]+)\.html"), Report),
            (under(r"feedback/([^/]+)/([\w-]+)/([\w-]+)\.html"), Feedback),
        ],
    )
