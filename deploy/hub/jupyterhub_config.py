"""JupyterHub for a class on one machine, as `grader server` starts it. The settings are those of hub/server.json in the
class's folder; what this file says is the same for every class. Read docs/server.md first."""

import os
import secrets
from pathlib import Path

from grader.classroom.server.places import VARIABLE, Server
from grader.classroom.server.proxy import command as proxy_command
from grader.classroom.server.service import SERVICE, as_service
from grader.classroom.server.spawner import ClassSpawner

c = get_config()
server = Server.load(Path(os.environ[VARIABLE]))

# People reach the proxy, and nothing else listens beyond this machine; a web server with a certificate stands before it
# where it is to be reached from outside.
c.JupyterHub.bind_url = f"http://{server.ip}:{server.port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{server.hub_port}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{server.proxy_port}"
c.ConfigurableHTTPProxy.auth_token = secrets.token_hex(32)
c.ConfigurableHTTPProxy.command = proxy_command()
c.ConfigurableHTTPProxy.pid_file = str(server.hub / "proxy.pid")

# All that the hub knows lies in one folder that only root enters.
c.JupyterHub.db_url = f"sqlite:///{server.hub / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(server.hub / "cookie_secret")
c.JupyterHub.shutdown_on_logout = True
c.JupyterHub.authenticate_prometheus = True
c.JupyterHub.template_vars = {"announcement_login": "Your name and password come from your teacher."}


def first_page(handler):
    """Teachers come to the class's page, and everybody else to their lessons."""
    user = handler.current_user
    return f"{c.JupyterHub.get('base_url', '/')}services/{SERVICE}/" if user and user.name in server.teachers else ""


c.JupyterHub.default_url = first_page

# Who may log in stands in the system's own list of groups, so that somebody who is added need not wait for a restart.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.open_sessions = False
c.PAMAuthenticator.allowed_groups = {server.learners_group, server.teachers_group}
c.PAMAuthenticator.allow_all = False
if server.lti:
    from grader.classroom.server.platform_login import configure

    configure(c, server)

c.JupyterHub.spawner_class = ClassSpawner
c.ClassSpawner.settings = server
c.ClassSpawner.env_keep = ["LANG", "LC_ALL"]
c.ClassSpawner.default_url = ""
# A whole class may come at once: who waits is told so, and nobody is turned away.
c.ClassSpawner.start_timeout = 300
c.ClassSpawner.http_timeout = 300

# Nobody administers the hub in the browser; teachers may open the form grader, and nobody's server but their own.
c.JupyterHub.load_groups = {"teachers": {"users": server.teachers}}
c.JupyterHub.load_roles = [
    {"name": "teachers", "scopes": [f"access:services!service={SERVICE}"], "groups": ["teachers"]}
]
c.JupyterHub.services = [as_service(server)]
