// What the C library would import from a WASI host, answered here, so that the module imports from
// `rondo` alone. The clock is missing on purpose: time comes through the port, and whoever calls
// std::chrono's clocks instead is told by the build.

#include <wasi/api.h>

#include <cstddef>

extern "C" {

// Called after the memory grew. The worker rebuilds its views after every call anyway.
void emscripten_notify_memory_growth(std::size_t memory);
void emscripten_notify_memory_growth(std::size_t) {}

// Standard output and error: there are none. Only abort messages of the C++ library go there.
__wasi_errno_t __wasi_fd_write(__wasi_fd_t, const __wasi_ciovec_t*, size_t, __wasi_size_t*) {
  return __WASI_ERRNO_BADF;
}

__wasi_errno_t __wasi_fd_seek(__wasi_fd_t, __wasi_filedelta_t, __wasi_whence_t,
                              __wasi_filesize_t*) {
  return __WASI_ERRNO_BADF;
}

__wasi_errno_t __wasi_fd_close(__wasi_fd_t) { return __WASI_ERRNO_BADF; }

}  // extern "C"
