#include <gtest/gtest.h>

#include "native/anthropic/read_messages.h"

namespace rondo::anthropic {
namespace {

conversation::Tool toolOf(const std::string& type, const std::string& name) {
  const auto request = readFields(R"("tools":[{"type":")" + type +
                                  (name.empty() ? "" : R"(","name":")" + name) + R"("}])");
  EXPECT_EQ(request.tools.size(), 1U) << type;
  return request.tools.empty() ? conversation::Tool() : request.tools.front();
}

bool hasInput(const conversation::Tool& tool, std::string_view name) {
  const auto* properties =
      tool.parameters ? json::findObject(*tool.parameters, "properties") : nullptr;
  return properties && json::findObject(*properties, name);
}

TEST(ClientToolsTest, AreDeclaredWithTheInputsThatTheirModelsKnow) {
  const auto bash = toolOf("bash_20250124", "bash");
  EXPECT_TRUE(hasInput(bash, "command") && hasInput(bash, "restart"));
  const auto editor = toolOf("text_editor_20250728", "str_replace_based_edit_tool");
  EXPECT_TRUE(hasInput(editor, "command") && hasInput(editor, "insert_text"));
  EXPECT_TRUE(hasInput(editor, "view_range") && hasInput(editor, "old_str"));
  const auto memory = toolOf("memory_20250818", "memory");
  EXPECT_TRUE(hasInput(memory, "old_path") && hasInput(memory, "file_text"));
  for (const auto& tool : {bash, editor, memory}) EXPECT_FALSE(tool.description.empty());
}

TEST(ClientToolsTest, NameEachOfTheirCommands) {
  const auto commandsOf = [](const std::string& type) {
    return json::dump((*toolOf(type, "").parameters)["properties"]["command"]["enum"]);
  };
  EXPECT_EQ(commandsOf("text_editor_20250728"), R"(["view","create","str_replace","insert"])");
  EXPECT_EQ(commandsOf("memory_20250818"),
            R"(["view","create","str_replace","insert","delete","rename"])");
}

TEST(ClientToolsTest, OlderEditorsHaveACommandToUndo) {
  for (const std::string type : {"text_editor_20241022", "text_editor_20250124"}) {
    const auto tool = toolOf(type, "");
    EXPECT_EQ(tool.name, "str_replace_editor");
    EXPECT_TRUE(json::dump(*tool.parameters).contains("undo_edit"));
  }
  EXPECT_FALSE(json::dump(*toolOf("text_editor_20250429", "").parameters).contains("undo_edit"));
}

TEST(ClientToolsTest, HaveTheNameThatTheRequestGivesThem) {
  EXPECT_EQ(toolOf("bash_20241022", "sh").name, "sh");
  EXPECT_EQ(toolOf("bash_20241022", "").name, "bash");
}

}  // namespace
}  // namespace rondo::anthropic
