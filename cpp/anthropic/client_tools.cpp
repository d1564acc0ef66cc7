#include <algorithm>
#include <array>
#include <utility>

#include "anthropic/messages_request_parts.h"

// Tools that Anthropic's models know without being told their inputs, as docs.anthropic.com and the
// types of Anthropic's SDK describe them: bash, the text editor, and memory.

namespace rondo::anthropic {
namespace {

using conversation::Tool;

struct KnownTool {
  std::string_view kind;  // What its types begin with; behind it stands the version.
  std::string_view name;  // Where the request gives none.
  std::string_view description;
  std::string_view parameters;
};

constexpr std::string_view kBashInput = R"({"type":"object","properties":{
"command":{"type":"string","description":"The command to run. Needed unless the shell is restarted."},
"restart":{"type":"boolean","description":"Whether to restart the shell instead."}}})";

constexpr std::string_view kEditorInput = R"({"type":"object","properties":{
"command":{"type":"string","enum":["view","create","str_replace","insert"]},
"path":{"type":"string","description":"The file or the directory."},
"file_text":{"type":"string","description":"Of create: all that the file is to hold."},
"old_str":{"type":"string","description":"Of str_replace: the text to replace, which the file has once."},
"new_str":{"type":"string","description":"Of str_replace: what stands in its place."},
"insert_line":{"type":"integer","description":"Of insert: the line behind which to insert; 0 is the beginning."},
"insert_text":{"type":"string","description":"Of insert: the text to insert."},
"view_range":{"type":"array","items":{"type":"integer"},"description":"Of view: the first and the last line, counted from 1; -1 is the end."}},
"required":["command","path"]})";

// Versions up to January 2025 undo, and insert `new_str`.
constexpr std::string_view kOlderEditorInput = R"({"type":"object","properties":{
"command":{"type":"string","enum":["view","create","str_replace","insert","undo_edit"]},
"path":{"type":"string","description":"The file or the directory."},
"file_text":{"type":"string","description":"Of create: all that the file is to hold."},
"old_str":{"type":"string","description":"Of str_replace: the text to replace, which the file has once."},
"new_str":{"type":"string","description":"Of str_replace: what stands in its place. Of insert: the text to insert."},
"insert_line":{"type":"integer","description":"Of insert: the line behind which to insert; 0 is the beginning."},
"view_range":{"type":"array","items":{"type":"integer"},"description":"Of view: the first and the last line, counted from 1; -1 is the end."}},
"required":["command","path"]})";

constexpr std::string_view kMemoryInput = R"({"type":"object","properties":{
"command":{"type":"string","enum":["view","create","str_replace","insert","delete","rename"]},
"path":{"type":"string","description":"The file or the directory, below /memories. Of all commands but rename."},
"view_range":{"type":"array","items":{"type":"integer"},"description":"Of view: the first and the last line, counted from 1."},
"file_text":{"type":"string","description":"Of create: all that the file is to hold."},
"old_str":{"type":"string","description":"Of str_replace: the text to replace."},
"new_str":{"type":"string","description":"Of str_replace: what stands in its place."},
"insert_line":{"type":"integer","description":"Of insert: the line behind which to insert; 0 is the beginning."},
"insert_text":{"type":"string","description":"Of insert: the text to insert."},
"old_path":{"type":"string","description":"Of rename: the path now."},
"new_path":{"type":"string","description":"Of rename: the path to be."}},
"required":["command"]})";

constexpr std::string_view kEdits = "Views, creates and edits text files.";

// The first whose kind a type begins with is meant.
constexpr std::array<KnownTool, 5> kKnown = {{
    {"bash_20", "bash", "Runs commands in a shell that lasts.", kBashInput},
    {"text_editor_2024", "str_replace_editor", kEdits, kOlderEditorInput},
    {"text_editor_20250124", "str_replace_editor", kEdits, kOlderEditorInput},
    {"text_editor_20", "str_replace_based_edit_tool", kEdits, kEditorInput},
    {"memory_20", "memory",
     "Keeps notes in files below /memories, from one conversation to the next.", kMemoryInput},
}};

}  // namespace

std::optional<Tool> clientTool(std::string_view type, std::string name) {
  const auto known = std::ranges::find_if(
      kKnown, [type](const KnownTool& tool) { return type.starts_with(tool.kind); });
  if (known == kKnown.end()) return std::nullopt;
  Tool tool;
  tool.name = name.empty() ? std::string(known->name) : std::move(name);
  tool.description = known->description;
  if (auto parameters = json::parse(known->parameters)) tool.parameters = std::move(*parameters);
  return tool;
}

}  // namespace rondo::anthropic
