"""A made-up learning platform for tests: it logs people in over LTI 1.3, has a class list, and takes grades. One small
server over HTTP on this machine; what it was told lies in `columns`, `scores` and `asked`.
Read tests/classroom/test_server_platform.py first."""

from __future__ import annotations

import json
import secrets
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLAIM = "https://purl.imsglobal.org/spec/lti"
CLIENT = "made-up-client"


class MadeUp:
    """The platform. people: by number, what its class list says of them; the next to log in is `comes`."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.people: dict[str, dict[str, Any]] = {}
        self.tools_key: dict[str, Any] = {}
        self.columns: list[dict[str, Any]] = []
        self.scores: list[dict[str, Any]] = []
        self.tokens: dict[str, str] = {}
        self.asked: list[str] = []
        self.page = 2  # members a page
        self.address = ""

    def settings(self, **teachers: str) -> dict[str, Any]:
        """What an administrator writes into lti.json."""
        return {
            "issuer": self.address,
            "client_id": CLIENT,
            "authorize_url": f"{self.address}/authorize",
            "jwks_url": f"{self.address}/keys",
            "token_url": f"{self.address}/token",
            "teachers": teachers,
        }

    def claim(self, number: str, nonce: str, **more: Any) -> dict[str, Any]:
        """What the platform says of somebody who comes."""
        now = int(time.time())
        roles = self.people.get(number, {}).get("roles", ["Learner"])
        return {
            "iss": self.address,
            "aud": CLIENT,
            "sub": number,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            f"{CLAIM}/claim/message_type": "LtiResourceLinkRequest",
            f"{CLAIM}/claim/version": "1.3.0",
            f"{CLAIM}/claim/deployment_id": "1",
            f"{CLAIM}/claim/target_link_uri": "http://127.0.0.1/",
            f"{CLAIM}/claim/resource_link": {"id": "link"},
            f"{CLAIM}/claim/roles": [f"http://purl.imsglobal.org/vocab/lis/v2/membership#{role}" for role in roles],
            f"{CLAIM}-nrps/claim/namesroleservice": {
                "context_memberships_url": f"{self.address}/members",
                "service_versions": ["2.0"],
            },
            f"{CLAIM}-ags/claim/endpoint": {
                "scope": [f"{CLAIM}-ags/scope/lineitem", f"{CLAIM}-ags/scope/score"],
                "lineitems": f"{self.address}/columns?course=7",
            },
            **more,
        }

    def signed(self, claim: dict[str, Any], key: Any = None) -> str:
        return jwt.encode(claim, key or self.key, "RS256", headers={"kid": "one"})


class Handler(BaseHTTPRequestHandler):
    platform: MadeUp

    def log_message(self, *_: Any) -> None:
        pass

    def tell(self, content: Any, status: int = 200, **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def allowed(self, scope: str) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if scope in self.platform.tokens.get(token, "").split():
            return True
        self.tell({"error": f"no right to {scope}"}, 401)
        return False

    def do_GET(self) -> None:
        parts, here = urllib.parse.urlsplit(self.path), self.platform
        query = dict(urllib.parse.parse_qsl(parts.query))
        here.asked.append(self.path)
        if parts.path == "/keys":
            public = json.loads(RSAAlgorithm.to_jwk(here.key.public_key()))
            self.tell({"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]})
        elif parts.path == "/members" and self.allowed(f"{CLAIM}-nrps/scope/contextmembership.readonly"):
            start = int(query.get("from", 0))
            mine = [{"user_id": number, "status": "Active", **about} for number, about in here.people.items()]
            more = {}
            if len(mine) > start + here.page:
                more = {"Link": f'<{here.address}/members?from={start + here.page}>; rel="next"'}
            self.tell({"id": "x", "context": {"id": "7"}, "members": mine[start : start + here.page]}, **more)
        elif parts.path == "/columns" and self.allowed(f"{CLAIM}-ags/scope/lineitem"):
            assert query["course"] == "7"
            self.tell([column for column in here.columns if column["resourceId"] == query.get("resource_id")])
        else:
            self.tell({"error": "no such page"}, 404)

    def do_POST(self) -> None:
        parts, here = urllib.parse.urlsplit(self.path), self.platform
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        here.asked.append(self.path)
        if parts.path == "/token":
            form = dict(urllib.parse.parse_qsl(body))
            public = RSAAlgorithm.from_jwk(json.dumps(here.tools_key))
            who = jwt.decode(form["client_assertion"], public, ["RS256"], audience=f"{here.address}/token")
            assert who["iss"] == who["sub"] == CLIENT and form["grant_type"] == "client_credentials"
            token = secrets.token_hex(8)
            here.tokens[token] = form["scope"]
            self.tell({"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": form["scope"]})
        elif parts.path == "/columns" and self.allowed(f"{CLAIM}-ags/scope/lineitem"):
            column = {**json.loads(body), "id": f"{here.address}/columns/{len(here.columns)}/lineitem?course=7"}
            here.columns.append(column)
            self.tell(column, 201)
        elif parts.path.endswith("/lineitem/scores") and self.allowed(f"{CLAIM}-ags/scope/score"):
            here.scores.append(json.loads(body))
            self.tell({})
        else:
            self.tell({"error": "no such page"}, 404)


@contextmanager
def made_up() -> Iterator[MadeUp]:
    platform = MadeUp()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Ours", (Handler,), {"platform": platform}))
    platform.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
