# Precompiled headers. Reading the JSON library's header, and GoogleTest's, takes longer than most
# files of ours: both are read once a build. Every file still includes what it uses.
#
#   rondo_precompile(rondo_google rondo_prefix "rondo_base;rondo_json")
#
# lets a target that sees JSON, through the targets it needs, reuse the headers of rondo_prefix.

add_library(rondo_prefix STATIC "${CMAKE_CURRENT_LIST_DIR}/prefix.cpp")
target_include_directories(rondo_prefix PRIVATE "${PROJECT_SOURCE_DIR}/cpp")
target_link_libraries(rondo_prefix PRIVATE rondo_warnings rondo_language rondo_nlohmann)
target_precompile_headers(rondo_prefix PRIVATE <nlohmann/json.hpp>)

function(rondo_precompile target prefix needs)
  set(sees_json OFF)
  foreach(need IN LISTS needs)
    get_property(below GLOBAL PROPERTY ${need}_sees_json)
    if(below OR need STREQUAL "rondo_nlohmann")
      set(sees_json ON)
    endif()
  endforeach()
  set_property(GLOBAL PROPERTY ${target}_sees_json ${sees_json})
  if(sees_json)
    target_precompile_headers(${target} REUSE_FROM ${prefix})
  endif()
endfunction()
