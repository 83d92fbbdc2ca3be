#!/usr/bin/env bash
# The scheduler of a grading cluster, started again when it ends: scheduler.sh [options of `dask scheduler`]
#     deploy/cluster/scheduler.sh --host tls://0.0.0.0 --port 8786 --tls-ca-file ca.pem --tls-cert cert.pem --tls-key key.pem
# It needs little: a core and 2 GiB. Its dashboard asks nobody who they are, so it is this machine's own: ssh -L 8787:localhost:8787 HOST shows it.
# Tried: `dask scheduler` with these options by tests/classroom/test_cluster.py; the loop itself by hand.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-$here/.venv/bin/python}
scheduler=
trap 'trap - TERM INT; [ -n "$scheduler" ] && kill "$scheduler" 2>/dev/null; wait; exit 0' TERM INT
while true; do
    "$python" -m distributed.cli.dask_scheduler --dashboard-address 127.0.0.1:8787 "$@" &
    scheduler=$!
    wait "$scheduler"
    sleep 1
done
