# Finds or installs Emscripten. Sourced by setup.sh.
#
# Debian 13 has a good one. Debian 12's is too old for C++23, but its clang 19 is new enough: there,
# the Emscripten and Binaryen of Debian 13 are unpacked into .toolchain/, with the C library they were
# linked with, and drive that clang. Nothing of it touches the system.

emscripten_oldest=3.1.50
emscripten_home=.toolchain/emscripten
emscripten_stamp=$emscripten_home/rondo-recipe

# Changing this makes existing installs be redone.
emscripten_recipe=1

emscripten_is_unpacked() {
  [ "$(cat "$emscripten_stamp" 2>/dev/null)" = "$emscripten_recipe" ]
}

emscripten_on_path() {
  have emcc || return 1
  emscripten_version=$(emcc --version 2>/dev/null |
    sed -n '1s/.*) \([0-9][0-9.]*[0-9]\).*/\1/p')
  [ -n "$emscripten_version" ] && version_at_least "$emscripten_version" "$emscripten_oldest"
}

version_at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

is_debian_12() {
  # shellcheck disable=SC1091
  [ -r /etc/os-release ] && (. /etc/os-release && [ "$ID $VERSION_ID" = 'debian 12' ])
}

# Tells how to come by Emscripten: path, unpacked, recipe or apt.
emscripten_way() {
  if emscripten_is_unpacked; then
    echo unpacked
  elif emscripten_on_path; then
    echo path
  elif is_debian_12; then
    echo recipe
  else
    echo apt
  fi
}

# The Debian packages that this way needs.
emscripten_packages() {
  case $1 in
    recipe | unpacked) echo 'clang-19 lld-19 llvm-19 python3' ;;
    apt) echo emscripten ;;
    *) ;;
  esac
}

setup_emscripten() {
  case $1 in
    recipe) emscripten_unpack ;;
    apt)
      emscripten_on_path ||
        fail "there is no Emscripten $emscripten_oldest or newer. Install emsdk, put its emcc on PATH, then repeat"
      ;;
    *) ;;
  esac
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
