#!/usr/bin/env bash
# A cluster on machines that are reached by ssh: by-ssh.sh start|stop SCHEDULER-ADDRESS HOST[:WORKERS]...
#     deploy/cluster/by-ssh.sh start tls://grading.example:8786 lab1:8 lab2:16
# Each host has the same checkout and environment in the same folder as this one (rsync -a does it), and the certificates in FOLDER/tls.
# Without :WORKERS there is one worker for each core. stop ends those of this account.
# Tried: by hand, start and stop, with a stand-in for ssh that runs the command on this machine. With an ssh server: not yet.
set -euo pipefail
what=${1:?start or stop is wanted}
address=${2:?the address of the scheduler is wanted}
shift 2
here=$(cd "$(dirname "$0")/../.." && pwd)
tls=()
case $address in tls://*) tls=(--tls-ca-file tls/ca.pem --tls-cert tls/cert.pem --tls-key tls/key.pem) ;; esac
for each in "$@"; do
    host=${each%%:*}
    workers=${each#"$host"}
    workers=${workers#:}
    case $what in
        start)
            options="$(printf '%q ' "$address" --nthreads "${workers:-NPROC}" "${tls[@]+"${tls[@]}"}")"
            ssh "$host" "cd $(printf %q "$here") && mkdir -p classroom && { nohup setsid deploy/cluster/worker.sh ${options/NPROC/\$(nproc)} \
>> classroom/worker.log 2>&1 < /dev/null & echo \$! > classroom/worker.pid; }"
            echo "$host: started" ;;
        stop)
            ssh "$host" "cd $(printf %q "$here") && [ -f classroom/worker.pid ] && kill -TERM -\$(cat classroom/worker.pid); rm -f classroom/worker.pid"
            echo "$host: stopped" ;;
        *) echo "start or stop is wanted, and $what came" >&2; exit 2 ;;
    esac
done
