#!/usr/bin/env bash
# Certificates for a grading cluster: an authority of its own, and one certificate that scheduler, workers and the grading command share.
#     deploy/cluster/certificates.sh FOLDER
# makes ca.pem, cert.pem and key.pem in it. Whoever has key.pem may send work to the cluster and read what is sent: it goes to the machines of
# the cluster and to nobody else. The authority's own key is thrown away, so that nothing more is signed by it. Tried: by tests/classroom/test_cluster.py.
set -euo pipefail
folder=${1:?a folder is wanted}
days=${DAYS:-400}
mkdir -p "$folder"
[ ! -e "$folder/key.pem" ] || { echo "$folder/key.pem is there already; nothing was done" >&2; exit 1; }
umask 077
authority=$(mktemp)
request=$(mktemp)
trap 'rm -f "$authority" "$request"' EXIT
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" -subj "/CN=grading cluster's authority" \
    -addext basicConstraints=critical,CA:TRUE -keyout "$authority" -out "$folder/ca.pem" 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=grading cluster" -keyout "$folder/key.pem" -out "$request" 2>/dev/null
openssl x509 -req -in "$request" -CA "$folder/ca.pem" -CAkey "$authority" -CAcreateserial -CAserial "$request.srl" -days "$days" \
    -out "$folder/cert.pem" 2>/dev/null
rm -f "$request.srl"
chmod 644 "$folder/ca.pem" "$folder/cert.pem"
echo "ca.pem, cert.pem and key.pem are in $folder, for $days days"
