#!/bin/sh
# Sets up what building, testing and serving need.
#
#   setup.sh        everything: npm packages, Debian packages, Emscripten
#   setup.sh wasm   what building and serving the worker needs, without the native tests' tools
#   setup.sh fuzz   what fuzzing needs, without the other tests' tools
#   setup.sh bench  what the native benchmark needs, without the tests' tools
#   setup.sh node   the npm packages alone, Node 24 among them
#
# Plain POSIX shell, since it starts on a machine that has neither node_modules nor a new Node. What
# is already there is skipped, so every npm script may start with it.
set -eu
cd "$(dirname "$0")/../.."

. scripts/setup/common.sh
. scripts/setup/modules.sh
. scripts/setup/packages.sh
. scripts/setup/emscripten.sh

extent=${1:-all}
setup_modules
case $extent in
  node) ;;
  fuzz | bench) setup_packages "$extent" '' ;;
  *)
    way=$(emscripten_way)
    setup_packages "$extent" "$(emscripten_packages "$way")"
    setup_emscripten "$way"
    ;;
esac
