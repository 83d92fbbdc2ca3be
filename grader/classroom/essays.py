"""All answers to one essay on one page, each beside its rubric, served to this machine alone: `grader essays 03`.
An instructor reads, ticks and writes there; points and comments go into nbgrader's gradebook, where the form grader has
them too. Read `Reading` first, then the page: grader/classroom/templates/essays.html; grader/classroom/records.py holds
what is read."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

from nbconvert.filters import markdown2html
from nbgrader.api import MissingEntry

from course.desk.files import PRIVATE, write_whole
from grader.classroom.pages import as_typed, template, titles
from grader.classroom.records import Records
from grader.classroom.requests import with_requests
from grader.classroom.roster import class_of
from grader.classroom.rubrics import FILE, ROW, rubric, ticked_in
from grader.judging.pictures import ENDINGS
from grader.lessons.cells import Cell, Lesson

LONGEST = 20_000  # characters of a comment


class Reading:
    """A lesson's essays as they are read. Whatever is asked of it, one at a time: the gradebook has one writer."""

    def __init__(self, records: Records, lesson: Lesson) -> None:
        self.records, self.lesson, self.lock = records, lesson, threading.RLock()
        self.file = records.classroom / FILE

    def essay(self, name: str) -> Cell:
        """The essay of that name. Raises KeyError."""
        return {cell.name: cell for cell in self.lesson.essays}[name]

    def page(self, name: str) -> str:
        """The page of one essay: everybody's answer, those that wait first."""
        with self.lock:
            essay, ticked = self.essay(name), ticked_in(self.records.classroom)
            people = {
                student.id: f"{student.first_name} {student.last_name}".strip()
                for student in class_of(self.records).students
            }
            answers = []
            for outcome in with_requests(self.records, self.lesson, self.records.outcomes(self.lesson)):
                given = outcome["essays_graded"].get(essay.id)
                if outcome["status"] == "refused" or given is None:
                    continue
                pictures, student = self.records.pictures(outcome), outcome["student"]
                shown = [
                    f"data:{ENDINGS[each.rsplit('.', 1)[1]]};base64,{base64.b64encode(pictures[each]).decode()}"
                    for each in outcome["attached"].get(essay.id, [])
                    if each in pictures
                ]
                text = as_typed(outcome["texts"].get(essay.id, ""))
                answers.append(
                    {
                        "student": student,
                        "name": people.get(student, ""),
                        "pictures": shown,
                        **given,
                        "text": "" if text.strip() == essay.stub.strip() else text,
                        "request": outcome["requests"].get(name),
                        "ticked": ticked.get(self.lesson.folder, {}).get(name, {}).get(student, []),
                    }
                )
            answers.sort(key=lambda answer: not answer["waits"])
            self.records.gradebook.db.remove()
        question = ROW.split(self.lesson.cell(f"essay-{name}").source)[0].partition("| points")[0]
        return template("essays.html").render(
            lesson=self.lesson,
            essay=essay,
            title=titles(self.lesson)[name],
            essays=[cell.name for cell in self.lesson.essays],
            answers=answers,
            rows=rubric(essay, self.lesson),
            question=markdown2html(question),
            nonce=secrets.token_urlsafe(16),
            waiting=sum(answer["waits"] for answer in answers),
        )

    def give(self, name: str, student: str, content: Any) -> dict[str, Any]:
        """Write points, comment and ticks for one answer down; points None leaves it waiting. Gives what the gradebook
        has then.

        Raises KeyError where there is no such essay or answer, ValueError for what cannot be given.
        """
        essay = self.essay(name)
        points, comment, ticks = (
            (content.get(key) for key in ("points", "comment", "ticks"))
            if isinstance(content, dict)
            else (None, None, None)
        )
        most = sum(len(row.ticks) for row in rubric(essay, self.lesson))
        if isinstance(points, bool) or not (
            points is None or (isinstance(points, int | float) and 0 <= points <= essay.points)
        ):
            raise ValueError(
                f"{points!r} are no points for this; a number from 0 to {essay.points:g} is wanted, or nothing"
            )
        if not isinstance(comment, str) or len(comment) > LONGEST:
            raise ValueError(f"a comment is text of at most {LONGEST} characters")
        if not isinstance(ticks, list) or not all(type(tick) is int and 0 <= tick < most for tick in ticks):
            raise ValueError(f"ticks are numbers from 0 to {most - 1}, one for each box that is ticked")
        with self.lock, self.records.alone():
            try:
                grade = self.records.gradebook.find_grade(essay.id, self.lesson.name, self.lesson.folder, student)
                words = self.records.gradebook.find_comment(essay.id, self.lesson.name, self.lesson.folder, student)
            except MissingEntry:
                raise KeyError(student) from None
            grade.manual_score, grade.needs_manual_grade = points, points is None and grade.auto_score is None
            words.manual_comment = comment.strip() or None
            self.records.gradebook.db.commit()
            ticked = ticked_in(self.records.classroom)
            ticked.setdefault(self.lesson.folder, {}).setdefault(name, {})[student] = sorted(set(ticks))
            write_whole(self.file, json.dumps(ticked, indent=1, sort_keys=True) + "\n", PRIVATE)
            given = self.records.score(self.lesson, student)["essays_graded"][essay.id]
            self.records.gradebook.db.remove()
        return given


