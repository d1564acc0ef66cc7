# The CMake toolchain of the wasm preset: Emscripten's own, wherever setup put or found Emscripten.

set(rondo_emscripten "${CMAKE_CURRENT_LIST_DIR}/../.toolchain/emscripten/usr/share/emscripten")
if(NOT EXISTS "${rondo_emscripten}/emcc")
  find_program(RONDO_EM_CONFIG em-config)
  if(NOT RONDO_EM_CONFIG)
    message(FATAL_ERROR "Emscripten is not installed. Run: npm run setup")
  endif()
  execute_process(COMMAND "${RONDO_EM_CONFIG}" EMSCRIPTEN_ROOT OUTPUT_VARIABLE rondo_emscripten
    OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
file(REAL_PATH "${rondo_emscripten}" rondo_emscripten)
include("${rondo_emscripten}/cmake/Modules/Platform/Emscripten.cmake")
