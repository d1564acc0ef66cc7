#include "host/fetcher.h"

namespace rondo::host {

Task<Result<std::string>> readAll(Body& body, std::size_t limit) {
  std::string all;
  for (;;) {
    const auto chunk = co_await body.read(ReadSize::Large);
    if (!chunk) co_return fail(chunk.error());
    const std::string_view bytes = chunk->bytes.view();
    if (bytes.size() > limit - all.size()) {
      co_return fail(makeError(ErrorKind::Broken,
                               "The answer is longer than " + std::to_string(limit) + " bytes."));
    }
    all += bytes;
    if (chunk->isLast()) co_return all;
  }
}

}  // namespace rondo::host
