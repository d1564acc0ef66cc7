# The CMake toolchain of the wasm preset: Emscripten's own. Which Emscripten is decided as in
# scripts/setup/emscripten.sh: the unpacked one, else the first on PATH that is new enough. One of
# long ago may come before it.

set(rondo_oldest 3.1.50)

# Sets `result` to Emscripten's folder when the commands in `folder` are of one that is new enough.
function(rondo_emscripten_in folder result)
  if(NOT EXISTS "${folder}/emcc" OR NOT EXISTS "${folder}/em-config")
    return()
  endif()
  execute_process(COMMAND "${folder}/emcc" --version
    OUTPUT_VARIABLE told ERROR_QUIET RESULT_VARIABLE failed)
  if(failed OR NOT told MATCHES "\\) ([0-9]+\\.[0-9]+\\.[0-9]+)"
      OR CMAKE_MATCH_1 VERSION_LESS rondo_oldest)
    return()
  endif()
  execute_process(COMMAND "${folder}/em-config" EMSCRIPTEN_ROOT
    OUTPUT_VARIABLE home OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  set(${result} "${home}" PARENT_SCOPE)
endfunction()

set(rondo_emscripten "${CMAKE_CURRENT_LIST_DIR}/../.toolchain/emscripten/usr/share/emscripten")
if(NOT EXISTS "${rondo_emscripten}/emcc")
  set(rondo_emscripten "")
  cmake_path(CONVERT "$ENV{PATH}" TO_CMAKE_PATH_LIST rondo_folders)
  if(DEFINED ENV{EMSDK})
    list(APPEND rondo_folders "$ENV{EMSDK}/upstream/emscripten")
  endif()
  foreach(rondo_folder IN LISTS rondo_folders)
    if(NOT rondo_emscripten)
      rondo_emscripten_in("${rondo_folder}" rondo_emscripten)
    endif()
  endforeach()
  if(NOT rondo_emscripten)
    message(FATAL_ERROR
      "There is no Emscripten ${rondo_oldest} or newer. Run: npm run setup -- wasm")
  endif()
endif()
file(REAL_PATH "${rondo_emscripten}" rondo_emscripten)
include("${rondo_emscripten}/cmake/Modules/Platform/Emscripten.cmake")
