"""The class server: JupyterHub with accounts of the system, nbgrader's exchange and the form grader, on one machine.
An administrator starts it with `grader server`; learners and teachers meet it in the browser. docs/server.md tells how.
Read first: `places.py` (what lies where, and who may read it), then `accounts.py`, `spawner.py` and
deploy/hub/jupyterhub_config.py."""
