#!/usr/bin/env bash
# Builds and checks both installers when what they are made from has changed since they were last verified
# (verified.json, see stamp.py), or always with FULL=1. Takes up to an hour; about ten minutes of it only the first time.
# After a good run on a developer's machine the new sum is recorded and belongs into the commit.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

ensure_venv
if [ "${FULL:-}" != 1 ] && "$venv/bin/python" "$root/packaging/stamp.py" >/dev/null; then
  say "Both installers were verified in this state; not built again (FULL=1 builds them)."
  exit 0
fi
out=$(realpath -m "${XIAOBAO_OUT:-$root/dist}")
bash "$root/packaging/linux/build.sh" "$out"
bash "$root/packaging/linux/check.sh" "$out"/*.deb
bash "$root/packaging/windows/build.sh" "$out"
bash "$root/packaging/windows/check.sh" "$out"/XiaobaoSetup-*.exe
if [ "${CI:-}" = true ]; then
  say "Both are good. Record it: python packaging/stamp.py --record"
else
  "$venv/bin/python" "$root/packaging/stamp.py" --record
fi
