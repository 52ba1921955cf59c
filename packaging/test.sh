#!/usr/bin/env bash
# Runs the tests without a screen, one process a core; makes .venv and installs missing system libraries first.
# Arguments go to pytest (-n0 runs them in one process).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# poppler reads the printed pages back, 7-Zip opens the encrypted packages
install_missing "${system_libraries[@]}" poppler-utils p7zip-full
ensure_venv
cd "$root"
QT_QPA_PLATFORM=offscreen exec "$venv/bin/python" -m pytest -n "$(nproc)" "$@"
