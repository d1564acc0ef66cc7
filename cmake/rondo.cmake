# One library a folder of cpp/.
#
#   rondo_library(http SOURCES url.cpp headers.cpp DEPENDS base)
#
# makes the target rondo_http. It is header-only when it has no SOURCES. Includes start at cpp/:
# #include "http/url.h". DEPENDS names folders; LIBRARIES names other CMake targets. HOT names the
# sources that every byte of a request or of an answer goes through: they are compiled for speed
# where the rest is compiled for size. PRECOMPILED names headers that most of the sources include.
function(rondo_library folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HOT;DEPENDS;LIBRARIES;PRECOMPILED")
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "rondo_library(${folder}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target rondo_${folder})
  set(needs ${arg_LIBRARIES})
  foreach(name IN LISTS arg_DEPENDS)
    list(APPEND needs rondo_${name})
  endforeach()

  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES} ${arg_HOT})
    if(EMSCRIPTEN)
      # Precompiled headers are of the other optimisation.
      set_source_files_properties(${arg_HOT} PROPERTIES
        COMPILE_OPTIONS -O3 SKIP_PRECOMPILE_HEADERS ON)
    endif()
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}/cpp")
    target_link_libraries(${target} PUBLIC ${needs} PRIVATE rondo_warnings rondo_language)
    rondo_precompile(${target} rondo_prefix "${needs}" ${arg_PRECOMPILED})
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE "${PROJECT_SOURCE_DIR}/cpp")
    target_link_libraries(${target} INTERFACE ${needs})
  endif()
endfunction()
