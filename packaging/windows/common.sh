# shellcheck shell=bash disable=SC2034
# Shared by build.sh and check.sh: Wine with a home of its own, and where things lie.

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
work=${XIAOBAO_BUILD:-$root/.build}/windows
here="$root/packaging/windows"
python_folder="$work/python"
site="$python_folder/Lib/site-packages"

# Puts Wine's settings into this shell: a prefix and a home below $work, no dialogs, nothing opened by itself.
use_wine() {
  local name=$1
  export HOME="$work/$name-home" WINEPREFIX="$work/$name-prefix" WINEARCH=win64 WINEDEBUG=-all
  export WINEDLLOVERRIDES="mscoree,mshtml,winedbg.exe,winemenubuilder.exe="
  mkdir -p "$HOME"
}

# Runs a Windows program to its end: seconds it may take, then program and arguments. Output goes through a pipe, because
# Wine's programs may hang on a terminal; the exit code is the program's.
in_wine() {
  local seconds=$1
  shift
  timeout -k 10 "$seconds" wine "$@" </dev/null 2>&1 | cat
  return "${PIPESTATUS[0]}"
}

# A path of this machine as Windows programs see it.
windows_path() { printf 'Z:%s\n' "${1//\//\\}"; }

# Makes the prefix of use_wine, once, with stand-ins for two libraries that Wine 8 lacks. They never leave the prefix.
make_prefix() {
  local system="$WINEPREFIX/drive_c/windows/system32"
  [ -e "$WINEPREFIX/.made" ] && return 0
  rm -rf "$WINEPREFIX"
  in_wine 120 wineboot -i >/dev/null
  in_wine 60 winecfg -v win10 >/dev/null
  wineserver -w
  x86_64-w64-mingw32-gcc -O2 -shared -o "$system/windows.ui.dll" "$here/stand-ins/windows_ui.c" -lole32 -luuid
  x86_64-w64-mingw32-gcc -O2 -shared -o "$system/bcryptprimitives.dll" "$here/stand-ins/bcryptprimitives.c" -ladvapi32
  touch "$WINEPREFIX/.made"
}
