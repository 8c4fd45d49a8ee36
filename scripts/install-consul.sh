#!/bin/sh
# Use: scripts/install-consul.sh [folder]
# Fetches a Consul agent for the tests into a folder (default: .cache/consul in the repository) and prints the
# path of its binary. Needs a Debian host, no root: apt downloads and verifies Debian 11's package, which is only
# unpacked, never installed. Does nothing but print when the binary is there already.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
folder=${1:-"$root/.cache/consul"}
mkdir -p "$folder"
folder=$(CDPATH='' cd -- "$folder" && pwd)
binary="$folder/usr/bin/consul"

if [ -x "$binary" ] && "$binary" version >/dev/null 2>&1; then
  echo "$binary"
  exit 0
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
  echo "install-consul: needs apt-get and dpkg; elsewhere install consul >= 1.8 and set TENON_TEST_CONSUL" >&2
  exit 1
fi

work=$(mktemp -d "$folder/.download-XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
: >"$work/status"

# The host's own mirrors, from a deb822 file or else from the older list, with the release replaced.
host_sources=/etc/apt/sources.list.d/debian.sources
if [ -r "$host_sources" ]; then
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-bookworm}")
  sed "s/$codename-updates//; s/$codename-security/bullseye-security/; s/$codename/bullseye/" \
    "$host_sources" >"$work/debian.sources"
else
  mirror=$(awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ "://") { print $i; exit } }' /etc/apt/sources.list || true)
  if [ -z "$mirror" ]; then
    echo "neither $host_sources nor /etc/apt/sources.list names a Debian mirror, which Consul's package comes from" >&2
    exit 1
  fi
  cat >"$work/debian.sources" <<SOURCES
Types: deb
URIs: $mirror
Suites: bullseye
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
fi

apt() {
  apt-get -q \
    -o "Dir::Etc::sourcelist=$work/debian.sources" -o Dir::Etc::sourceparts=/dev/null \
    -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o "Dir::State::status=$work/status" "$@" >&2
}
cd "$work"
apt update
apt download consul
dpkg -x consul_*.deb "$folder"
"$binary" version >&2
echo "$binary"
