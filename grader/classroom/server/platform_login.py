"""Login by a learning platform (LTI 1.3): whoever the platform says came opens the account that is theirs in the class
list, and nobody else any. `grader server --lti` switches it on; docs/server.md tells what the platform is told.
Read grader/classroom/server/lti.py first; the protocol itself is jupyterhub-ltiauthenticator's."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

from jupyterhub.handlers import BaseHandler
from ltiauthenticator.lti13.auth import LTI13Authenticator
from tornado import web
from traitlets import Any as AnyValue

from course.desk.files import PRIVATE, write_whole
from grader.classroom.server.accounts import NAME, exists, members
from grader.classroom.server.lti import MEMBERS, Platform, public_key
from grader.classroom.server.places import Server

CLAIM = "https://purl.imsglobal.org/spec/lti"
LISTS = f"{CLAIM}-nrps/claim/namesroleservice"
GRADES = f"{CLAIM}-ags/claim/endpoint"


class Keys(BaseHandler):
    """The public key, where the platform looks for it."""

    async def get(self) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"keys": [public_key(self.authenticator.settings.classroom)]}))


class PlatformAuthenticator(LTI13Authenticator):
    """Who logs in is the account that stands beside the platform's number for them."""

    settings = AnyValue(help="The class server's settings.").tag(config=True)

    def get_handlers(self, app: Any) -> list[Any]:
        return [*super().get_handlers(app), ("/lti13/keys", Keys)]

    def get_username(self, token: dict[str, Any]) -> str:
        platform = Platform.load(self.settings.classroom)
        account = platform.accounts().get(str(token.get("sub", "")), "")
        known = members(self.settings.learners_group) | members(self.settings.teachers_group)
        if not account or account not in known:
            raise web.HTTPError(403, reason="You are not in the class list of this server: ask your teacher.")
        if account in self.settings.teachers and token.get("sub") in platform.teachers:
            about = self.settings.classroom.stat()
            platform.remember(
                str(token.get(LISTS, {}).get("context_memberships_url", "")),
                str(token.get(GRADES, {}).get("lineitems", "")),
                (about.st_uid, about.st_gid),
            )
        return account


def configure(c: Any, server: Server) -> None:
    """Put it in the place of passwords."""
    platform = Platform.load(server.classroom)
    c.JupyterHub.authenticator_class = PlatformAuthenticator
    c.PlatformAuthenticator.settings = server
    c.PlatformAuthenticator.allow_all = True  # get_username lets in whom the class list has, and nobody else
    c.PlatformAuthenticator.issuer = platform.issuer
    c.PlatformAuthenticator.client_id = {platform.client_id}
    c.PlatformAuthenticator.authorize_url = platform.authorize_url
    c.PlatformAuthenticator.jwks_endpoint = platform.jwks_url
    c.JupyterHub.template_vars = {"announcement_login": "Open the course's link on your learning platform."}


def class_list(server: Server) -> Path:
    """The platform's class list as a file that `grader students` takes, with an account for each. Who had one keeps it.

    Never that of somebody who has an account here already: whoever the platform calls so would open it.
    """
    platform = Platform.load(server.classroom)
    known, text = platform.accounts(), io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("username", "first name", "last name", "email", "lms id"))
    found, taken = {}, set(known.values())
    for one in platform.members():
        number = str(one.get("user_id", ""))
        if not number or number in platform.teachers:
            continue
        account = known.get(number) or _account(one, taken)
        taken.add(account)
        found[number] = account
        writer.writerow((account, one.get("given_name", ""), one.get("family_name", ""), one.get("email", ""), number))
    if not found:
        raise ValueError("the platform's class list has nobody in it who learns")
    file, about = server.classroom / MEMBERS, server.classroom.stat()
    kept = {number: account for number, account in known.items() if number not in platform.teachers}
    content = json.dumps({**kept, **found}, indent=1, sort_keys=True) + "\n"
    write_whole(file, content, PRIVATE, (about.st_uid, about.st_gid))
    listed = server.hub / "class-from-platform.csv"
    write_whole(listed, text.getvalue(), PRIVATE)
    return listed


def _account(one: dict[str, Any], taken: set[str]) -> str:
    """What to call somebody's account: as the platform calls them, else after their address, else by their number."""
    mail, number = str(one.get("email", "")).partition("@")[0], str(one["user_id"])
    wishes = (str(one.get("ext_user_username", "")), mail, str(one.get("lis_person_sourcedid", "")), f"u{number}")
    for wish in map(str.lower, wishes):
        if NAME.fullmatch(wish) and wish not in taken and not exists(wish):
            return wish
    start = f"u{re.sub('[^a-z0-9]', '', number.lower())[:24]}"
    return next(
        name for name in (start, *(f"{start}-{n}" for n in range(2, 999))) if name not in taken | _existing(name)
    )


def _existing(name: str) -> set[str]:
    return {name} if exists(name) else set()
