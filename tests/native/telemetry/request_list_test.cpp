#include "telemetry/request_list.h"

#include <gtest/gtest.h>

namespace rondo::telemetry {
namespace {

std::vector<std::string> idsOf(const RequestList& list) {
  std::vector<std::string> ids;
  list.forEach([&ids](const RequestEntry& entry) { ids.push_back(entry.id); });
  return ids;
}

RequestEntry entry(int id) {
  RequestEntry made;
  made.id = std::to_string(id);
  return made;
}

TEST(RequestList, TellsTheLatestFirst) {
  RequestList list;
  EXPECT_TRUE(idsOf(list).empty());
  for (int id = 1; id <= 3; ++id) list.add(entry(id));
  EXPECT_EQ(idsOf(list), (std::vector<std::string>{"3", "2", "1"}));
}

TEST(RequestList, KeepsTheLastTwoHundred) {
  RequestList list;
  for (int id = 1; id <= 450; ++id) list.add(entry(id));
  const auto ids = idsOf(list);
  ASSERT_EQ(ids.size(), 200U);
  EXPECT_EQ(ids.front(), "450");
  EXPECT_EQ(ids.back(), "251");
}

TEST(RequestList, CutsTextsThatOthersMadeUp) {
  RequestList list;
  auto made = entry(1);
  for (auto* text : {&made.client, &made.model, &made.credential, &made.error}) {
    *text = std::string(1000, 'm');
  }
  made.attempts.push_back({"main", "m", "day", std::string(1000, 'r')});
  list.add(std::move(made));
  list.forEach([](const RequestEntry& each) {
    for (const auto* text : {&each.client, &each.model, &each.credential, &each.error}) {
      EXPECT_EQ(text->size(), 256U);
    }
    EXPECT_EQ(each.attempts[0].reason.size(), 256U);
  });
}

}  // namespace
}  // namespace rondo::telemetry
