#include "translation/native_names.h"

#include <gtest/gtest.h>

#include <vector>

namespace rondo::translation {
namespace {

std::string renamed(std::string_view document, Author author = Author::Client) {
  const auto change = [](std::string_view id) { return std::optional("my" + std::string(id)); };
  return withChangedIds(document, author, change).value_or("untouched");
}

TEST(NativeNames, AreFoundInNamesAndAddresses) {
  const std::pair<std::string, std::string> names[] = {
      {"files/a", "files/mya"},
      {"https://generativelanguage.googleapis.com/v1beta/files/a",
       "https://generativelanguage.googleapis.com/v1beta/files/mya"},
      {"https://generativelanguage.googleapis.com/v1beta/files/a:download?alt=media",
       "https://generativelanguage.googleapis.com/v1beta/files/mya:download?alt=media"},
      {"cachedContents/a-1", "cachedContents/mya-1"},
      {"projects/p/locations/l/cachedContents/1", "projects/p/locations/l/cachedContents/my1"},
      {"https://GenerativeLanguage.googleapis.com:443/v1beta/files/a?alt=media",
       "https://GenerativeLanguage.googleapis.com:443/v1beta/files/mya?alt=media"},
      {"files/a#part", "files/mya#part"},
      {"files/a/b", "files/mya/b"},
      {"https://generativelanguage.googleapis.com/files/v1beta/files/a",
       "https://generativelanguage.googleapis.com/files/v1beta/files/mya"},
  };
  for (const auto& [name, changed] : names) {
    EXPECT_EQ(renamed(R"({"name":")" + name + R"("})"), R"({"name":")" + changed + R"("})");
  }
}

TEST(NativeNames, AreNoneElsewhere) {
  for (const auto* name : {"gs://bucket/a", "profiles/a", "files/", "files", "models/g", "",
                           "https://example.com/a", "data:text/plain;base64,files/a"}) {
    EXPECT_EQ(renamed(R"({"uri":")" + std::string(name) + R"("})"), "untouched") << name;
  }
}

TEST(NativeNames, AreNobodyElses) {
  for (const auto* address :
       {"https://example.com/files/a.pdf", "https://intranet.example/files/77", "ftp://h/files/a",
        "https://example.com/generativelanguage.googleapis.com/files/a",
        "https://generativelanguage.googleapis.com.example/files/a",
        "https://generativelanguage.googleapis.com@example.com/files/a"}) {
    for (const auto author : {Author::Client, Author::OpenAiClient, Author::Google}) {
      EXPECT_EQ(renamed(R"({"uri":")" + std::string(address) + R"("})", author), "untouched")
          << address;
    }
  }
}

TEST(NativeNames, AreNoneInSchemas) {
  for (const auto* member : {"parameters", "parameters_json_schema", "responseSchema",
                             "response_json_schema", "response_format", "schema"}) {
    const auto body = R"({")" + std::string(member) + R"(":{"default":{"name":"files/a"}}})";
    for (const auto author : {Author::Client, Author::OpenAiClient, Author::Google}) {
      EXPECT_EQ(renamed(body, author), "untouched") << member;
    }
  }
}

TEST(NativeNames, OfOpenAisClientsStandInTheirMembers) {
  for (const auto* member : {"url", "image_url", "video_url", "audio_url", "file_url", "file_data",
                             "file_id", "uri", "file_uri"}) {
    const auto body = R"({")" + std::string(member) + R"(":"files/a"})";
    EXPECT_EQ(renamed(body, Author::OpenAiClient),
              R"({")" + std::string(member) + R"(":"files/mya"})");
  }
  EXPECT_EQ(renamed(R"({"image_url":{"url":"files/a"}})"), "untouched");
  EXPECT_EQ(renamed(R"({"image_url":{"url":"files/a"}})", Author::Google), "untouched");
}

TEST(NativeNames, OfMediaThatAToolGaveCount) {
  EXPECT_EQ(
      renamed(R"({"result":[{"type":"image","uri":"files/a"},{"type":"text","uri":"files/b"},)"
              R"({"uri":"files/c"}]})"),
      R"({"result":[{"type":"image","uri":"files/mya"},{"type":"text","uri":"files/b"},)"
      R"({"uri":"files/c"}]})");
}

TEST(NativeNames, AreFoundWhereGoogleHasThemInEitherSpelling) {
  EXPECT_EQ(renamed(R"({"contents":[{"parts":[{"fileData":{"fileUri":"files/a"}},)"
                    R"({"file_data":{"file_uri":"files\/b"}},)"
                    R"({"functionResponse":{"parts":[{"fileData":{"fileUri":"files/c"}}]}}]}],)"
                    R"("cachedContent":"cachedContents/d","previous_interaction_id":"v1_e"})"),
            R"({"contents":[{"parts":[{"fileData":{"fileUri":"files/mya"}},)"
            R"({"file_data":{"file_uri":"files/myb"}},)"
            R"({"functionResponse":{"parts":[{"fileData":{"fileUri":"files/myc"}}]}}]}],)"
            R"("cachedContent":"cachedContents/myd","previous_interaction_id":"myv1_e"})");
}

TEST(NativeNames, StandInEachMemberThatHoldsOne) {
  for (const auto* member : {"name", "uri", "fileUri", "file_uri", "downloadUri", "cachedContent",
                             "fileName", "file_name", "fileId", "file_id"}) {
    EXPECT_EQ(renamed(R"({")" + std::string(member) + R"(":"files/a"})"),
              R"({")" + std::string(member) + R"(":"files/mya"})");
  }
}

TEST(NativeNames, AreSpelledSoThatTheDocumentStaysOne) {
  EXPECT_EQ(renamed(R"({"uri":"projects\/\"\/files\/a"})"), R"({"uri":"projects/\"/files/mya"})");
}

TEST(NativeNames, AreNotLookedForInWhatIsLongerThanAName) {
  const auto ofSize = [](std::size_t size) {
    const std::string end = "/files/a";
    return R"({"uri":")" + std::string(size - 2 - end.size(), 'x') + end + "\"}";
  };
  EXPECT_NE(renamed(ofSize(2048)), "untouched");
  EXPECT_EQ(renamed(ofSize(2049)), "untouched");
}

TEST(NativeNames, AreNotLookedForInTextsNorInWhatToolsAreGivenAndGive) {
  for (const auto* body :
       {R"({"parts":[{"text":"files/a"}]})", R"({"functionCall":{"args":{"uri":"files/a"}}})",
        R"({"functionResponse":{"response":{"uri":"files/a"}}})",
        R"({"type":"function_call","arguments":{"name":"files/a"}})", R"({"id":"v1_a"})",
        R"({"type":"function_result","result":{"name":"files/a","uri":"files/b"}})",
        R"({"type":"function_result","result":"files/a"})",
        R"({"tools":[{"parameters":{"default":{"name":"files/a"}}}]})",
        R"({"response_format":{"schema":{"examples":[{"uri":"files/a"}]}}})"}) {
    EXPECT_EQ(renamed(body), "untouched") << body;
  }
}

TEST(NativeNames, OfAnAnswerAreItsOwnIdToo) {
  EXPECT_EQ(renamed(R"({"id":"v1_a","steps":[{"id":"call"}]})", Author::Google),
            R"({"id":"myv1_a","steps":[{"id":"call"}]})");
  EXPECT_EQ(renamed(R"({"interaction":{"id":"v1_a"},"index":1})", Author::Google),
            R"({"interaction":{"id":"myv1_a"},"index":1})");
  EXPECT_EQ(renamed(R"({"interaction_id":"v1_a"})", Author::Google),
            R"({"interaction_id":"myv1_a"})");
}

TEST(NativeNames, LeaveTheRestAsItIsSpelled) {
  EXPECT_EQ(renamed(R"( { "uri" : "files/a" , "x":1e2, "t":"\u00e9" } )"),
            R"( { "uri" : "files/mya" , "x":1e2, "t":"\u00e9" } )");
}

TEST(NativeNames, LeaveWhatIsNoDocumentAlone) {
  for (const auto* body : {"", "no JSON", R"({"uri":"files/a")", "[]", "1"}) {
    EXPECT_EQ(renamed(body), "untouched") << body;
  }
}

TEST(NativeNames, EndBeforeWhatIsNoPartOfAnId) {
  for (const std::string end : {"", "/b", ":download", "?alt=media", "#part"}) {
    std::string seen;
    const auto see = [&seen](std::string_view id) -> std::optional<std::string> {
      seen = id;
      return std::nullopt;
    };
    withChangedIds(R"({"uri":"files/a)" + end + "\"}", Author::Client, see);
    EXPECT_EQ(seen, "a") << end;
  }
}

TEST(NativeNames, LeaveTheIdsThatAreNotToBeChanged) {
  std::vector<std::string> seen;
  const auto none = [&seen](std::string_view id) -> std::optional<std::string> {
    seen.emplace_back(id);
    return std::nullopt;
  };
  EXPECT_EQ(withChangedIds(R"([{"uri":"files/a"},{"name":"files/b"}])", Author::Client, none),
            std::nullopt);
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace rondo::translation
