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
endfunction()
