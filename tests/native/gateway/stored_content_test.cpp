#include "gateway/stored_content.h"

#include <gtest/gtest.h>

#include "support/pool_under_test.h"

namespace rondo::gateway {
namespace {

std::string withPart(const std::string& part) {
  return R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[)" + part + "]}]}";
}

const std::string kBucket =
    withPart(R"({"type":"image_url","image_url":{"url":"gs://theirs/a.png"}})");
const std::string kOurs = withPart(R"({"type":"image_url","image_url":{"url":"gs://ours/a.png"}})");
const std::string kFile = withPart(R"({"type":"file","file":{"file_id":"files/abc"}})");
const std::string kCache =
    R"({"model":"gemini-3.8-flash","google":{"cached_content":"cachedContents/x"},)"
    R"("messages":[{"role":"user","content":"x"}]})";

std::string codeOf(PoolUnderTest& pool, const std::string& body,
                   Client::Stored stored = Client::Stored::Allowed) {
  ClientRequest request;
  request.operation = "chat_completions";
  request.client.stored = stored;
  request.body = OwnedBytes::copyOf(body);
  const auto reply = pool.serve(std::move(request));
  if (reply.head->status == 200) return "ok";
  EXPECT_EQ(reply.head->status, 403);
  return errorCode(reply);
}

TEST(StoredContent, MayAllBeNamedUnlessToldOtherwise) {
  PoolUnderTest pool(1);
  for (const auto& body : {kBucket, kFile, kCache}) EXPECT_EQ(codeOf(pool, body), "ok");
}

TEST(StoredContent, IsRefusedWithoutACallWhenItIsOff) {
  PoolUnderTest pool(1, {{"STORED_CONTENT", "off"}});
  for (const auto& body : {kBucket, kFile, kCache}) {
    EXPECT_EQ(codeOf(pool, body), "stored_content_not_allowed") << body;
  }
  EXPECT_TRUE(pool.callees.empty());
  EXPECT_EQ(codeOf(pool, std::string(kHello)), "ok");
}

TEST(StoredContent, MayBeNamedUnderAPrefix) {
  PoolUnderTest pool(1, {{"STORED_CONTENT", "gs://ours/"}});
  EXPECT_EQ(codeOf(pool, kOurs), "ok");
  EXPECT_EQ(codeOf(pool, kBucket), "stored_content_not_allowed");
}

TEST(StoredContent, IsWhatTheTranslationWillSendAndNotWhatStandsBesideIt) {
  PoolUnderTest pool(1, {{"STORED_CONTENT", "gs://ours/"}});
  for (const auto* part :
       {R"({"type":"file","file":{"file_id":"gs://ours/a.pdf","file_data":"gs://theirs/a.pdf"}})",
        R"({"type":"image_url","image_url":{"url":" gs://theirs/a.png"}})",
        R"({"type":"video_url","video_url":{"url":"\tGS://theirs/a.mp4"}})"}) {
    EXPECT_EQ(codeOf(pool, withPart(part)), "stored_content_not_allowed") << part;
  }
  EXPECT_TRUE(pool.callees.empty());
}

TEST(StoredContent, IsAnUploadedFileHoweverItsAddressIsSpelled) {
  PoolUnderTest pool(1, {{"STORED_CONTENT", "off"}});
  for (const auto* url : {"https://generativelanguage.googleapis.com/v1beta/files/x",
                          "https://generativelanguage.googleapis.com:443/v1beta/files/x",
                          "https://generativelanguage.googleapis.com./v1beta/files/x",
                          "HTTPS://GenerativeLanguage.googleapis.com/v1beta/files/x",
                          "https://generativelanguage.googleapis.com?file=x", "files/x"}) {
    const auto part = std::string(R"({"type":"image_url","image_url":{"url":")") + url + R"("}})";
    EXPECT_EQ(codeOf(pool, withPart(part)), "stored_content_not_allowed") << url;
  }
  EXPECT_TRUE(pool.callees.empty());
}

TEST(StoredContent, IsAFilesIdOfAnyForm) {
  PoolUnderTest pool(1, {{"STORED_CONTENT", "off"}});
  EXPECT_EQ(codeOf(pool, withPart(R"({"type":"file","file":{"file_id":"file-abc"}})")),
            "stored_content_not_allowed");
}

TEST(StoredContent, IsRefusedToAKeyThatMayNotNameIt) {
  PoolUnderTest pool(1);
  EXPECT_EQ(codeOf(pool, kBucket, Client::Stored::Denied), "stored_content_not_allowed");
  EXPECT_EQ(codeOf(pool, std::string(kHello), Client::Stored::Denied), "ok");
}

TEST(StoredContent, ThatIsRefusedIsNamedByItsPart) {
  PoolUnderTest pool(1, {{"STORED_CONTENT", "off"}});
  const auto reply = pool.chat(kBucket);
  EXPECT_NE(reply.body.find("messages[0].content[0]"), std::string::npos) << reply.body;
}

// The field that is told of files when Google denies with these words.
std::string deniedField(const std::vector<std::string>& ids, const std::string& words) {
  PoolUnderTest pool(1);
  pool.answers = [&words](const std::string&, const http::Request&) {
    return fake::answer(
        403, R"({"error":{"code":403,"status":"PERMISSION_DENIED","message":")" + words + "\"}}");
  };
  std::string parts;
  for (const auto& id : ids) {
    parts.append(parts.empty() ? "" : ",");
    parts += R"({"type":"file","file":{"file_id":"files/)" + id + R"("}})";
  }
  const auto body = document(pool.chat(withPart(parts)));
  const auto* error = json::findObject(body, "error");
  return error ? std::string(json::findString(*error, "param").value_or("")) : "no error";
}

TEST(StoredContent, ThatGoogleDeniesIsTheOneThatItNames) {
  const std::string second = "messages[0].content[1].file.file_id";
  const auto denial = [](const std::string& id) {
    return "You do not have permission to access the File " + id + " or it may not exist.";
  };
  EXPECT_EQ(deniedField({"abc", "abcd"}, denial("abcd")), second);
  EXPECT_EQ(deniedField({"a-abc", "abc"}, denial("abc")), second);
  // Long numbers of Google's words are blotted out.
  EXPECT_EQ(deniedField({"ab", "a012345678912b"}, denial("a012345678912b")), second);
  EXPECT_EQ(deniedField({"012345678911", "012345678912"}, denial("012345678912")), "");
}

TEST(StoredContent, ThatGoogleDeniesWithoutANameIsTheOnlyOne) {
  const std::string words = "The caller does not have permission";
  EXPECT_EQ(deniedField({"abc"}, words), "messages[0].content[0].file.file_id");
  EXPECT_EQ(deniedField({"abc", "abc"}, words), "messages[0].content[0].file.file_id");
  EXPECT_EQ(deniedField({"abc", "abd"}, words), "");
}

TEST(StoredContent, IsNoAddressOfTheOpenWeb) {
  PoolUnderTest pool(1, {{"STORED_CONTENT", "off"}});
  EXPECT_EQ(codeOf(pool, withPart(R"({"type":"image_url","image_url":)"
                                  R"({"url":"https://example.com/a.png"}})")),
            "ok");
}

}  // namespace
}  // namespace rondo::gateway
