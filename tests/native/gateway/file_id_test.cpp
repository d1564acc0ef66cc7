#include "gateway/file_id.h"

#include <gtest/gtest.h>

#include <set>

#include "base/base64.h"
#include "support/fake_host.h"

namespace rondo::gateway {
namespace {

using openai::FilePurpose;

const std::string kCredential = "0123456789abcdef";

Client clientNamed(std::string name) {
  Client client;
  client.name = std::move(name);
  return client;
}

std::string nameFor(FilePurpose purpose, const Client& client) {
  fake::FakeHost host;
  return newFileName(purpose, client, host.host.entropy);
}

TEST(FileId, IsReadAsItWasWritten) {
  const auto client = clientNamed("ana");
  const FileId id{kCredential, nameFor(FilePurpose::UserData, client), "image/svg+xml"};
  const auto read = readFileId(writeFileId(id), client);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->credential, id.credential);
  EXPECT_EQ(read->name, id.name);
  EXPECT_EQ(read->mimeType, id.mimeType);
}

TEST(FileId, IsSafeInAPath) {
  const auto text = writeFileId({kCredential, nameFor(FilePurpose::Vision, {}), "image/svg+xml"});
  EXPECT_TRUE(text.starts_with("file-"));
  EXPECT_EQ(text.find_first_of("/+=%?#. "), std::string::npos);
}

TEST(FileId, IsNoLongerThanFiveHundredAndTwelveBytes) {
  const auto idOfSize = [](std::size_t size) {
    const auto name = nameFor(FilePurpose::UserData, {});
    const std::size_t bytes = (size - 5) * 3 / 4;
    const std::size_t before = kCredential.size() + 1 + name.size() - 6 + 1 + 5;
    return writeFileId({kCredential, name, "text/" + std::string(bytes - before, 'a')});
  };
  ASSERT_EQ(idOfSize(512).size(), 512U);
  EXPECT_TRUE(readFileId(idOfSize(512), {}));
  ASSERT_GT(idOfSize(514).size(), 512U);
  EXPECT_FALSE(readFileId(idOfSize(514), {}));
}

TEST(FileId, HasOneSpelling) {
  const auto text = writeFileId({kCredential, nameFor(FilePurpose::Vision, {}), "image/png"});
  auto other = text;
  for (const char last :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01")) {
    other.back() = last;
    const bool isSame = decodeBase64(other.substr(5)) == decodeBase64(text.substr(5));
    if (!isSame || other == text) continue;
    EXPECT_FALSE(readFileId(other, {})) << other;
  }
}

TEST(FileId, OfAnotherClientIsNone) {
  const auto name = nameFor(FilePurpose::UserData, clientNamed("ana"));
  EXPECT_FALSE(readFileId(writeFileId({kCredential, name, "text/plain"}), clientNamed("ben")));
}

TEST(FileId, ThatIsMadeUpIsNone) {
  const auto client = clientNamed("ana");
  const auto name = nameFor(FilePurpose::UserData, client).substr(6);
  const auto made = [](const std::string& text) { return "file-" + encodeBase64Url(text); };
  ASSERT_TRUE(readFileId(made(kCredential + "/" + name + "/text/plain"), client));
  const std::string faulty[] = {
      "",
      "file-",
      "file-x",
      name,
      made(kCredential + "/" + name),
      made(kCredential + "/" + name + "/"),
      made(kCredential + "/" + name + "/text"),
      made(kCredential + "/" + name + "/text/plain?x"),
      made(kCredential + "/" + name + "/text/plain/x"),
      made(kCredential + "/" + name + "//plain"),
      made(kCredential + "/" + name + "/te xt/plain"),
      made(kCredential + "/" + name.substr(1) + "/text/plain"),
      made(kCredential + "/" + name.substr(0, name.size() - 1) + "G/text/plain"),
      made(kCredential + "/" + name + "0/text/plain"),
      "fill-" + made(kCredential + "/" + name + "/text/plain").substr(5),
      made(kCredential + "/../../models/x/text/plain"),
      made(kCredential + "/" + name + "x/text/plain"),
      made("0123456789ABCDEF/" + name + "/text/plain"),
      made("01234567/" + name + "/text/plain"),
      made(kCredential + "/" + name + "/text/plain") + "=",
      made(kCredential + "/" + name + "/text/" + std::string(600, 'a'))};
  for (const auto& each : faulty) EXPECT_FALSE(readFileId(each, client)) << each;
}

TEST(FileName, IsOneThatGoogleTakes) {
  for (const auto purpose : {FilePurpose::Assistants, FilePurpose::Vision, FilePurpose::UserData}) {
    const auto name = nameFor(purpose, clientNamed("ana"));
    ASSERT_TRUE(name.starts_with("files/"));
    const auto id = name.substr(6);
    EXPECT_LE(id.size(), 40U);
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos);
  }
}

TEST(FileName, TellsWhatTheFileIsFor) {
  const auto client = clientNamed("ana");
  for (const auto purpose : {FilePurpose::Assistants, FilePurpose::Vision, FilePurpose::UserData}) {
    EXPECT_EQ(purposeOfFile(nameFor(purpose, client), client), purpose);
  }
  EXPECT_FALSE(purposeOfFile("files/abc-123", client));
  const auto name = nameFor(FilePurpose::Vision, client);
  EXPECT_FALSE(purposeOfFile("xfiles" + name.substr(5), client));
  EXPECT_FALSE(purposeOfFile("films/" + name.substr(6), client));
}

TEST(FileName, IsAnotherEachTime) {
  EXPECT_TRUE(nameFor(FilePurpose::Vision, {}).ends_with("-0102030405060708090a"));
  fake::FakeHost host;
  std::set<std::string> names;
  for (int i = 0; i < 20; ++i) {
    names.insert(newFileName(FilePurpose::Vision, {}, host.host.entropy));
  }
  EXPECT_EQ(names.size(), 20U);
}

}  // namespace
}  // namespace rondo::gateway
