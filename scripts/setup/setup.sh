#!/bin/sh
# Sets up what building, testing and serving need.
#
#   setup.sh        everything: npm packages, compilers, Emscripten, what the checks need
#   setup.sh test   what building and all tests need, without the checks' tools
#   setup.sh wasm   what compiling the module needs, without the native tests' tools
#   setup.sh fuzz   what fuzzing needs, without the other tests' tools
#   setup.sh bench  what the native benchmark needs, without the tests' tools
#   setup.sh node   the npm packages alone, Node 24 among them
#
# Plain POSIX shell, since it starts on a machine that has neither node_modules nor a new Node. What
# is already there is skipped, whoever installed it, so every npm script may start with it. Deploying
# needs none of this.
set -eu
cd "$(dirname "$0")/../.."

. scripts/setup/common.sh
. scripts/setup/modules.sh
. scripts/setup/needs.sh
. scripts/setup/packages.sh
. scripts/setup/emscripten.sh

extent=${1:-all}
case $extent in
  all) needs="$needs_wasm $needs_test $needs_check" ;;
  test) needs="$needs_wasm $needs_test" ;;
  wasm) needs=$needs_wasm ;;
  fuzz) needs="$needs_wasm $needs_fuzz" ;;
  bench) needs="$needs_wasm $needs_bench" ;;
  node) needs= ;;
  *) fail "there is no $extent to set up: it can be all, test, wasm, fuzz, bench or node" ;;
esac
setup_modules

way=none
case $extent in
  all | test | wasm)
    way=$(emscripten_way)
    needs="$needs $(emscripten_needs "$way")"
    ;;
esac
# shellcheck disable=SC2086 # lists of words, here and below
missing=$(needs_missing $needs)
# shellcheck disable=SC2086
if [ -n "$missing" ]; then packages_install $missing; fi
setup_emscripten "$way"
case $extent in all | test) browser_install ;; esac
