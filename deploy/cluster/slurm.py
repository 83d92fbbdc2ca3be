"""Workers as jobs of a batch system: python deploy/cluster/slurm.py --workers 64 [--print]
It is the scheduler as well, prints the address that `grader grade --cluster` takes, and ends the jobs with Ctrl-C.
pip install dask-jobqueue (0.9.0). For PBS, LSF, SGE or HTCondor put that class in the place of SLURMCluster.
Tried: the job that it would hand in was looked at (--print), and its command run by hand. In a Slurm: not yet."""

import argparse
import signal
import sys
from pathlib import Path

from dask_jobqueue import SLURMCluster
from distributed import Security

HERE = Path(__file__).resolve().parent.parent.parent


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--workers", type=int, default=8, help="jobs, each with one worker on one core")
    words.add_argument("--memory", default="4GiB", help="of a job: 2 GiB are a submission's, the rest the judge's")
    words.add_argument("--time", default="04:00:00", help="that a job may take; what it was doing is done again")
    words.add_argument("--queue", default=None)
    words.add_argument("--tls", type=Path, default=None, help="a folder with ca.pem, cert.pem and key.pem, seen by all")
    words.add_argument("--print", action="store_true", help="print the job, and hand nothing in")
    given = words.parse_args()
    security = None
    if given.tls:
        ca, cert, key = (str(given.tls / f"{name}.pem") for name in ("ca", "cert", "key"))
        security = Security(
            tls_ca_file=ca,
            tls_scheduler_cert=cert,
            tls_scheduler_key=key,
            tls_worker_cert=cert,
            tls_worker_key=key,
            tls_client_cert=cert,
            tls_client_key=key,
            require_encryption=True,
        )
    cluster = SLURMCluster(
        queue=given.queue,
        cores=1,
        processes=1,
        memory=given.memory,
        walltime=given.time,
        python=sys.executable,
        nanny=False,
        security=security,
        protocol="tls://" if given.tls else "tcp://",
        worker_extra_args=["--memory-limit", "0", "--preload", "grader.classroom.workers"],
        job_script_prologue=[f"cd {HERE}", f"export PYTHONPATH={HERE} OMP_NUM_THREADS=1 MKL_NUM_THREADS=1"],
        scheduler_options={"dashboard_address": "127.0.0.1:0"},
    )
    with cluster:
        if given.print:
            print(cluster.job_script())
            return
        cluster.adapt(minimum=given.workers, maximum=given.workers)  # a job that ends is handed in anew
        print(f"grader grade LESSON --cluster {cluster.scheduler_address}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
