#!/usr/bin/env bash
# Runs tests in the Windows Python under Wine, from the source as it stands: run_tests.sh [what pytest takes; default the rooms
# that touch files]. Needs what build.sh made (Python and wheels). Slower than here by about ten times.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

packages="$work/test-packages"
[ -e "$python_folder/made-from" ] || die "Run packaging/windows/build.sh first."
if [ ! -e "$packages/.made" ]; then
  rm -rf "$packages"
  awk '/^[A-Za-z0-9]/ { keep = ($0 ~ /^(pytest|pytest-qt|hypothesis|sortedcontainers|iniconfig|pygments|pluggy|packaging|typing-extensions)==/) } keep' \
    "$root/packaging/requirements.lock" >"$work/test.lock"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
    --platform win_amd64 --python-version 3.11 --implementation cp --target "$packages" --requirement "$work/test.lock" >&2
  touch "$packages/.made"
fi
[ "$#" -gt 0 ] || set -- tests/store tests/exchange tests/domain tests/services tests/test_files.py tests/test_paths.py
use_wine tests
export LC_ALL=zh_CN.UTF-8 USER=王芳 LOGNAME=王芳 QT_QPA_PLATFORM=offscreen PYTHONDONTWRITEBYTECODE=1
PYTHONPATH=$(windows_path "$packages")
export PYTHONPATH
make_prefix
cd "$root"
in_wine 3000 "$python_folder/python.exe" -X utf8 -m pytest -q -p no:cacheprovider "$@"
