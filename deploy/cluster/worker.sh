#!/usr/bin/env bash
# A worker of the grading cluster, started again whenever it ends: worker.sh ADDRESS [options of `dask worker`]
#     deploy/cluster/worker.sh tls://grading.example:8786 --nthreads 8 --tls-ca-file ca.pem --tls-cert cert.pem --tls-key key.pem
# Run it in the checkout of the course, on each machine, as an account that may do nothing else there. A worker ends when its scheduler does,
# with status 0: that is why it is started again then too. SIGTERM or Ctrl-C ends both. Tried: by tests/classroom/test_cluster.py.
set -u
address=${1:?the address of the scheduler is wanted: tls://HOST:8786}
shift
here=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-$here/.venv/bin/python}
# --nthreads says how many submissions are judged at once, each by a process of its own that computes with one thread: as many as there are cores.
# Dask's nanny is not needed, for this loop is one.
export OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"
worker=
trap 'trap - TERM INT; [ -n "$worker" ] && kill "$worker" 2>/dev/null; wait; exit 0' TERM INT
while true; do
    "$python" -m distributed.cli.dask_worker "$address" --nthreads 1 --no-nanny --memory-limit 0 --death-timeout 60 \
        --preload grader.classroom.workers "$@" &
    worker=$!
    wait "$worker"
    sleep "${SECONDS_BETWEEN:-2}"
done
