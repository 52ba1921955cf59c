#!/usr/bin/env bash
# Makes the .deb with one command on a Debian machine, as root: build.sh [folder for the result, default dist/].
# The program is frozen in a Debian 11 system (glibc 2.31) made for it, so that it also runs on desktops of that age.
# Python comes from Debian's own source package, because Debian 11's is too old; wheels are those of the lock, by hash.
# The system stays below $XIAOBAO_BUILD (default .build/) and makes the next run quick.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/chroot.sh"

out=$(realpath -m "${1:-$root/dist}")
system="$work/debian-11"
export SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=$(git -C "$root" log -1 --format=%ct)

# What Qt's window, printing and the PDF view ask of the desktop; present while the dependencies are computed.
desktop_libraries=(
  libatomic1 libcups2 libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libgssapi-krb5-2 libwayland-client0
  libwayland-cursor0 libwayland-egl1 libx11-6 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1
  libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon0
  libxkbcommon-x11-0
)
compilers=(build-essential dpkg-dev libbz2-dev libexpat1-dev libffi-dev liblzma-dev libssl-dev uuid-dev zlib1g-dev)

make_python() {
  [ -e "$system/opt/python/.made" ] && return 0
  say "Building Python in the Debian 11 system; about ten minutes, once."
  printf 'deb %s bullseye main\ndeb-src %s bookworm main\n' "$(mirror)" "$(mirror)" >"$system/etc/apt/sources.list"
  inside "$system" '
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    rm -rf /opt/src /opt/python && mkdir -p /opt/src && cd /opt/src
    apt-get source -qq python3.11 >/dev/null
    cd python3.11-*/
    # A security patch of Debian uses an inner header there without asking for it.
    sed -i "1i #define Py_BUILD_CORE_MODULE 1" Modules/pyexpat.c
    ./configure --prefix=/opt/python --enable-shared --enable-optimizations --with-system-expat --without-ensurepip \
      LDFLAGS=-Wl,-rpath,/opt/python/lib >../log 2>&1
    training="test_json test_re test_dict test_list test_unicode test_dataclasses test_decimal test_datetime"
    make -j"$(nproc)" PROFILE_TASK="-m test --pgo $training" >>../log 2>&1
    make install >>../log 2>&1
    /opt/python/bin/python3.11 -c "import _ctypes, _decimal, _hashlib, _bz2, _lzma, _uuid, pyexpat, zlib"
    touch /opt/python/.made
    cd / && rm -rf /opt/src' "${compilers[@]}" "${desktop_libraries[@]}"
}

# Wheels for glibc up to 2.28, the oldest that Qt 6.9 knows; the system of the build takes no newer ones.
fetch_wheels() {
  local tags=() minor
  for minor in 28 27 26 24 17 12 5; do tags+=(--platform "manylinux_2_${minor}_x86_64"); done
  ensure_venv
  mkdir -p "$work/wheels"
  "$venv/bin/python" -m pip download --quiet --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
    --python-version 3.11 --implementation cp "${tags[@]}" --platform manylinux2014_x86_64 --platform linux_x86_64 \
    --dest "$work/wheels" --requirement "$root/packaging/requirements.lock" >&2
}

