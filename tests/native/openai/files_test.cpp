#include "openai/files.h"

#include <gtest/gtest.h>

namespace rondo::openai {
namespace {

FileObject fileOf(std::string id, std::int64_t createdAt) {
  FileObject file;
  file.id = std::move(id);
  file.createdAt = createdAt;
  file.name = "a.pdf";
  return file;
}

std::vector<FileObject> threeFiles() {
  return {fileOf("file-a", 1), fileOf("file-c", 3), fileOf("file-b", 2)};
}

std::string listOf(const FileListQuery& query) {
  auto body = fileListBody(threeFiles(), query);
  if (!body) return body.error().param;
  std::string ids;
  for (std::size_t at = body->find("\"id\":\"file-"); at != std::string::npos;
       at = body->find("\"id\":\"file-", at + 1)) {
    ids += body->at(at + 11);
  }
  return ids + (body->contains("\"has_more\":true") ? "+" : "");
}

TEST(FileList, HasTheNewestFirst) {
  EXPECT_EQ(listOf({}), "cba");
  EXPECT_EQ(listOf({{}, {}, "asc", {}}), "abc");
}

TEST(FileList, GoesOnBehindTheLastOfAPage) {
  EXPECT_EQ(listOf({"2", {}, {}, {}}), "cb+");
  EXPECT_EQ(listOf({"2", "file-b", {}, {}}), "a");
  EXPECT_EQ(listOf({{}, "file-a", {}, {}}), "");
}

TEST(FileList, NamesTheParameterAtFault) {
  EXPECT_EQ(listOf({"0", {}, {}, {}}), "limit");
  EXPECT_EQ(listOf({"-1", {}, {}, {}}), "limit");
  EXPECT_EQ(listOf({"10001", {}, {}, {}}), "limit");
  EXPECT_EQ(listOf({{}, "file-x", {}, {}}), "after");
  EXPECT_EQ(listOf({{}, {}, "up", {}}), "order");
}

TEST(FileList, OfNothingNamesNoFile) {
  EXPECT_EQ(*fileListBody({}, {}),
            R"({"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false})");
}

TEST(FileListQuery, IsReadOfTheAddress) {
  const auto query = readFileListQuery("limit=2&after=file%2Da&x=1&order=asc&purpose=vision&y");
  EXPECT_EQ(query.limit, "2");
  EXPECT_EQ(query.after, "file-a");
  EXPECT_EQ(query.order, "asc");
  EXPECT_EQ(query.purpose, "vision");
  EXPECT_EQ(readFileListQuery("limit=%zz").limit, "");
}

TEST(FileObject, IsWrittenAsOpenAiDoes) {
  FileObject file = fileOf("file-a", 5);
  file.bytes = 7;
  file.expiresAt = 9;
  EXPECT_EQ(fileBody(file),
            R"({"id":"file-a","object":"file","bytes":7,"created_at":5,"expires_at":9,)"
            R"("filename":"a.pdf","purpose":"user_data","status":"processed"})");
}

std::string form(const std::string& fields) {
  return fields +
         "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n" +
         "%PDF\r\n--x--\r\n";
}

std::string field(const std::string& name, const std::string& value) {
  return "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
}

TEST(FileUpload, IsReadOfAForm) {
  const std::string body = form(field("purpose", "vision"));
  const auto upload = readFileUpload(body, "multipart/form-data; boundary=x");
  ASSERT_TRUE(upload);
  EXPECT_EQ(upload->purpose, FilePurpose::Vision);
  EXPECT_EQ(upload->file.name, "a.pdf");
  EXPECT_EQ(upload->file.bytes, "%PDF");
}

TEST(FileUpload, NamesTheFieldAtFault) {
  const auto faultOf = [](const std::string& body) {
    const auto upload = readFileUpload(body, "multipart/form-data; boundary=x");
    return upload ? "" : upload.error().param;
  };
  EXPECT_EQ(faultOf(form("")), "purpose");
  EXPECT_EQ(faultOf(form(field("purpose", "batch"))), "purpose");
  EXPECT_EQ(faultOf(field("purpose", "vision") + "--x--\r\n"), "file");
  EXPECT_EQ(faultOf(form(field("purpose", "vision") + field("expires_after[seconds]", "3600"))),
            "expires_after");
}

}  // namespace
}  // namespace rondo::openai
