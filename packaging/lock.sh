#!/usr/bin/env bash
# Makes requirements.lock again from pyproject.toml: every package with its version and the SHA-256 of each file the
# registry has of it, for Linux and Windows (markers tell which packages only one of them needs). Versions stay as
# they are locked; --upgrade takes the newest ones allowed, --upgrade-package NAME one of them. After that: the tests,
# the frozen program on both systems, and only then a commit.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

lock="$root/packaging/requirements.lock"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=$(find_python)
"$python" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.5,<1'

# Where pip looks, uv looks too; the address stays out of the lock.
index=$("$python" -m pip config get global.index-url 2>/dev/null || true)
cp "$lock" "$work/lock"
(cd "$root" && "$work/venv/bin/uv" pip compile --quiet --universal --generate-hashes --no-header --no-annotate --no-emit-index-url \
  --python-version 3.11 --extra dev --extra build ${index:+--index-url "$index"} "$@" \
  --output-file "$work/lock" pyproject.toml)
{
  printf '%s\n' "# Made by packaging/lock.sh from pyproject.toml: do not edit by hand. pip installs it with --require-hashes."
  cat "$work/lock"
} >"$lock"
printf '%s packages\n' "$(grep -c == "$lock")"
