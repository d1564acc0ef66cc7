#!/bin/sh
# Sets up all that building and testing needs: npm packages, Debian packages, Emscripten.
#
#   setup.sh        everything
#   setup.sh wasm   what building and running the worker needs, without the native tests' tools
#
# Plain POSIX shell, since it starts on a machine that has neither node_modules nor a new Node. What
# is already there is skipped, so every npm script may start with it.
set -eu
cd "$(dirname "$0")/../.."

. scripts/setup/common.sh
. scripts/setup/modules.sh
. scripts/setup/packages.sh
. scripts/setup/emscripten.sh

way=$(emscripten_way)
setup_modules
setup_packages "${1:-all}" "$(emscripten_packages "$way")"
setup_emscripten "$way"
