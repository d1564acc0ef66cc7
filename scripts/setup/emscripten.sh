# Finds or installs Emscripten. Sourced by setup.sh.
#
# Any that is new enough will do, whoever installed it. Debian 13 has a good one. Debian 12's is too
# old for C++23, but its clang 19 is new enough: there, the Emscripten and Binaryen of Debian 13 are
# unpacked into .toolchain/, with the C library they were linked with, and drive that clang. Nothing
# of it touches the system. cmake/emscripten.cmake chooses in the same order.

emscripten_oldest=3.1.50
emscripten_home=.toolchain/emscripten
emscripten_stamp=$emscripten_home/rondo-recipe

# Changing this makes existing installs be redone.
emscripten_recipe=1

emscripten_is_unpacked() {
  [ "$(cat "$emscripten_stamp" 2>/dev/null)" = "$emscripten_recipe" ]
}

# Looks past those that are too old: an emsdk of long ago may come first on PATH.
emscripten_on_path() {
  emscripten_folders=$PATH:${EMSDK:+$EMSDK/upstream/emscripten}
  echo "$emscripten_folders" | tr ':' '\n' | while read -r emscripten_folder; do
    if [ -x "$emscripten_folder/emcc" ] && [ -x "$emscripten_folder/em-config" ] &&
      version_at_least "$(emscripten_version "$emscripten_folder")" "$emscripten_oldest"; then
      echo found
    fi
  done | grep -q found
}

emscripten_version() {
  "$1/emcc" --version 2>/dev/null </dev/null |
    sed -n '1s/.*) \([0-9][0-9.]*[0-9]\).*/\1/p'
}

# Where the system says what it is. RONDO_OS_RELEASE names another file, for tests.
os_release=${RONDO_OS_RELEASE:-/etc/os-release}

# Debian's unstable branch has no VERSION_ID.
is_debian_12() {
  # shellcheck disable=SC1090
  [ -r "$os_release" ] && (. "$os_release" && [ "${ID:-} ${VERSION_ID:-}" = 'debian 12' ])
}

# Tells how to come by Emscripten: path, unpacked, recipe or package.
emscripten_way() {
  if emscripten_is_unpacked; then
    echo unpacked
  elif emscripten_on_path; then
    echo path
  elif is_debian_12 && have apt-get; then
    echo recipe
  else
    echo package
  fi
}

# What this way needs of the machine.
emscripten_needs() {
  case $1 in
    recipe | unpacked) echo 'clang lld llvm python3' ;;
    package) echo emscripten ;;
    *) ;;
  esac
}

# Says what to do where apt's Emscripten, whose version is given, is too old or missing.
offer_emsdk() {
  fail "this system's Emscripten is ${1:-missing}, and Rondo needs $emscripten_oldest or newer. Nothing was installed.
Emscripten's own installer needs no root. Run these, then repeat your command:
  git clone https://github.com/emscripten-core/emsdk.git ~/emsdk
  ~/emsdk/emsdk install 3.1.69 && ~/emsdk/emsdk activate 3.1.69
  . ~/emsdk/emsdk_env.sh"
}

setup_emscripten() {
  if [ "$1" = recipe ]; then emscripten_unpack; fi
}

# --- Debian 12 ---------------------------------------------------------------------------------

# apt-get with lists and a cache of our own, so that it needs no root and leaves the machine's alone.
private_apt() {
  apt-get -q -o Dir::State::lists="$emscripten_apt/lists" -o Dir::Cache="$emscripten_apt/cache" \
    -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none "$@"
}

trixie_apt() {
  private_apt -o Dir::Etc::sourcelist="$emscripten_apt/trixie.list" -o Dir::Etc::sourceparts=- \
    -o Dir::State::status=/dev/null "$@"
}

base_files_uri() {
  "$@" download --print-uris base-files 2>/dev/null | sed -n "s|^'\(.*\)/pool/.*|\1|p" | head -n 1
}

# The mirror is the one that this machine takes Debian's own base-files from.
debian_mirror() {
  mirror=$(base_files_uri apt-get)
  if [ -z "$mirror" ]; then
    quietly private_apt update || return 1
    mirror=$(base_files_uri private_apt)
  fi
  [ -n "$mirror" ] && printf '%s' "$mirror"
}

# The keyring on the machine that holds Debian 13's keys.
debian_keyring() {
  for keyring in debian-archive-keyring.gpg debian-archive-keyring.pgp; do
    if [ -r "/usr/share/keyrings/$keyring" ]; then
      printf '[signed-by=/usr/share/keyrings/%s]' "$keyring"
      return 0
    fi
  done
}

emscripten_download() {
  mkdir -p "$emscripten_apt/lists/partial" "$emscripten_apt/cache/archives/partial"
  mirror=$(debian_mirror) || fail "apt-get finds no Debian mirror: check the machine's apt sources"
  printf 'deb %s %s trixie main\n' "$(debian_keyring)" "$mirror" >"$emscripten_apt/trixie.list"
  quietly trixie_apt update || fail "the lists of Debian 13 could not be fetched, see above"
  (cd "$emscripten_apt" && quietly trixie_apt download \
    emscripten binaryen libc6 libstdc++6 libgcc-s1) || fail 'the download failed, see above'
}

# Leaves out what a plain single-threaded build never links: it is nine tenths of the package.
unpack_package() {
  dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --exclude='./usr/share/doc' \
    --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./usr/lib/*/gconv' \
    --exclude='*/emscripten/test' --exclude='*/wasm32-emscripten/pic' --exclude='*/libGL-*' \
    --exclude='*-mt*.a' --exclude='*-ww*.a' --exclude='*asan*.a' --exclude='*/system/lib'
}

# Binaryen's programs were linked with a newer C library than Debian 12 has.
wrap_binaryen() {
  mkdir -p "$1/binaryen/bin"
  for program in "$1"/usr/bin/wasm-*; do
    wrapper=$1/binaryen/bin/${program##*/}
    cat >"$wrapper" <<'END'
#!/bin/sh
root=$(dirname "$0")/../..
set -- "$root"/usr/bin/"${0##*/}" "$@"
libraries=$(echo "$root"/usr/lib/*-linux-gnu)
exec "$libraries"/ld-linux-*.so.* --library-path "$libraries" "$@"
END
    chmod +x "$wrapper"
  done
}

configure_emscripten() {
  cat >"$1/usr/share/emscripten/.emscripten" <<'END'
import shutil
from tools.utils import path_from_root
LLVM_ROOT = '/usr/lib/llvm-19/bin'
BINARYEN_ROOT = path_from_root('../../../binaryen')
NODE_JS = shutil.which('node') or '/usr/bin/node'
FROZEN_CACHE = True
END
}

emscripten_unpack() {
  say "unpacking Emscripten of Debian 13 into $emscripten_home"
  rm -rf "$emscripten_home"
  emscripten_apt=$(pwd)/.toolchain/apt
  emscripten_download
  mkdir -p "$emscripten_home"
  for package in "$emscripten_apt"/*.deb; do
    unpack_package "$package" "$emscripten_home"
  done
  wrap_binaryen "$emscripten_home"
  configure_emscripten "$emscripten_home"
  "$emscripten_home/usr/share/emscripten/emcc" --version >/dev/null ||
    fail 'the unpacked Emscripten does not start'
  rm -rf "$emscripten_apt"
  echo "$emscripten_recipe" >"$emscripten_stamp"
}
