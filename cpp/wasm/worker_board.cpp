#include "wasm/worker_board.h"

#include <utility>

namespace rondo::wasm {
namespace {

std::string_view spanName(host::Board::Span span) {
  switch (span) {
    case host::Board::Span::Hour: return "hour";
    case host::Board::Span::Day: return "day";
    case host::Board::Span::Totals: break;
  }
  return "totals";
}

}  // namespace

void WorkerBoard::addLater(std::string rows) { object_.tell({{"do", "count"}}, rows); }

Task<Result<std::string>> WorkerBoard::sums(Span span) {
  auto sums = co_await object_.ask({{"do", "counts"}, {"span", std::string(spanName(span))}}, {});
  if (!sums) co_return fail(sums.error());
  co_return std::move(*sums).value_or("{}");
}

// The saying is claimed, and what is claimed is that it was said. Should the object fail, two say
// it.
Task<bool> WorkerBoard::isFirst(std::string saying, Instant until) {
  const auto said = co_await object_.ask({{"do", "claim"}, {"key", saying}, {"beyond", 0}}, {});
  if (!said) co_return true;
  if (*said) co_return false;
  object_.tell({{"do", "settle"}, {"key", saying}, {"expires", toUnixMillis(until)}}, "said");
  co_return true;
}

void WorkerBoard::forget(std::string saying) {
  object_.tell({{"do", "erase"}, {"key", std::move(saying)}}, {});
}

}  // namespace rondo::wasm
