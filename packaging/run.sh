#!/usr/bin/env bash
# Opens the program; makes .venv and installs missing system libraries first. Arguments go to the program: --demo opens a
# demo book without a password, a command (see --help) runs without a window.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Tells whether the arguments ask for a window: no command among them and no help.
wants_window() {
  while [ "$#" -gt 0 ]; do
    case "$1" in
      --book | --password-file) shift ;;
      -h | --help | --version) return 1 ;;
      -*) ;;
      *) return 1 ;;
    esac
    shift || break
  done
  return 0
}

if wants_window "$@" && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ]; then
  die "A window needs a screen: start this inside a desktop session. 打开窗口需要桌面环境，请在桌面里运行。"
fi
install_missing "${system_libraries[@]}"
ensure_venv
exec "$venv/bin/python" -m xiaobao_desktop "$@"
