#!/usr/bin/env bash
# Tries XiaobaoSetup.exe under Wine as an officer would meet it: check.sh SETUP.exe [folder for pictures and results].
# A Windows user with a Chinese name, a folder with Chinese and a blank, the Chinese code page, a D: drive. Ends with 1 when
# anything went wrong; prints what was tried, seconds and sizes. The pictures are to be looked at.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

setup=$(realpath "${1:?check.sh SETUP.exe [FOLDER]}")
results=$(realpath -m "${2:-$work/check}")
tools=(fonts-noto-cjk gcc-mingw-w64-x86-64 imagemagick locales poppler-utils wine wine64 x11-utils xdotool xvfb)
target='C:\办公 软件\小保'
password='消保 Xiaobao 2026'
sample_password='样本 Sample 2026'
megabyte=$((1024 * 1024))
failures=0

# One line of the report: what, then a command; the first thing in it that goes wrong decides.
try() {
  local what=$1 began=$SECONDS code
  shift
  # Not in a condition: there the shell would go on after a failure.
  set +e
  (
    set -e
    "$@"
  ) >"$results/last.log" 2>&1
  code=$?
  set -e
  if [ "$code" -eq 0 ]; then
    printf '通过  %-44s %3d s\n' "$what" $((SECONDS - began))
  else
    printf '失败  %-44s %3d s\n' "$what" $((SECONDS - began))
    sed 's/^/      /' "$results/last.log" | tail -n 20
    failures=$((failures + 1))
  fi
}

prepare() {
  install_missing "${tools[@]}"
  locale -a | grep -qix zh_CN.utf8 || localedef -i zh_CN -f UTF-8 zh_CN.UTF-8
  ensure_venv
  use_wine check
  wineserver -k 2>/dev/null || true
  rm -rf "$WINEPREFIX" "$HOME" "$results"
  mkdir -p "$HOME" "$results/d"
  export LC_ALL=zh_CN.UTF-8 USER=王芳 LOGNAME=王芳
  unset DISPLAY WAYLAND_DISPLAY XIAOBAO_HOME
  make_prefix
  # A second disk of the computer, where books belong.
  ln -s "$results/d" "$WINEPREFIX/dosdevices/d:"
  in_wine 60 reg add 'HKLM\Software\Wine\Drives' /v d: /d hd /f >/dev/null
  local face
  for face in 'MS Shell Dlg' 'MS Shell Dlg 2' Tahoma SimSun 'Microsoft YaHei UI' 'Segoe UI'; do
    in_wine 60 reg add 'HKLM\Software\Microsoft\Windows NT\CurrentVersion\FontSubstitutes' \
      /v "$face" /d 'Noto Sans CJK SC' /f >/dev/null
  done
  program="$WINEPREFIX/drive_c/办公 软件/小保"
  book="$results/d/小保账簿"
  Xvfb -displayfd 3 -screen 0 1366x768x24 3>"$results/display" >/dev/null 2>&1 &
  screen=$!
  trap 'wineserver -k 2>/dev/null || true; kill "$screen" 2>/dev/null || true' EXIT
  until [ -s "$results/display" ]; do sleep 0.2; done
  DISPLAY=:$(cat "$results/display")
  export DISPLAY
}

# The installed command line: arguments as an officer's helper types them.
xiaobao() { XIAOBAO_PASSWORD=${secret-$password} in_wine 240 "$target\\xiaobao-cli.exe" "$@"; }

# The same on this machine, unfrozen.
native() { (cd "$root" && XIAOBAO_PASSWORD=$password "$venv/bin/python" -m xiaobao_desktop "$@"); }

# A folder with a blank goes to the installer unquoted and last; Wine would quote it as one word.
install_silently() { in_wine 400 "$(windows_path "$setup")" /S '/D=C:\办公' '软件\小保'; }

