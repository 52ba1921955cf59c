#!/usr/bin/env bash
# Rebuilds resources/fonts from the packages that hold the original fonts (npm and Debian). Needs .venv (packaging/run.sh
# or packaging/test.sh makes it), npm, apt-get and dpkg-deb. Nothing is installed: packages are unpacked in a temporary folder.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for name in noto-sans-sc noto-serif-sc; do
  mkdir -p "$work/$name"
  archive=$(cd "$work" && npm pack --silent "@expo-google-fonts/$name@0.4.3")
  tar -xzf "$work/$archive" -C "$work/$name"
done

mkdir -p "$work/debian"
(cd "$work" && apt-get download fonts-lxgw-wenkai texlive-lang-chinese fonts-hanazono unicode-data)
for archive in "$work"/*.deb; do
  dpkg-deb -x "$archive" "$work/debian"
done

"$root/.venv/bin/python" "$root/packaging/make_fonts.py" "$work" "$root/resources/fonts"
