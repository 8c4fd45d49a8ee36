#!/usr/bin/env bash
# Makes .cache/python-client: a virtual environment with grpcio and a client generated from proto/.
# Prints the path of its interpreter.
# Use: scripts/install-python-client.sh
set -euo pipefail
cd "$(dirname "$0")/.."
home="$PWD/.cache/python-client"
if [ ! -e "$home/ready" ]; then
  command -v python3 >/dev/null || { echo "python3 is not installed (Debian: apt-get install python3-venv)" >&2; exit 1; }
  rm -rf "$home"
  python3 -m venv "$home"
  "$home/bin/pip" install --quiet --disable-pip-version-check grpcio==1.76.0 grpcio-tools==1.76.0 googleapis-common-protos==1.72.0 >&2
  touch "$home/ready"
fi
# The contracts may have changed since: generating takes a second.
mkdir -p "$home/client"
(cd proto && "$home/bin/python" -m grpc_tools.protoc -I . --python_out="$home/client" --grpc_python_out="$home/client" $(find tenon -name '*.proto'))
echo "$home/bin/python"
