# What a machine has to have, each under a name of ours: how it is seen, whoever installed it, what
# Debian and Homebrew call it, and how old it may be. Sourced by setup.sh.

# What the WebAssembly build needs besides Emscripten.
needs_wasm='cmake ninja json'
# What the native tests need on top.
needs_test='compiler gtest gmock'
# What the checks need on top of both.
needs_check='clang-format'
# What fuzzing needs on top of needs_wasm: a compiler with libFuzzer and its own C++ library.
needs_fuzz='clang libfuzzer libcxx'
# What the native benchmark needs on top of needs_wasm.
needs_bench='compiler benchmark valgrind'

# Where headers are looked for, as cmake/json.cmake does. RONDO_INCLUDES names other folders.
header_folders=${CPATH:-}:${RONDO_INCLUDES:-/usr/include:/usr/local/include:/opt/homebrew/include}

has_header() {
  echo "$header_folders" | tr ':' '\n' | while read -r header_folder; do
    if [ -n "$header_folder" ] && [ -r "$header_folder/$1" ]; then echo found; fi
  done | grep -q found
}

llvm_19=/usr/lib/llvm-19

is_there() {
  case $1 in
    cmake) have cmake && version_at_least "$(cmake --version 2>/dev/null | version_in)" 3.25 ;;
    ninja) have ninja ;;
    json) has_header nlohmann/json.hpp ;;
    compiler) have g++ && version_at_least "$(g++ -dumpversion 2>/dev/null)" 12 ;;
    gtest) has_header gtest/gtest.h ;;
    gmock) has_header gmock/gmock.h ;;
    clang-format) have clang-format-19 ||
      clang-format --version 2>/dev/null | grep -q 'version 19\.' ;;
    clang) have clang++-19 && [ -x $llvm_19/bin/clang ] ;;
    libfuzzer) ls $llvm_19/lib/clang/19/lib/*/libclang_rt.fuzzer* >/dev/null 2>&1 ;;
    libcxx) [ -r $llvm_19/include/c++/v1/expected ] ;;
    benchmark) has_header benchmark/benchmark.h ;;
    lld) [ -x $llvm_19/bin/wasm-ld ] ;;
    llvm) [ -x $llvm_19/bin/llvm-ar ] ;;
    emscripten) emscripten_on_path ;;
    *) have "$1" ;;
  esac
}

# The oldest that will do, where it matters.
oldest_of() {
  case $1 in
    cmake) echo 3.25 ;;
    compiler) echo 12 ;;
    emscripten) echo "$emscripten_oldest" ;;
    *) echo 0 ;;
  esac
}

debian_name() {
  case $1 in
    ninja) echo ninja-build ;;
    json) echo nlohmann-json3-dev ;;
    compiler) echo g++ ;;
    gtest) echo libgtest-dev ;;
    gmock) echo libgmock-dev ;;
    clang-format) echo clang-format-19 ;;
    clang) echo clang-19 ;;
    libfuzzer) echo libclang-rt-19-dev ;;
    libcxx) echo libc++-19-dev ;;
    benchmark) echo libbenchmark-dev ;;
    lld) echo lld-19 ;;
    llvm) echo llvm-19 ;;
    *) echo "$1" ;;
  esac
}

# Apple's g++ is Clang, and comes with the command line tools.
homebrew_name() {
  case $1 in
    json) echo nlohmann-json ;;
    gtest | gmock) echo googletest ;;
    benchmark) echo google-benchmark ;;
    clang-format) echo llvm@19 ;;
    cmake | ninja | emscripten) echo "$1" ;;
    *) ;;
  esac
}

# Those of the needs given that are not there.
needs_missing() {
  needs_absent=
  for need in "$@"; do
    is_there "$need" || needs_absent="$needs_absent $need"
  done
  printf '%s' "${needs_absent# }"
}

# The needs given in the words of debian_name or homebrew_name, each once.
named_by() {
  naming=$1
  shift
  for need in "$@"; do "$naming" "$need"; done | awk '!seen[$0]++' | tr '\n' ' ' | sed 's/ $//'
}
