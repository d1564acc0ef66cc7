# Fuzzing, by Clang's libFuzzer: everything is built with its coverage and with sanitizers.
#
#   rondo_fuzzer(schema TARGET trySchema DEPENDS translation)
#
# makes the program fuzz_schema out of schema_target.cpp and a main that calls trySchema. FROM names
# a source that holds several targets.
#
# The C++ library is Clang's own, as in the WebAssembly build: that of GCC 12 keeps <expected> from
# Clang.

add_compile_options(-stdlib=libc++ -fsanitize=fuzzer-no-link,address,undefined
  # Not vptr: it reads the type information that our code is built without.
  -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
add_compile_definitions(_LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_EXTENSIVE)
add_link_options(-stdlib=libc++ -fsanitize=address,undefined)

function(rondo_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET;FROM" "DEPENDS")
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "rondo_fuzzer(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(needs ${arg_DEPENDS})
  list(TRANSFORM needs PREPEND rondo_)
  set(source ${name})
  if(DEFINED arg_FROM)
    set(source ${arg_FROM})
  endif()
  add_executable(fuzz_${name} fuzzer.cpp ${source}_target.cpp)
  target_include_directories(fuzz_${name} PRIVATE
    "${PROJECT_SOURCE_DIR}/cpp" "${PROJECT_SOURCE_DIR}/tests")
  target_compile_definitions(fuzz_${name} PRIVATE RONDO_FUZZ_TARGET=${arg_TARGET})
  target_link_libraries(fuzz_${name} PRIVATE ${needs} rondo_warnings rondo_language)
  # Debian's libFuzzer itself needs GCC's C++ library, which Clang would take for its own by name.
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer LINKER:-lstdc++)
  rondo_precompile(fuzz_${name} rondo_prefix "${needs}")
endfunction()
