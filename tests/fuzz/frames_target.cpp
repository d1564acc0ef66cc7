#include <string>
#include <vector>

#include "base/owned_bytes.h"
#include "frames/frame.h"
#include "frames/heads.h"
#include "frames/records.h"
#include "frames/texts.h"
#include "fuzz/require.h"
#include "fuzz/targets.h"

namespace rondo::fuzz {
namespace {

void checkTexts(std::string_view bytes) {
  const auto read = frames::readTexts(bytes);
  if (!read) return;
  std::string written = frames::writeTexts(read->all);
  written.append(read->rest);
  require(written == bytes, "a row of texts is written as it was read", bytes);
}

void checkRequest(std::string_view bytes) {
  const auto request = frames::readRequest(OwnedBytes::copyOf(bytes));
  if (!request) return;
  require(bytes.ends_with(request->body.view()), "a request's body is the row's end", bytes);
}

void checkAnswerHead(std::string_view bytes) {
  const auto head = frames::readAnswerHead(bytes);
  if (!head) return;
  const std::string written = frames::writeRespondHead(*head, frames::Answered::Whole);
  require(frames::readTexts(written).has_value(), "a head is a row of texts", bytes);
}

void checkFrame(std::string_view bytes) {
  const auto frame = frames::readFrame(bytes);
  if (!frame) return;
  const std::string written = frames::writeFrame(frame->head, frame->body);
  const auto again = frames::readFrame(written);
  require(again && again->head == frame->head && again->body == frame->body,
          "a frame is read as it was written", bytes);
}

void checkRecalled(std::string_view bytes) {
  const auto recalled = frames::readRecalled(bytes);
  if (!recalled) return;
  const auto texts = frames::readTexts(bytes);
  require(texts && texts->all.size() == 3 + recalled->history.size() + recalled->items.size(),
          "what is recalled is what the row holds", bytes);
}

}  // namespace

void tryFrames(std::string_view input) {
  checkTexts(input);
  checkRequest(input);
  checkAnswerHead(input);
  checkFrame(input);
  checkRecalled(input);
}

}  // namespace rondo::fuzz
