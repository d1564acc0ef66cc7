# Precompiled headers. Reading the standard library's headers, the JSON library's and GoogleTest's takes
# longer than most files of ours: they are read once a build. Every file still includes what it uses.
#
#   rondo_precompile(rondo_google rondo_prefix "rondo_base;rondo_json")
#
# lets a target that sees JSON, through the targets it needs, reuse the headers of rondo_prefix. One with
# headers of ours that most of its files include names them last: it has them precompiled too, for itself.
# The module is built without those, as compilers tell no warnings of what is precompiled.

set(rondo_prefix_headers <algorithm> <array> <charconv> <chrono> <coroutine> <expected> <functional>
  <list> <map> <memory> <optional> <ranges> <set> <span> <string> <string_view> <unordered_map>
  <utility> <variant> <vector> <nlohmann/json.hpp>)

add_library(rondo_prefix STATIC "${CMAKE_CURRENT_LIST_DIR}/prefix.cpp")
target_include_directories(rondo_prefix PRIVATE "${PROJECT_SOURCE_DIR}/cpp")
target_link_libraries(rondo_prefix PRIVATE rondo_warnings rondo_language rondo_nlohmann)
target_precompile_headers(rondo_prefix PRIVATE ${rondo_prefix_headers})

function(rondo_precompile target prefix needs)
  set(own ${ARGN})
  set(sees_json OFF)
  foreach(need IN LISTS needs)
    get_property(below GLOBAL PROPERTY ${need}_sees_json)
    if(below OR need STREQUAL "rondo_nlohmann")
      set(sees_json ON)
    endif()
  endforeach()
  set_property(GLOBAL PROPERTY ${target}_sees_json ${sees_json})
  if(own AND NOT EMSCRIPTEN)
    list(TRANSFORM own REPLACE "(.+)" "<\\1>")
    target_precompile_headers(${target} PRIVATE ${${prefix}_headers} ${own})
  elseif(sees_json)
    target_precompile_headers(${target} REUSE_FROM ${prefix})
  endif()
endfunction()
