#!/usr/bin/env bash
# Installs the Debian packages that the tests and benchmarks need and that are missing. Needs root then.
# Use: scripts/install-debian-packages.sh
set -euo pipefail
# The compilers, Python for the client and the benchmarks' peers, h2load, the emulator of another processor, and images.
packages=(g++ make python3 python3-venv nghttp2-client g++-aarch64-linux-gnu qemu-user dataset-fashion-mnist)
# grpcurl is built with Go 1.24 or later, which Debian has from its release 13.
command -v go >/dev/null || packages+=(golang-go)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "nothing is missing of ${packages[*]}"
  exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"
