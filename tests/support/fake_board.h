#pragma once

#include <string>
#include <utility>
#include <vector>

#include "host/board.h"

namespace rondo::fake {

// A board of which the test says whether somebody else has spoken.
class FakeBoard : public host::Board {
 public:
  void addLater(std::string rows) override { told.push_back(std::move(rows)); }
  Task<Result<std::string>> sums(Span span) override {
    asked.push_back(span);
    if (isBroken) co_return fail(makeError(ErrorKind::Transient, "gone"));
    co_return answer;
  }
  Task<bool> isFirst(std::string saying, Instant until) override {
    sayings.push_back(saying);
    remembersUntil = until;
    co_return isFirstAnswer;
  }

  void forget(std::string saying) override { forgotten.push_back(std::move(saying)); }

  bool isFirstAnswer = true;
  bool isBroken = false;
  Instant remembersUntil{};
  std::string answer = R"({"totals":[]})";
  std::vector<Span> asked;
  std::vector<std::string> sayings;
  std::vector<std::string> forgotten;
  std::vector<std::string> told;
};

}  // namespace rondo::fake
