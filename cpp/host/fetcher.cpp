#include "host/fetcher.h"

namespace rondo::host {

Task<Result<std::string>> readAll(Body& body, std::size_t limit) {
  std::string all;
  for (;;) {
    auto chunk = co_await body.read();
    if (!chunk) co_return fail(chunk.error());
    if (!*chunk) co_return all;
    if (all.size() + (*chunk)->size() > limit) {
      co_return fail(makeError(ErrorKind::Broken,
                               "The answer is longer than " + std::to_string(limit) + " bytes."));
    }
    all += **chunk;
  }
}

}  // namespace rondo::host
