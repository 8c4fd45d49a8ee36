#!/usr/bin/env bash
# Makes .cache/mlserver-venv and .cache/triton-venv: virtual environments with the servers that ours is measured
# beside. PyTriton brings the Triton server itself, with its Python backend.
# Use: scripts/install-serving-peers.sh
set -euo pipefail
cd "$(dirname "$0")/.."
command -v python3 >/dev/null || { echo "python3 is not installed (Debian: apt-get install python3-venv)" >&2; exit 1; }

# install NAME PACKAGE...
install() {
  local home="$PWD/.cache/$1-venv"
  shift
  [ "$(cat "$home/peers-ready" 2>/dev/null)" = "$*" ] && return
  rm -rf "$home"
  python3 -m venv "$home"
  "$home/bin/pip" install --quiet --disable-pip-version-check "$@" >&2
  echo "$*" >"$home/peers-ready"
}

install mlserver mlserver==1.7.1 numpy==2.4.6 onnxruntime==1.32.0 uvloop==0.23.0
install triton nvidia-pytriton==0.7.0 numpy==1.26.4 onnxruntime==1.32.0
