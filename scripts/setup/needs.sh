# What a machine has to have, each under a name of ours: how it is seen, whoever installed it, what
# Debian and Homebrew call it, and how old it may be. Sourced by setup.sh.

# What the WebAssembly build needs besides Emscripten.
needs_wasm='cmake ninja json'
# What the tests need on top: a compiler for the native ones, and the reader of metrics that others use.
needs_test='compiler gtest gmock prometheus-client'
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

# Where a Python is looked for, as tests/support/prometheusclient.ts does: the first on PATH is not
# always the one that Debian's packages are for. RONDO_PYTHONS names others.
python_home=.toolchain/python
pythons=${RONDO_PYTHONS:-$python_home/bin/python3 /usr/bin/python3 python3}

has_python_module() {
  for python in $pythons; do
    if "$python" -c "import $1" >/dev/null 2>&1; then return 0; fi
  done
  return 1
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
    prometheus-client) has_python_module prometheus_client.parser ;;
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
    prometheus-client) echo python3-prometheus-client ;;
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

# What Homebrew has no formula of, and pip has.
pip_name() {
  case $1 in
    prometheus-client) echo prometheus-client==0.26.0 ;;
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

# The needs given in the words of debian_name, homebrew_name or pip_name, each once.
named_by() {
  naming=$1
  shift
  for need in "$@"; do "$naming" "$need"; done | awk '!seen[$0]++' | tr '\n' ' ' | sed 's/ $//'
}
