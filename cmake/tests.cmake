# One test program a folder of tests/native/.
#
#   rondo_test(http SOURCES url_test.cpp DEPENDS http)
#
# makes the program test_http, run by ctest from the repository's root. Includes start at cpp/ and at
# tests/. Further CMake targets go under LIBRARIES. PRECOMPILED is as for rondo_library.

find_package(GTest REQUIRED)

# As the tests are compiled: with exceptions and run-time types.
add_library(rondo_test_prefix STATIC "${CMAKE_CURRENT_LIST_DIR}/prefix.cpp")
target_link_libraries(rondo_test_prefix PRIVATE rondo_warnings rondo_nlohmann GTest::gmock)
set(rondo_test_prefix_headers ${rondo_prefix_headers} <gmock/gmock.h> <gtest/gtest.h>)
target_precompile_headers(rondo_test_prefix PRIVATE ${rondo_test_prefix_headers})

function(rondo_test folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPENDS;LIBRARIES;PRECOMPILED")
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "rondo_test(${folder}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(needs ${arg_LIBRARIES})
  foreach(name IN LISTS arg_DEPENDS)
    list(APPEND needs rondo_${name})
  endforeach()

  file(GLOB unlisted CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" "*_test.cpp")
  list(REMOVE_ITEM unlisted ${arg_SOURCES})
  if(unlisted)
    message(FATAL_ERROR "rondo_test(${folder}): not among its sources: ${unlisted}")
  endif()

  add_executable(test_${folder} ${arg_SOURCES})
  target_include_directories(test_${folder} PRIVATE
    "${PROJECT_SOURCE_DIR}/cpp" "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(test_${folder} PRIVATE
    ${needs} rondo_warnings GTest::gmock GTest::gtest_main)
  rondo_precompile(test_${folder} rondo_test_prefix "${needs}" ${arg_PRECOMPILED})
  add_test(NAME test_${folder} COMMAND test_${folder}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
endfunction()
