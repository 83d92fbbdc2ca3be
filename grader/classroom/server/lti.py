"""What a learning platform tells a class server and is told by it, over LTI 1.3: the class list (Names and Role
Provisioning) and grades (Assignment and Grade Services). Off unless classroom/lti.json is there; docs/server.md tells
what goes into it. No lesson teaches it; `grader server --class platform` and `grader export --to-platform` are it.
Read the two specifications at 1EdTech first: lti-nrps v2p0, lti-ags v2p0."""

from __future__ import annotations

import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.desk.files import PRIVATE, write_whole
from grader.classroom.records import Records
from grader.lessons.cells import Lesson

SETTINGS, KEY, LINKS, MEMBERS = "lti.json", "lti-key.pem", "lti-links.json", "lti-members.json"
NEEDED = ("issuer", "client_id", "authorize_url", "jwks_url", "token_url")
SCOPE = "https://purl.imsglobal.org/spec/lti-"
LISTING = f"{SCOPE}nrps/scope/contextmembership.readonly"
GRADING = f"{SCOPE}ags/scope/lineitem {SCOPE}ags/scope/score"
SECONDS = 30
LONGEST = 8 * 2**20
MOST_PAGES = 100
LEARNER, TEACHER = "Learner", "Instructor"


@dataclass
class Platform:
    """A platform as an administrator of it described it, with the addresses that a teacher's login brought.

    teachers: which account a teacher comes to, by the number that the platform knows them by."""

    classroom: Path
    issuer: str
    client_id: str
    authorize_url: str
    jwks_url: str
    token_url: str
    teachers: dict[str, str] = field(default_factory=dict)
    memberships_url: str = ""
    lineitems_url: str = ""

    @classmethod
    def load(cls, classroom: Path) -> Platform:
        """Raises ValueError, with what is wanted, where the settings will not do."""
        file = classroom / SETTINGS
        if not file.exists():
            raise ValueError(f"no platform is known: {file} is not there, which holds {', '.join(NEEDED)}")
        try:
            content = json.loads(file.read_text(encoding="utf-8"))
            links = json.loads((classroom / LINKS).read_text()) if (classroom / LINKS).exists() else {}
            found = cls(classroom, **{**links, **content})
        except (ValueError, TypeError) as error:
            raise ValueError(f"{file} will not do ({error}); it holds {', '.join(NEEDED)}, each a text") from None
        for name in (*NEEDED, "memberships_url", "lineitems_url"):
            value = getattr(found, name)
            wanted = name in NEEDED or value
            if not isinstance(value, str) or (wanted and not (_safe(value) if name.endswith("_url") else value)):
                raise ValueError(f"{file}: {name} is {value!r}; an address is wanted that begins with https://")
        return found

    def remember(self, memberships_url: str, lineitems_url: str, owner: tuple[int, int]) -> None:
        """Keep the addresses that a teacher's login brought; the first stay, for a link that leads to another course
        than this one would take everybody's points there."""
        file = self.classroom / LINKS
        if file.exists():
            return
        content = {
            name: url
            for name, url in (("memberships_url", memberships_url), ("lineitems_url", lineitems_url))
            if url and _safe(url)
        }
        if content:
            write_whole(file, json.dumps(content, indent=1) + "\n", PRIVATE, owner)

    def accounts(self) -> dict[str, str]:
        """Which account is whose, by the number that the platform knows a person by; teachers included."""
        file = self.classroom / MEMBERS
        return {**(json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}), **self.teachers}

    def members(self) -> Iterator[dict[str, Any]]:
        """Everybody of the course who learns there and is not suspended. Raises ValueError where it cannot be asked."""
        if not self.memberships_url:
            raise ValueError(
                "the platform's class list has no address yet: a teacher opens the course's link there once, or "
                f"memberships_url in {SETTINGS} says it"
            )
        address, token = self.memberships_url, self._token(LISTING)
        kind = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
        for _ in range(MOST_PAGES):
            content, headers = self._ask(address, token, accept=kind)
            for one in content.get("members", ()):
                roles = [str(role).rsplit("#", 1)[-1].rsplit("/", 1)[-1] for role in one.get("roles", ())]
                if LEARNER in roles and TEACHER not in roles and one.get("status", "Active") == "Active":
                    yield one
            following = re.search(r'<([^>]+)>\s*;\s*rel="?next"?', headers.get("Link", "") or "")
            if not following:
                return
            address = following[1]

    def send(self, records: Records, lesson: Lesson) -> tuple[list[str], list[str]]:
        """Give each student's points of a lesson to the platform. Gives who has them there now, and who could not be
        told because the platform does not know them. What still waits for a person is said to."""
        if not self.lineitems_url:
            raise ValueError(
                "the platform's grades have no address yet: a teacher opens the course's link there once, or "
                f"lineitems_url in {SETTINGS} says it"
            )
        token = self._token(GRADING)
        column = self._column(lesson, token)
        numbers = {account: number for number, account in self.accounts().items()}
        sent, unknown = [], []
        for outcome in records.outcomes(lesson):
            student = outcome["student"]
            if student not in numbers:
                unknown.append(student)
                continue
            score = {
                "userId": numbers[student],
                "scoreGiven": round(outcome["score"], 2),
                "scoreMaximum": float(lesson.points),
                "activityProgress": "Completed",
                "gradingProgress": "PendingManual" if outcome["waits"] else "FullyGraded",
                "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            }
            self._ask(_with(column, "/scores"), token, score, kind="application/vnd.ims.lis.v1.score+json")
            sent.append(student)
        return sent, unknown

    def _column(self, lesson: Lesson, token: str) -> str:
        """The address of the lesson's column in the platform's table of grades, made where there is none."""
        kind = "application/vnd.ims.lis.v2.lineitem"
        query = "&" if "?" in self.lineitems_url else "?"
        wanted = urllib.parse.urlencode({"resource_id": lesson.folder})
        found, _ = self._ask(f"{self.lineitems_url}{query}{wanted}", token, accept=f"{kind}container+json")
        for column in found if isinstance(found, list) else ():
            if column.get("resourceId") == lesson.folder:
                return str(column["id"])
        content = {
            "scoreMaximum": float(lesson.points),
            "label": f"{lesson.folder}: {lesson.title}",
            "resourceId": lesson.folder,
        }
        made, _ = self._ask(self.lineitems_url, token, content, kind=f"{kind}+json")
        return str(made["id"])

    def _token(self, scopes: str) -> str:
        import jwt

        now = int(time.time())
        claim = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.token_url,
            "iat": now,
            "exp": now + 300,
            "jti": uuid.uuid4().hex,
        }
        signed = jwt.encode(
            claim, private_key(self.classroom), "RS256", headers={"kid": public_key(self.classroom)["kid"]}
        )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": signed,
            "scope": scopes,
        }
        answer, _ = self._ask(self.token_url, "", form=form)
        if "access_token" not in answer:
            raise ValueError(f"{self.token_url} gave no access_token")
        return str(answer["access_token"])

    def _ask(
        self,
        address: str,
        token: str,
        content: dict[str, Any] | None = None,
        form: dict[str, str] | None = None,
        kind: str = "application/json",
        accept: str = "application/json",
    ) -> tuple[Any, Any]:
        if not _safe(address):
            raise ValueError(f"the platform names {address!r}, which does not begin with https://")
        data = json.dumps(content).encode() if content is not None else None
        headers = {"Accept": accept} | ({"Authorization": f"Bearer {token}"} if token else {})
        if form is not None:
            data, kind = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
        if data is not None:
            headers["Content-Type"] = kind
        try:
            with _OPENER.open(urllib.request.Request(address, data, headers), timeout=SECONDS) as answer:
                text = answer.read(LONGEST)
                return (json.loads(text) if text.strip() else {}), answer.headers
        except urllib.error.HTTPError as error:
            said = " ".join(error.read(300).decode(errors="replace").split())
            raise ValueError(f"{address} answered {error.code}: {said or error.reason}") from None
        except (OSError, ValueError) as error:
            raise ValueError(f"{address} could not be asked: {getattr(error, 'reason', error)}") from None


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    """A redirection would carry the token to whoever it names."""

    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirection)


def private_key(classroom: Path) -> bytes:
    """The key by which the platform knows this server; made once, readable by its owner alone."""
    file = classroom / KEY
    if not file.exists():
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        made = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        about = classroom.stat()
        write_whole(file, made, PRIVATE, (about.st_uid, about.st_gid))
    return file.read_bytes()


def public_key(classroom: Path) -> dict[str, Any]:
    """The other half, as a platform wants it."""
    import hashlib

    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from jwt.algorithms import RSAAlgorithm

    public = load_pem_private_key(private_key(classroom), None).public_key()
    found = json.loads(RSAAlgorithm.to_jwk(public))  # type: ignore[arg-type]
    name = hashlib.sha256(found["n"].encode()).hexdigest()[:16]
    return {**found, "kid": name, "alg": "RS256", "use": "sig", "key_ops": ["verify"]}


def _safe(address: str) -> bool:
    """Whether what is sent there stays between the two: https, or this machine itself."""
    parts = urllib.parse.urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost"))


def _with(address: str, tail: str) -> str:
    parts = urllib.parse.urlsplit(address)
    return parts._replace(path=parts.path.rstrip("/") + tail).geturl()
