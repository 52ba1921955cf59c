#!/usr/bin/env bash
# Checks a built .deb, as root: check.sh FILE.deb [SUITE …]. In a clean minimal system of each Debian release (default:
# the oldest that fits and the newer ones) it is installed with apt, started under Xvfb by a plain user, runs its
# self-test and the main job (new book, ledger, month on paper: the same text as from source), and is removed again
# with the book left in place. Pictures of the window go beside the .deb. Ends with an error at the first fault.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/chroot.sh"

[ "$#" -ge 1 ] || die "Usage: check.sh FILE.deb [SUITE …]"
deb=$(realpath "$1")
shift
suites=("$@")
[ "${#suites[@]}" -gt 0 ] || suites=(bullseye bookworm trixie)
pictures=$(dirname "$deb")/pictures
job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT
password=消保2026-检查

# The main job in the folder $1 with the program that the other arguments start; prints the month's text.
main_job() {
  local place=$1
  shift
  mkdir -p "$place/报表"
  XIAOBAO_PASSWORD=$password "$@" --book "$place/账 簿" init --bank 某某农村商业银行 --officer 周敏 >/dev/null
  XIAOBAO_PASSWORD=$password "$@" --book "$place/账 簿" import complaint "$place/ledger.xlsx" --json >"$place/import.json"
  XIAOBAO_PASSWORD=$password "$@" --book "$place/账 簿" report monthly --period 2026-10 --out "$place/报表" >/dev/null
}

# What the import told, without the name of the backup made before it.
numbers() { grep -v '"backup"' "$1/import.json"; }

month_text() { pdftotext -layout "$1"/报表/*.pdf - | grep -v -e 生成 -e 校验; }

run_in_place() { (cd "$root" && QT_QPA_PLATFORM=offscreen "$venv/bin/python" -m xiaobao_desktop "$@"); }

# The window of the installed program on a screen of its own; its picture is kept.
show_window() {
  local system=$1 suite=$2 number colours
  exec 9< <(exec Xvfb -displayfd 1 -screen 0 1366x768x24 -nolisten tcp 2>/dev/null)
  local server=$!
  read -r number <&9
  mkdir -p "$system/tmp/.X11-unix"
  mount --bind /tmp/.X11-unix "$system/tmp/.X11-unix"
  # The system's processes end with its first one, which waits for the file.
  inside "$system" 'su -s /bin/bash officer -c "DISPLAY=:$1 exec xiaobao-desktop --demo" &
    for _ in $(seq 150); do [ -e /tmp/stop ] && break; sleep 1; done' "$number" &
  local program=$! found=""
  for _ in $(seq 90); do
    found=$(DISPLAY=:$number xdotool search --onlyvisible --name 小保 2>/dev/null | head -n 1 || true)
    [ -n "$found" ] && break
    sleep 1
  done
  sleep 8
  DISPLAY=:$number import -window root "$pictures/$suite.png"
  touch "$system/tmp/stop"
  wait "$program" || true
  umount "$system/tmp/.X11-unix"
  kill "$server"
  exec 9<&-
  [ -n "$found" ] || die "$suite: no window appeared."
  colours=$(identify -format %k "$pictures/$suite.png")
  [ "$colours" -gt 100 ] || die "$suite: the window is blank ($colours colours)."
  say "$suite: window shown, $colours colours, $pictures/$suite.png"
}

check_in() {
  local suite=$1 base="$work/base-$1" system="$work/check-$1" began=$SECONDS
  make_system "$suite" "$base"
  rm -rf "$system"
  cp -a "$base" "$system"
  cp "$deb" "$system/root/xiaobao.deb"
  inside "$system" 'apt-get update -qq; apt-get install -y -qq --no-install-recommends /root/xiaobao.deb >/dev/null 2>&1
    useradd --create-home officer
    ! find / -xdev -name "libreadline*" -path "*xiaobao*" | grep .
    find /opt/xiaobao-desktop -perm -o+w -not -type l | (! grep .)'
  say "$suite: installed with apt, $(inside "$system" 'dpkg-query -W | wc -l') packages in the system"
  inside "$system" 'su officer -c "xiaobao-desktop self-test"' >&2
  local place="$system/home/officer/job"
  mkdir -p "$place"
  cp "$root/tests/data/complaint-ledger.xlsx" "$place/ledger.xlsx"
  inside "$system" 'chown -R officer: /home/officer'
  inside "$system" "$(declare -f main_job)"'
    export -f main_job
    su -s /bin/bash officer -c "password=$1; main_job /home/officer/job xiaobao-desktop"' "$password"
  diff <(numbers "$place") <(numbers "$job") >&2 || die "$suite: other numbers than from source."
  diff <(month_text "$place") <(month_text "$job") >&2 || die "$suite: another text of the month than from source."
  say "$suite: main job done, same numbers, same text of the month"
  show_window "$system" "$suite"
  inside "$system" 'apt-get remove -y -qq xiaobao-desktop >/dev/null 2>&1
    test ! -e /opt/xiaobao-desktop; test ! -e /usr/bin/xiaobao-desktop; test -s "/home/officer/job/账 簿/book.db" ||
      ls "/home/officer/job/账 簿" | grep -q .'
  say "$suite: removed, the book is still there; $((SECONDS - began)) s"
  rm -rf "$system"
}

# Desktop entry and file types, as the desktop's own tools read them.
check_desktop() {
  desktop-file-validate "$root/packaging/linux/$package.desktop"
  local types="$job/mime"
  mkdir -p "$types/packages"
  cp "$root/packaging/linux/$package.xml" "$types/packages/"
  update-mime-database "$types" 2>/dev/null
  local kind
  for kind in x-xiaobao-backup:xbbak x-xiaobao-package:xbpack; do
    grep -q "application/${kind%:*}:\*\.${kind#*:}\$" "$types/globs2" || die "The file type .${kind#*:} is not known."
    grep -q "^MimeType=.*application/${kind%:*};" "$root/packaging/linux/$package.desktop" ||
      die "A double click on .${kind#*:} would not start the program."
  done
}

[ "$(id -u)" -eq 0 ] || die "A Debian system in a folder needs root. 请用 root 运行。"
install_missing debootstrap xvfb xdotool imagemagick poppler-utils desktop-file-utils shared-mime-info \
  "${system_libraries[@]}"
ensure_venv
mkdir -p "$pictures"
check_desktop
cp "$root/tests/data/complaint-ledger.xlsx" "$job/ledger.xlsx"
main_job "$job" run_in_place
for suite in "${suites[@]}"; do
  check_in "$suite"
done
say "$(basename "$deb"): good on ${suites[*]}"
