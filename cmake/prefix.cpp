// Has nothing to say: it carries the precompiled headers of cmake/prefix.cmake.
