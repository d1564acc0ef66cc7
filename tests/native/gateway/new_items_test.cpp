#include "gateway/new_items.h"

#include <gtest/gtest.h>

#include <string>

namespace rondo::gateway {
namespace {

using Fault = std::optional<Error>;

Fault faultOf(const std::string& items) { return newItemsFault(R"({"items":[)" + items + "]}"); }

// Where the fault of a part of a message lies, or nowhere.
std::string faultyPart(const std::string& part, const std::string& role = "user") {
  const auto fault = faultOf(R"({"role":")" + role + R"(","content":[)" + part + "]}");
  return fault ? fault->param : "nowhere";
}

std::string faultyImage(const std::string& url) {
  return faultyPart(R"({"type":"input_image","image_url":")" + url + R"("})");
}

constexpr const char* kImageUrl = "items[0].content[0].image_url";

TEST(NewItems, AreToldByTheirPlacesInTheList) {
  const auto fault = faultOf(R"({"role":"user","content":"a"},{"role":"wizard","content":"b"})");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->kind, ErrorKind::BadRequest);
  EXPECT_EQ(fault->param, "items[1].role");
  EXPECT_EQ(fault->code, "invalid_value");
}

TEST(NewItems, MayBeWhateverARequestTakes) {
  EXPECT_FALSE(faultOf(""));
  EXPECT_FALSE(faultOf(R"({"role":"user","content":"a"},{"type":"of_tomorrow","content":5})"));
}

TEST(NewItems, AreNoReferences) {
  for (const char* item : {R"({"type":"item_reference","id":"msg_1"})", R"({"id":"rs_1"})"}) {
    const auto fault = faultOf(item);
    ASSERT_TRUE(fault) << item;
    EXPECT_EQ(fault->param, "items[0].type");
    EXPECT_EQ(fault->message,
              "Invalid 'items[0].type': a conversation takes items themselves, and no references "
              "to them.");
  }
}

TEST(NewItems, MayBringAToolThatOnlyModelsForImagesTake) {
  EXPECT_FALSE(faultOf(R"({"type":"additional_tools","tools":[{"type":"image_generation"}]})"));
}

TEST(NewItems, HoldNoMediaThatAreNoBase64) {
  EXPECT_EQ(faultyImage("data:image/png;base64,!!"), kImageUrl);
  EXPECT_EQ(faultyImage("data:image/png;base64,iVBORw0KGgo="), "nowhere");
}

TEST(NewItems, HoldNoMediaThatNoModelReads) {
  EXPECT_EQ(faultyImage("data:application/msword;base64,AAAA"), kImageUrl);
}

TEST(NewItems, HoldNoMediaAtAddressesThatAreNotPublic) {
  EXPECT_EQ(faultyImage("https://localhost/"), kImageUrl);
  EXPECT_EQ(faultyImage("https://example.com/"), "nowhere");
  // Google fetches it, or says why not.
  EXPECT_EQ(faultyImage("https://localhost/a.png"), "nowhere");
}

TEST(NewItems, MayNameFilesWhichOnlyARequestCanFind) {
  EXPECT_EQ(faultyPart(R"({"type":"input_file","file_id":"file-abc"})"), "nowhere");
  EXPECT_EQ(faultyPart(R"({"type":"input_file","file_id":"abc"})"), "items[0].content[0].file_id");
}

TEST(NewItems, NameNoFilesThatAreKeptElsewhere) {
  const auto fault =
      faultOf(R"({"role":"user","content":[{"type":"input_file","file_id":"file_011C"}]})");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->message, "No such File object: file_011C.");
}

TEST(NewItems, HoldWhateverMediaWhereInstructionsLeaveThemOut) {
  const std::string broken = R"({"type":"input_image","image_url":"picture.png"})";
  EXPECT_EQ(faultyPart(broken, "system"), "nowhere");
  EXPECT_EQ(faultyPart(broken, "assistant"), kImageUrl);
}

TEST(NewItems, HoldNoSuchMediaInResultsOfCallsEither) {
  const auto fault = faultOf(R"({"type":"function_call_output","call_id":"c","output":[)"
                             R"({"type":"input_image","image_url":"picture.png"}]})");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->param, "items[0].output[0].image_url");
}

TEST(NewItems, TellTheListWhereTheirJsonAltogetherIsAtFault) {
  const auto fault = newItemsFault("{");
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->param, "items");
}

}  // namespace
}  // namespace rondo::gateway
