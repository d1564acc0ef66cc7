# The module that the worker loads.
#
#   rondo_module(SOURCES exports.cpp imports.cpp DEPENDS gateway host)
#
# makes the target rondo, build/wasm/rondo.wasm.

set(RONDO_MODULE_FLAGS
  # No JavaScript of Emscripten's: the worker brings its own.
  -sSTANDALONE_WASM --no-entry
  # An import that no file declares is a fault, not an import.
  -sERROR_ON_UNDEFINED_SYMBOLS=1
  -sALLOW_MEMORY_GROWTH=1 -sMAXIMUM_MEMORY=128MB -sINITIAL_MEMORY=4MB
  -sSTACK_SIZE=1MB -sMALLOC=dlmalloc -sFILESYSTEM=0
  # A stack that overflows traps, instead of running over the data below it.
  -Wl,--stack-first
  # Nothing but the C and C++ libraries.
  -sAUTO_NATIVE_LIBRARIES=0 -sAUTO_JS_LIBRARIES=0)

# What Emscripten ends with, once more: with the functions in an order that compresses better, for which
# cmake/arrange.js names them, and with constants folded into the addresses of loads and stores. The latter
# takes nothing to lie in the first KB. There the stack ends, so what could be wrong of it is a trap some
# bytes before the one by which a stack overflows anyway. The features are named, as the linked module
# doesn't tell them any more.
execute_process(COMMAND "${rondo_emscripten}/em-config" BINARYEN_ROOT
  OUTPUT_VARIABLE rondo_binaryen OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
set(RONDO_ARRANGE "${rondo_binaryen}/bin/wasm-opt"
  --mvp-features --enable-bulk-memory --enable-multivalue --enable-mutable-globals
  --enable-reference-types --enable-sign-ext --enable-simd --enable-tail-call
  -Oz --low-memory-unused --zero-filled-memory --reorder-functions-by-name --strip-debug)
find_program(RONDO_NODE node REQUIRED NO_CMAKE_FIND_ROOT_PATH)

add_compile_options(-mtail-call -msimd128 -mbulk-memory)
add_link_options(-mtail-call -msimd128 -mbulk-memory)

function(rondo_module)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "SOURCES;DEPENDS;LIBRARIES")
  set(needs ${arg_LIBRARIES})
  foreach(name IN LISTS arg_DEPENDS)
    list(APPEND needs rondo_${name})
  endforeach()
  add_executable(rondo ${arg_SOURCES})
  set_target_properties(rondo PROPERTIES
    SUFFIX .wasm RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
  target_include_directories(rondo PRIVATE "${PROJECT_SOURCE_DIR}/cpp")
  target_link_libraries(rondo PRIVATE ${needs} rondo_warnings rondo_language)
  rondo_precompile(rondo rondo_prefix "${needs}")
  target_link_options(rondo PRIVATE ${RONDO_MODULE_FLAGS})
  set(arrange "${PROJECT_SOURCE_DIR}/cmake/arrange.js")
  set_target_properties(rondo PROPERTIES LINK_DEPENDS "${arrange}")
  add_custom_command(TARGET rondo POST_BUILD VERBATIM
    COMMAND "${RONDO_NODE}" "${arrange}" $<TARGET_FILE:rondo>
    COMMAND ${RONDO_ARRANGE} $<TARGET_FILE:rondo> -o $<TARGET_FILE:rondo>)
endfunction()
