# shellcheck shell=bash disable=SC2034
# Shared by build.sh and check.sh: small Debian systems in a folder. Needs root.

# shellcheck source-path=SCRIPTDIR/..
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
work=${XIAOBAO_BUILD:-$root/.build}
package=xiaobao-desktop

# Where this machine's apt gets Debian from; the address stays on this machine.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | grep '/debian/$' | head -n 1
}

# Makes a minimal system: suite, folder. One that was begun and not finished is made anew.
make_system() {
  local suite=$1 folder=$2
  [ -e "$folder/.made" ] && return 0
  rm -rf "$folder"
  mkdir -p "$(dirname "$folder")"
  debootstrap --variant=minbase "$suite" "$folder" "$(mirror)" >"$folder.log" 2>&1 || {
    tail -n 5 "$folder.log" >&2
    die "debootstrap $suite failed."
  }
  touch "$folder/.made"
}

# Runs a bash script in a system: folder, script, arguments. It has its own processes and mounts, which end with it.
inside() {
  local folder=$1 script=$2
  shift 2
  cp /etc/resolv.conf "$folder/etc/resolv.conf"
  unshare --mount --pid --fork --kill-child env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive PYTHONHASHSEED=1 ${SOURCE_DATE_EPOCH:+"SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH"} \
    chroot "$folder" /bin/bash -euo pipefail -c "mount -t proc proc /proc; $script" inside "$@"
}
