#!/usr/bin/env bash
# Builds grpcurl into .cache/bin with the Go toolchain and prints its path.
# Use: scripts/install-grpcurl.sh
set -euo pipefail
cd "$(dirname "$0")/.."
version=v1.9.3
bin="$PWD/.cache/bin"
if [ ! -x "$bin/grpcurl" ]; then
  command -v go >/dev/null || { echo "grpcurl is built with Go, which is not installed (Debian: apt-get install golang-go)" >&2; exit 1; }
  mkdir -p "$bin"
  GOBIN="$bin" GOFLAGS=-mod=mod go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@$version" >&2
fi
echo "$bin/grpcurl"
