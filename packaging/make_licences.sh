#!/usr/bin/env bash
# Fetches the licence texts that the Python wheels do not carry into resources/about/texts: from the libraries' source
# packages on PyPI and from Debian's copyright files of the same libraries. Nothing is installed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
texts="$root/resources/about/texts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$texts"

# From the source package of a library: name, version, file in it, name of our copy.
from_pypi() {
  "$root/.venv/bin/python" -m pip download --quiet --no-deps --no-binary :all: --dest "$work" "$1==$2"
  tar -xzOf "$work/$1-$2.tar.gz" "$1-$2/$3" >"$texts/$4"
}

# From a Debian package's copyright file: package, name of our copy.
from_debian() {
  (cd "$work" && apt-get download -qq "$1" 2>/dev/null)
  dpkg-deb --fsys-tarfile "$work/$1"_*.deb | tar -xO "./usr/share/doc/$1/copyright" >"$texts/$2"
}

from_pypi pdfrw 0.4 LICENSE.txt pdfrw.txt
from_pypi chinesecalendar 1.11.0 LICENSE chinesecalendar.txt
from_debian libsqlcipher0 sqlcipher.txt
from_debian libqt6core6 qt.txt
from_debian libqt6pdf6 qt-pdf.txt
from_debian libicu72 icu.txt
from_debian libssl3 openssl.txt
from_debian libpython3.11-minimal python.txt
for name in LGPL-3 GPL-3 Apache-2.0; do
  cp "/usr/share/common-licenses/$name" "$texts/$name.txt"
done
sed -i 's/\r$//; s/[ \t]*$//' "$texts"/*.txt