sizes_fit() {
  local packed unpacked
  packed=$(stat -c %s "$setup")
  unpacked=$(find "$program" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
  printf '%s MB packed, %s MB installed\n' $((packed / megabyte)) $((unpacked / megabyte)) | tee "$results/sizes.txt"
  [ "$packed" -le $((80 * megabyte)) ] && [ "$unpacked" -le $((230 * megabyte)) ]
}

nothing_forbidden() {
  ! find "$program" | grep -iE 'readline|virtualkeyboard|bcryptprimitives|windows\.ui\.dll|opengl32sw'
}

shortcuts_lead_there() {
  desktop=$(find "$HOME" "$WINEPREFIX/drive_c/users/王芳" -name 小保.lnk -print 2>/dev/null)
  [ "$(wc -l <<<"$desktop")" -ge 2 ] && opens_with .xbbak xiaobao.backup 小保备份 &&
    opens_with .xbpack xiaobao.package 小保报送包
}

# A double click on a file of this ending starts the program, and the officer reads what kind of file it is.
opens_with() {
  class_says "$1" "$2" && class_says "$2" "$3" && class_says "$2\\shell\\open\\command" "\"$target\\xiaobao.exe\" \"%1\""
}

class_says() { in_wine 60 reg query "HKCU\Software\Classes\\$1" /ve | iconv -f GBK | grep -F "$2"; }

# Nothing of ours is left of an ending: neither the ending nor our kind of file.
opens_with_nothing() {
  ! in_wine 60 reg query "HKCU\Software\Classes\\$1" && ! in_wine 60 reg query "HKCU\Software\Classes\\$2"
}

self_test() { secret='' xiaobao self-test; }

# init, the invented ledger by the window's own program (no console, its child reads the file), statistics, monthly report.
main_job() {
  local place='D:\工作 台账' here_book="$results/linux-book"
  cp "$root/tests/data/complaint-ledger.xlsx" "$results/d/投诉 台账.xlsx"
  xiaobao --book "$place" init --bank 某某农村商业银行 --officer 王芳 --json >/dev/null
  XIAOBAO_PASSWORD=$password in_wine 240 "$target\\xiaobao.exe" --book "$place" import complaint 'D:\投诉 台账.xlsx' --json \
    >"$results/import-windows.json"
  xiaobao --book "$place" stats --period 2026-10 --json >"$results/stats-windows.json"
  xiaobao --book "$place" report monthly --period 2026-10 --as-of 2026-10-31 --out 'D:\报表' --format pdf,docx --json
  native --book "$here_book" init --bank 某某农村商业银行 --officer 王芳 --json >/dev/null
  native --book "$here_book" import complaint "$root/tests/data/complaint-ledger.xlsx" --json >"$results/import-linux.json"
  native --book "$here_book" stats --period 2026-10 --json >"$results/stats-linux.json"
  native --book "$here_book" report monthly --period 2026-10 --as-of 2026-10-31 --out "$results/linux" --format pdf,docx --json
}

# What the import told, without the name of the backup made before it.
import_numbers() { grep -v '"backup"' "$results/import-$1.json"; }

numbers_equal() {
  sed -i 's/\r$//' "$results"/*-windows.json
  diff "$results/stats-windows.json" "$results/stats-linux.json" &&
    diff <(import_numbers windows) <(import_numbers linux) &&
    grep -q '"imported": 137' "$results/import-windows.json"
}

# The end of the history that is printed on a report differs from book to book; nothing else may.
pdf_text() { pdftotext -layout "$1"/*.pdf - | sed -E 's/[0-9a-f]{16}/ANCHOR/g'; }

pages_equal() { diff <(pdf_text "$results/d/报表") <(pdf_text "$results/linux"); }

# Waits for a window of the program; its picture must show more than one plain colour.
window_appears() {
  local name=$1
  for _ in $(seq 60); do
    sleep 1
    [ -n "$(xdotool search --onlyvisible --name 小保 2>/dev/null)" ] || continue
    sleep 5
    import -window root "$results/$name.png"
    [ "$(identify -format %k "$results/$name.png")" -gt 100 ] && return 0
  done
  return 1
}

# Asks the program to close, as the closing button does, question after question, until it has ended.
close_windows() {
  for _ in $(seq 20); do
    in_wine 60 taskkill /im xiaobao.exe || true
    sleep 2
    in_wine 60 tasklist | grep 'xiaobao[.]exe' || return 0
  done
  return 1
}

demo_window() {
  in_wine 400 "$target\\xiaobao.exe" --demo >/dev/null 2>&1 &
  window_appears "$1"
}

start_by_shortcut() {
  (in_wine 400 start /unix "$HOME/小保.lnk" >/dev/null 2>&1 || in_wine 400 start "$(windows_path "$HOME/小保.lnk")") &
  window_appears "$1"
}

refused_while_running() {
  local code=0
  install_silently || code=$?
  [ "$code" -eq 2 ] && [ -e "$program/xiaobao.exe" ] && [ ! -e "$program/new" ]
}

older_book() {
  mkdir -p "$book"
  cp "$root/tests/data/books/schema-1/"* "$book/"
}

upgrade_keeps() {
  local before copy
  before=$(sha256sum <"$book/book.db")
  install_silently
  copy=$(find "$book/backups" -maxdepth 1 -name '升级前的账簿-*' -type d)
  [ -n "$copy" ] && [ "$(sha256sum <"$copy/book.db")" = "$before" ] && cmp "$copy/keys.json" "$book/keys.json" &&
    [ "$(sha256sum <"$book/book.db")" = "$before" ]
}

older_book_opens() {
  secret=$sample_password xiaobao verify &&
    secret=$sample_password xiaobao list complaint --json | grep TS-2026-0001 &&
    [ -n "$(find "$book/backups" -name '升级前备份-*.xbbak')" ]
}

# Wine looks for associations in the machine's part of the registry only; so the command that is registered for the user
# is compared and then run as Windows would.
backup_opens_program() {
  local file
  in_wine 60 reg query 'HKCU\Software\Classes\xiaobao.backup\shell\open\command' /ve |
    iconv -f GBK | grep -F "\"$target\\xiaobao.exe\" \"%1\""
  file=$(basename "$(find "$book/backups" -name '升级前备份-*.xbbak')")
  in_wine 400 "$target\\xiaobao.exe" "D:\\小保账簿\\backups\\$file" >/dev/null 2>&1 &
  window_appears "$1"
}

uninstall_keeps() {
  local before
  before=$(cd "$results/d" && find . -type f ! -name book.lock -exec sha256sum {} + | sort)
  in_wine 120 "$target\\uninstall.exe" /S
  for _ in $(seq 60); do
    [ -e "$program/xiaobao.exe" ] || [ -e "$program/_internal" ] || [ -e "$program/uninstall.exe" ] || break
    sleep 1
  done
  [ ! -e "$program" ] || find "$program" | head
  [ ! -e "$program" ] && [ ! -e "$HOME/小保.lnk" ] &&
    opens_with_nothing .xbbak xiaobao.backup && opens_with_nothing .xbpack xiaobao.package &&
    [ "$(cd "$results/d" && find . -type f ! -name book.lock -exec sha256sum {} + | sort)" = "$before" ]
}

main() {
  prepare
  try '静默安装到带中文和空格的文件夹' install_silently
  try '大小：安装包 ≤ 80 MB，装好 ≤ 230 MB' sizes_fit
  try '没有不该随带的文件' nothing_forbidden
  try '快捷方式，备份和报送包的文件关联' shortcuts_lead_there
  try '程序自检' self_test
  try '主要工作：建账、导入、月报' main_job
  try '数字和 Linux 上一样' numbers_equal
  try '月报 PDF 文字和 Linux 上一样' pages_equal
  try '旧账簿（结构第 1 版）放到 D 盘' older_book
  try '从快捷方式打开，真窗口' start_by_shortcut window
  try '正在运行时拒绝安装' refused_while_running
  try '关掉窗口' close_windows
  try '演示台账的主窗口' demo_window demo
  try '关掉窗口' close_windows
  try '覆盖升级，先另存账簿' upgrade_keeps
  try '升级后打开旧账簿并迁移' older_book_opens
  try '双击备份文件' backup_opens_program backup
  try '关掉窗口' close_windows
  try '卸载，台账都在' uninstall_keeps
  cat "$results/sizes.txt"
  printf '图片：%s\n' "$results"
  [ "$failures" -eq 0 ]
}

main
