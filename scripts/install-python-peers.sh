#!/usr/bin/env bash
# Makes .cache/exchange-venv: a virtual environment with the libraries that models are exchanged with.
# Prints the path of its interpreter.
# Use: scripts/install-python-peers.sh
set -euo pipefail
cd "$(dirname "$0")/.."
home="$PWD/.cache/exchange-venv"
if [ ! -e "$home/peers-ready" ]; then
  command -v python3 >/dev/null || { echo "python3 is not installed (Debian: apt-get install python3-venv)" >&2; exit 1; }
  rm -rf "$home"
  python3 -m venv "$home"
  # xgboost-cpu is xgboost without the libraries for graphics cards.
  "$home/bin/pip" install --quiet --disable-pip-version-check numpy==2.4.6 scikit-learn==1.9.1 onnx==1.23.2 \
    onnxruntime==1.32.0 skl2onnx==1.20.0 xgboost-cpu==3.2.0 lightgbm==4.7.0 >&2
  touch "$home/peers-ready"
fi
echo "$home/bin/python"
