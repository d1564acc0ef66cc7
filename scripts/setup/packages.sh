# Installs the Debian packages that are missing. Sourced by setup.sh.

# What the WebAssembly build needs besides Emscripten.
packages_wasm='cmake ninja-build nlohmann-json3-dev'
# What the native build, its tests and the checks need on top.
packages_native='g++ libgtest-dev libgmock-dev clang-format-19'
# What fuzzing needs on top of packages_wasm: a compiler with libFuzzer and its own C++ library.
packages_fuzz='clang-19 libclang-rt-19-dev libc++-19-dev'
# What the native benchmark needs on top of packages_wasm.
packages_bench='g++ libbenchmark-dev valgrind'

package_is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

packages_missing() {
  packages_absent=
  for package in "$@"; do
    package_is_installed "$package" || packages_absent="$packages_absent $package"
  done
  printf '%s' "${packages_absent# }"
}

# The prefix that makes a command run as root: nothing, `sudo -n`, or a failure when there is no way.
root_prefix() {
  if [ "$(id -u)" = 0 ]; then return 0; fi
  if have sudo && sudo -n true 2>/dev/null; then
    printf 'sudo -n'
    return 0
  fi
  return 1
}

need_root() {
  printf 'setup: these Debian packages are missing: %s\n' "$1" >&2
  printf 'setup: this needs root. Run the next line as root, then repeat your command:\n' >&2
  printf '  apt-get update && apt-get install -y --no-install-recommends %s\n' "$1" >&2
  exit 1
}

# Installs the packages given, split at blanks.
packages_install() {
  packages_prefix=$(root_prefix) || need_root "$1"
  say "installing Debian packages: $1"
  # shellcheck disable=SC2086 # the prefix and the list are meant to be split
  quietly $packages_prefix apt-get update -q || fail 'apt-get update failed, see above'
  # shellcheck disable=SC2086
  quietly $packages_prefix env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $1 || fail 'apt-get install failed, see above'
}

# A machine without apt brings its own: say what is missing.
commands_or_fail() {
  for name in "$@"; do
    have "$name" || fail "$name is missing, and there is no apt-get to install it. Needed are:
  $packages_wasm $packages_native
(as Debian names them), and Emscripten 3.1.50 or newer"
  done
}

# Takes the set (wasm, fuzz, bench or all) and the packages that Emscripten adds.
setup_packages() {
  packages_wanted=$packages_wasm
  if [ "$1" = all ]; then packages_wanted="$packages_wanted $packages_native"; fi
  if [ "$1" = fuzz ]; then packages_wanted="$packages_wanted $packages_fuzz"; fi
  if [ "$1" = bench ]; then packages_wanted="$packages_wanted $packages_bench"; fi
  if ! have apt-get; then
    commands_or_fail cmake ninja
    if [ "$1" = all ]; then commands_or_fail g++ clang-format-19; fi
    if [ "$1" = fuzz ] && ! have clang++-19; then
      fail "clang++-19 is missing. Fuzzing needs, as Debian names them: $packages_fuzz"
    fi
    if [ "$1" = bench ] && ! { have g++ && have valgrind; }; then
      fail "g++ or valgrind is missing. Benchmarks need, as Debian names them: $packages_bench"
    fi
    return 0
  fi
  # shellcheck disable=SC2086
  packages_wanted=$(packages_missing $packages_wanted $2)
  if [ -n "$packages_wanted" ]; then packages_install "$packages_wanted"; fi
}
