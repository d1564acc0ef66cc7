# nlohmann_json as the target rondo_nlohmann. Only cpp/json links it.

add_library(rondo_nlohmann INTERFACE)
target_compile_definitions(rondo_nlohmann INTERFACE
  JSON_USE_IMPLICIT_CONVERSIONS=0 JSON_NOEXCEPTION=1 JSON_HAS_RANGES=0)

# The folders of scripts/setup/needs.sh.
set(rondo_includes /usr/include /usr/local/include /opt/homebrew/include)
if(DEFINED ENV{RONDO_INCLUDES})
  cmake_path(CONVERT "$ENV{RONDO_INCLUDES}" TO_CMAKE_PATH_LIST rondo_includes)
endif()
find_path(RONDO_NLOHMANN_DIR nlohmann/json.hpp REQUIRED NO_CMAKE_FIND_ROOT_PATH
  PATHS ENV CPATH ${rondo_includes})

# The headers are reached through a folder that holds nothing else: the system's include folder would
# hand Emscripten the machine's own C library.
set(RONDO_JSON_INCLUDES "${PROJECT_BINARY_DIR}/nlohmann-include")
file(MAKE_DIRECTORY "${RONDO_JSON_INCLUDES}")
file(CREATE_LINK "${RONDO_NLOHMANN_DIR}/nlohmann" "${RONDO_JSON_INCLUDES}/nlohmann" SYMBOLIC)
target_include_directories(rondo_nlohmann SYSTEM INTERFACE "${RONDO_JSON_INCLUDES}")
