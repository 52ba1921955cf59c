#!/usr/bin/env bash
# Freezes the program for this Linux: freeze.sh FOLDER makes FOLDER/xiaobao. Quick, for tests; the .deb is made by
# linux/build.sh in an older system.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

[ "$#" -eq 1 ] || die "Usage: freeze.sh FOLDER"
out=$(realpath -m "$1")
# xcb-cursor and its like go along: a desktop may lack them.
install_missing "${system_libraries[@]}" binutils
ensure_venv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PYTHONHASHSEED=1 "$venv/bin/python" -m PyInstaller --noconfirm --log-level ERROR --distpath "$out" --workpath "$work" \
  "$root/packaging/xiaobao.spec"
