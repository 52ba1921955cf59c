# shellcheck shell=bash disable=SC2034
# Shared by run.sh and test.sh: system libraries and .venv. Quick when everything is there already.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv="$root/.venv"

# Debian packages that Qt's window, the PDF view and printing load at run time.
system_libraries=(
  libatomic1 libcups2 libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libgssapi-krb5-2 libwayland-cursor0
  libwayland-egl1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
  libxcb-shape0 libxcb-util1 libxcb-xkb1 libxkbcommon-x11-0
)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$@"
  exit 1
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    say "These system packages are missing and need root or sudo: ${missing[*]}"
    die "缺少系统组件，请让管理员执行：apt-get install ${missing[*]}"
  fi
}

# Installs those of the named Debian packages that are missing; refreshes the package lists only if that is needed.
install_missing() {
  command -v dpkg-query >/dev/null || return 0 # not a Debian-based system: the user provides the libraries
  local installed name
  missing=()
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for name in "$@"; do
    grep -qxF "$name installed" <<<"$installed" || missing+=("$name")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "Installing system packages: ${missing[*]}"
  say "正在安装系统组件，请稍候……"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}")
  as_root "${install[@]}" >/dev/null || {
    as_root apt-get update -qq >/dev/null && as_root "${install[@]}" >/dev/null
  } || die "The system packages could not be installed. 系统组件没有装上，请检查软件源后再试。"
}

# Prints the first Python that the pinned packages support (pyproject.toml: 3.11 or 3.12).
find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  die "Python 3.11 or 3.12 is needed. 需要 Python 3.11 或 3.12，请先安装 python3。"
}

# Fingerprint of what .venv was made from; the path too, because a moved .venv does not work.
venv_key() {
  { printf '%s\n' "$root"; cat "$root/pyproject.toml" "$root/packaging/requirements.lock"; } | sha256sum
}

# Installs exactly the files the lock names by hash; arguments: the Python, then more for pip.
install_locked() {
  local python=$1
  shift
  "$python" -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
    --requirement "$root/packaging/requirements.lock" "$@" >&2
}

# Makes or renews .venv with the program and its tools.
ensure_venv() {
  local stamp="$venv/made-from" key python version
  key=$(venv_key)
  if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$key" ]; then
    return 0
  fi
  python=$(find_python)
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("{}.{}".format(*sys.version_info))')
    install_missing "python$version-venv"
  fi
  say "Making .venv with the pinned packages; this takes a minute or two the first time."
  say "第一次运行要准备一两分钟，请稍候……"
  "$python" -m venv --clear "$venv"
  install_locked "$venv/bin/python" && "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    --no-deps --no-build-isolation --editable "$root" >&2 ||
    die "The Python packages could not be installed. 没有准备好：请检查网络后再运行一次。"
  printf '%s\n' "$key" >"$stamp"
}
