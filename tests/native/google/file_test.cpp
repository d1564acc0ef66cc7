#include "google/file.h"

#include <gtest/gtest.h>

namespace rondo::google {
namespace {

constexpr std::string_view kFile = R"({"name":"files/a-1","displayName":"a.pdf",
  "mimeType":"application/pdf","sizeBytes":"12","createTime":"2026-11-29T10:00:00.123456Z",
  "expirationTime":"2026-12-01T10:00:00Z","state":"PROCESSING"})";

TEST(File, IsReadAsItIsAndAsTheEndOfAnUpload) {
  for (const auto& body : {std::string(kFile), R"({"file":)" + std::string(kFile) + "}"}) {
    const auto file = readFile(body);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->name, "files/a-1");
    EXPECT_EQ(file->displayName, "a.pdf");
    EXPECT_EQ(file->mimeType, "application/pdf");
    EXPECT_EQ(file->bytes, 12);
    EXPECT_EQ(unixSeconds(*file->expires) - unixSeconds(*file->created), 48 * 3600);
    EXPECT_EQ(file->state, File::State::Processing);
  }
}

TEST(File, ThatFailedTellsWhy) {
  const auto file =
      readFile(R"({"name":"files/a","state":"FAILED","error":{"code":3,"message":"No film."}})");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->state, File::State::Failed);
  EXPECT_EQ(file->fault, "No film.");
}

TEST(File, IsNothingElse) {
  for (const auto* body : {"", "{}", "[]", R"({"name":"models/a"})", R"({"file":{}})"}) {
    EXPECT_FALSE(readFile(body)) << body;
  }
}

TEST(FilePage, HasFilesAndTheTokenOfTheNext) {
  const auto page =
      readFilePage(R"({"files":[{"name":"files/a"},{"name":"files/b"}],"nextPageToken":"t"})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->files.size(), 2U);
  EXPECT_EQ(page->nextPage, "t");
  EXPECT_TRUE(readFilePage("{}")->files.empty());
  EXPECT_FALSE(readFilePage("x"));
}

TEST(FileUploadBody, NamesTheFile) {
  EXPECT_EQ(uploadBody("files/a", "\"x\""), R"({"file":{"name":"files/a","displayName":"\"x\""}})");
}

}  // namespace
}  // namespace rondo::google
