#include <gtest/gtest.h>

#include "linear/requests.h"
#include "linear/steps.h"
#include "translation/remote_media.h"
#include "translation/request_body.h"

// Whatever a client sends is read in linear time: twice as much of it takes about twice the steps.

namespace rondo::linear {
namespace {

void translateFor(const conversation::Request& request, std::string_view model) {
  translation::RequestTarget target;
  target.family = google::ModelFamily::parse(model);
  translation::FetchedMedia media;
  for (const auto& each : translation::mediaToFetch(request, target.webMedia())) {
    media.emplace(each.url, translation::Media{"image/png", "AAAA"});
  }
  target.media = &media;
  EXPECT_TRUE(translation::translateRequest(request, target));
}

std::uint64_t stepsFor(const Kind& kind, int size) {
  const std::string body = kind.make(size);
  const std::uint64_t before = steps();
  const auto sent = kind.dialect().read(body, {});
  EXPECT_TRUE(sent) << (sent ? "" : sent.error().message);
  if (!sent) return 0;
  translateFor(sent->request, "gemini-3.8-flash");
  translateFor(sent->request, "gemini-2.5-pro");
  return steps() - before;
}

class LinearTest : public testing::TestWithParam<Kind> {};

TEST_P(LinearTest, TwiceAsMuchTakesTwiceTheSteps) {
  const int size = GetParam().size;
  // Searches in trees take some steps more, what is squared would take four times as many.
  constexpr double kMost = 2.4;
  const auto once = static_cast<double>(stepsFor(GetParam(), size));
  const auto twice = static_cast<double>(stepsFor(GetParam(), 2 * size));
  EXPECT_GT(once, size / 100.0) << "nothing was counted";
  EXPECT_LT(twice / once, kMost) << once << " steps, then " << twice;
}

INSTANTIATE_TEST_SUITE_P(Requests, LinearTest, testing::ValuesIn(kinds()),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace rondo::linear
