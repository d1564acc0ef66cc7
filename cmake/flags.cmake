# The language, the warnings and the sanitizers, the same in every build.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

option(RONDO_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

# Carried by everything of ours, tests included.
add_library(rondo_warnings INTERFACE)
target_compile_options(rondo_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual $<$<BOOL:${RONDO_WERROR}>:-Werror>)

# GCC 12 sees overlaps and overruns in operator+ of std::string where there are none (GCC bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(rondo_warnings INTERFACE -Wno-restrict -Wno-array-bounds
    -Wno-stringop-overflow)
endif()

# Carried by the code under cpp/. Tests do without, since GoogleTest needs neither restriction.
add_library(rondo_language INTERFACE)
target_compile_options(rondo_language INTERFACE -fno-exceptions -fno-rtti)

if(RONDO_SANITIZE)
  # Not vptr: it reads the type information that our code is built without.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
  add_link_options(-fsanitize=address,undefined)
endif()