class Server(ThreadingHTTPServer):
    """address: where the page is, with the token without which nothing is answered."""

    address = ""


def serve(reading: Reading, port: int = 0) -> Server:
    """A server for this machine's own browser, not yet started."""
    token = secrets.token_urlsafe(24)

    class Handler(BaseHTTPRequestHandler):
        timeout = 30

        def do_GET(self) -> None:
            place = self._place()
            if place == [] or place == [""]:
                self.send_response(HTTPStatus.FOUND)
                self.send_header("Location", f"/{token}/{reading.lesson.essays[0].name}")
                self.end_headers()
            elif place is not None:
                self._answered(lambda: reading.page("/".join(place)), "text/html")

        def do_PUT(self) -> None:
            place = self._place()
            if place is None:
                return
            if len(place) != 2:
                return self._send(
                    HTTPStatus.NOT_FOUND, "an answer's address is its essay, a slash and its student", "text/plain"
                )
            name, student = place
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > 8 * LONGEST:
                return self._send(
                    HTTPStatus.BAD_REQUEST, "what is sent is too long, or does not say how long it is", "text/plain"
                )
            content = self.rfile.read(int(length))
            self._answered(lambda: json.dumps(reading.give(name, student, json.loads(content))), "application/json")

        def _place(self) -> list[str] | None:
            """The parts of the address behind the token; answers by itself, and gives None, where it is not this
            page's."""
            parts = [unquote(part) for part in self.path.split("?")[0].split("/")[1:]]
            host = self.headers.get("Host", "").rpartition(":")[0]
            if host not in ("127.0.0.1", "localhost") or not secrets.compare_digest(parts[0].encode(), token.encode()):
                self._send(HTTPStatus.FORBIDDEN, "open the address that `grader essays` printed", "text/plain")
                return None
            return parts[1:]

        def _answered(self, make: Any, kind: str) -> None:
            try:
                self._send(HTTPStatus.OK, make(), kind)
            except (KeyError, TypeError) as error:
                self._send(HTTPStatus.NOT_FOUND, f"there is no {error} here", "text/plain")
            except (ValueError, OSError) as error:
                self._send(HTTPStatus.BAD_REQUEST, str(error), "text/plain")

        def _send(self, status: HTTPStatus, text: str, kind: str) -> None:
            data = text.encode()
            self.send_response(status)
            for name, value in (
                ("Content-Type", f"{kind}; charset=utf-8"),
                ("Content-Length", str(len(data))),
                ("Cache-Control", "no-store"),
                ("Referrer-Policy", "no-referrer"),
                ("X-Content-Type-Options", "nosniff"),
            ):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """The address holds the token, so it is not logged."""

    server = Server(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.address = f"http://127.0.0.1:{server.server_address[1]}/{token}/"
    return server
