#include "conversation/tool_schema.h"

#include <gtest/gtest.h>

namespace rondo::conversation {
namespace {

std::string typeOf(std::string_view schema) { return typeOfNoObject(*json::parse(schema)); }

TEST(ToolSchema, NamesTheTypeOfWhatIsNoObject) {
  EXPECT_EQ(typeOf(R"({"type":"array"})"), R"("array")");
  EXPECT_EQ(typeOf(R"({"type":"STRING"})"), R"("STRING")");
  EXPECT_EQ(typeOf(R"({"type":["string","null"]})"), R"(["string","null"])");
}

TEST(ToolSchema, LeavesOpenWhatMayBeAnObject) {
  for (const char* schema :
       {R"({})", R"({"type":"object"})", R"({"type":["array","object"]})", R"({"type":null})",
        R"({"type":"null"})", R"({"type":["null"]})", R"({"type":["array","any"]})",
        R"({"type":{}})", R"({"anyOf":[{"type":"string"}]})"}) {
    EXPECT_EQ(typeOf(schema), "") << schema;
  }
}

}  // namespace
}  // namespace rondo::conversation