copy_source() {
  rm -rf "$system/build"
  mkdir -p "$system/build/source" "$system/build/wheels"
  (cd "$root" && git ls-files -z --cached --others --exclude-standard -- xiaobao_desktop resources packaging pyproject.toml |
    xargs -0 -r ls -d 2>/dev/null | tar -cf - -T -) | tar -xf - -C "$system/build/source"
  cp "$work/wheels"/*.whl "$system/build/wheels/"
}

freeze() {
  inside "$system" '
    cd /build
    /opt/python/bin/python3.11 -m venv --without-pip venv
    venv/bin/python "$(echo wheels/pip-*.whl)/pip" install --quiet --no-index --find-links wheels --require-hashes \
      --root-user-action ignore --requirement source/packaging/requirements.lock
    venv/bin/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath work source/packaging/xiaobao.spec'
}

# Prints the packages that the libraries of the bundle need, each as "name (>= version)". dpkg-shlibdeps also names the
# packages whose libraries go along; licenses/index.json knows them, and they are taken out.
dependencies() {
  inside "$system" '
    mkdir -p /build/shlib/debian && cd /build/shlib
    printf "Source: %s\n\nPackage: %s\nArchitecture: amd64\n" "$1" "$1" >debian/control
    mapfile -t files < <(find /build/dist/xiaobao -type f \( -name "*.so" -o -name "*.so.*" -o -name xiaobao \))
    mapfile -t folders < <(printf "%s\n" "${files[@]%/*}" | sort -u)
    dpkg-shlibdeps -O --ignore-missing-info "${folders[@]/#/-l}" "${files[@]}" 2>log || {
      grep error: log >&2
      exit 1
    }' "$package" | "$venv/bin/python" -c '
import json, sys
inside = {entry.get("debian") for entry in json.load(open(sys.argv[1], encoding="utf-8"))}
(line,) = (line for line in sys.stdin if line.startswith("shlibs:Depends="))
print(", ".join(item for item in line.strip().split("=", 1)[1].split(", ") if item.split()[0] not in inside))
' "$system/build/dist/xiaobao/licenses/index.json"
}

assemble() {
  local version=$1 tree="$work/deb" needed size
  needed=$(dependencies) || die "dpkg-shlibdeps could not tell the dependencies."
  rm -rf "$tree"
  mkdir -p "$tree/DEBIAN" "$tree/opt" "$tree/usr/bin" "$tree/usr/share/"{applications,mime/packages,doc/$package}
  cp -a "$system/build/dist/xiaobao" "$tree/opt/$package"
  ln -s "/opt/$package/xiaobao" "$tree/usr/bin/$package"
  install -m 644 "$root/packaging/linux/$package.desktop" "$tree/usr/share/applications/"
  install -m 644 "$root/packaging/linux/$package.xml" "$tree/usr/share/mime/packages/"
  local picture side
  for picture in "$root"/packaging/icons/xiaobao-*.png; do
    side=$(basename "$picture" .png)
    side=${side#xiaobao-}
    install -D -m 644 "$picture" "$tree/usr/share/icons/hicolor/${side}x$side/apps/$package.png"
  done
  install -D -m 644 "$root/resources/icons/app.svg" "$tree/usr/share/icons/hicolor/scalable/apps/$package.svg"
  ln -s "/opt/$package/licenses" "$tree/usr/share/doc/$package/licenses"
  size=$(du -sk --apparent-size "$tree" | cut -f1)
  cat >"$tree/DEBIAN/control" <<END
Package: $package
Version: $version
Architecture: amd64
Maintainer: xiaobao_desktop developers <nobody@localhost>
Installed-Size: $size
Depends: $needed
Section: misc
Priority: optional
Description: 小保·消保台账
 小型农村银行消费者权益保护专员的离线桌面程序：
 登记投诉、培训、宣传，到期提醒，出报表。
END
  (cd "$tree" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
  chmod -R u+rwX,go+rX,go-w "$tree"
  find "$tree" -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
  mkdir -p "$out"
  dpkg-deb --root-owner-group -Zxz --build "$tree" "$out/${package}_${version}_amd64.deb" >/dev/null
}

[ "$(id -u)" -eq 0 ] || die "A Debian system in a folder needs root. 请用 root 运行。"
install_missing debootstrap dpkg-dev xz-utils "${system_libraries[@]}"
make_system bullseye "$system"
make_python
fetch_wheels
copy_source
freeze
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$root/xiaobao_desktop/__init__.py")
assemble "$version"
"$venv/bin/python" "$root/packaging/sbom.py" "$system/build/dist/xiaobao" "$out/${package}_${version}_amd64.cdx.json"
bash "$root/packaging/sums.sh" "$out"
say "$out/${package}_${version}_amd64.deb: $(du -m "$out/${package}_${version}_amd64.deb" | cut -f1) MB," \
  "installed $(du -sm --apparent-size "$work/deb/opt" | cut -f1) MB"
