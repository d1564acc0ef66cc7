#include "gateway/file_id.h"

#include <gtest/gtest.h>

#include <set>

#include "base/base64.h"
#include "support/fake_host.h"

namespace rondo::gateway {
namespace {

using openai::FilePurpose;

const std::string kCredential = "0123456789abcdef";

credentials::Credential keyed(std::string key, std::string id = kCredential) {
  credentials::Credential credential;
  credential.id = std::move(id);
  credential.grant = credentials::ApiKey{Secret(std::move(key))};
  return credential;
}

// The one with which all files lie, unless a test says otherwise.
const credentials::Credential kLair = keyed("AIza-1");

Client clientNamed(std::string name) {
  Client client;
  client.name = std::move(name);
  return client;
}

std::string nameFor(FilePurpose purpose, const Client& client,
                    const credentials::Credential& credential = kLair) {
  fake::FakeHost host;
  return newFileName(purpose, client, credential, host.host.entropy);
}

std::optional<OwnFile> find(std::string_view id, const Client& client) {
  static const std::vector<credentials::Credential> all = {keyed("AIza-0", "fedcba9876543210"),
                                                           kLair};
  return findOwnFile(id, client, all);
}

TEST(FileId, IsReadAsItWasWritten) {
  const auto client = clientNamed("ana");
  const FileId id{kCredential, nameFor(FilePurpose::UserData, client), "image/svg+xml"};
  const auto read = readFileId(writeFileId(id));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->credential, id.credential);
  EXPECT_EQ(read->name, id.name);
  EXPECT_EQ(read->mimeType, id.mimeType);
}

TEST(FileId, StandsForTheFileOfItsClientAndItsCredential) {
  const auto client = clientNamed("ana");
  const auto name = nameFor(FilePurpose::UserData, client);
  const auto own = find(writeFileId({kCredential, name, "image/svg+xml"}), client);
  ASSERT_TRUE(own);
  EXPECT_EQ(own->credential->id, kCredential);
  EXPECT_EQ(own->name, name);
  EXPECT_EQ(own->mimeType, "image/svg+xml");
  EXPECT_EQ(own->purpose, FilePurpose::UserData);
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
  EXPECT_TRUE(readFileId(idOfSize(512)));
  ASSERT_GT(idOfSize(514).size(), 512U);
  EXPECT_FALSE(readFileId(idOfSize(514)));
}

TEST(FileId, HasOneSpelling) {
  const auto text = writeFileId({kCredential, nameFor(FilePurpose::Vision, {}), "image/png"});
  auto other = text;
  for (const char last :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz01")) {
    other.back() = last;
    const bool isSame = decodeBase64(other.substr(5)) == decodeBase64(text.substr(5));
    if (!isSame || other == text) continue;
    EXPECT_FALSE(readFileId(other)) << other;
  }
}

TEST(FileId, OfAnotherClientIsNone) {
  const auto name = nameFor(FilePurpose::UserData, clientNamed("ana"));
  EXPECT_FALSE(find(writeFileId({kCredential, name, "text/plain"}), clientNamed("ben")));
}

TEST(FileId, OfACredentialThatDidNotMakeTheNameIsNone) {
  const auto name = nameFor(FilePurpose::UserData, {});
  EXPECT_TRUE(find(writeFileId({kCredential, name, "text/plain"}), {}));
  EXPECT_FALSE(find(writeFileId({"fedcba9876543210", name, "text/plain"}), {}));
  EXPECT_FALSE(find(writeFileId({"00000000ffffffff", name, "text/plain"}), {}));
}

TEST(FileId, ThatIsMadeUpIsNone) {
  const auto client = clientNamed("ana");
  const auto name = nameFor(FilePurpose::UserData, client).substr(6);
  const auto made = [](const std::string& text) { return "file-" + encodeBase64Url(text); };
  ASSERT_TRUE(find(made(kCredential + "/" + name + "/text/plain"), client));
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
  for (const auto& each : faulty) EXPECT_FALSE(find(each, client)) << each;
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
    EXPECT_EQ(purposeOfFile(nameFor(purpose, client), client, kLair), purpose);
  }
  EXPECT_FALSE(purposeOfFile("files/abc-123", client, kLair));
  const auto name = nameFor(FilePurpose::Vision, client);
  EXPECT_FALSE(purposeOfFile("xfiles" + name.substr(5), client, kLair));
  EXPECT_FALSE(purposeOfFile("films/" + name.substr(6), client, kLair));
}

TEST(FileName, CanBeMadeByNobodyWithoutTheSecret) {
  const auto client = clientNamed("ana");
  const auto name = nameFor(FilePurpose::Vision, client);
  for (const std::size_t at : {std::size_t{6}, std::size_t{15}, name.size() - 1}) {
    auto other = name;
    other[at] = other[at] == '0' ? '1' : '0';
    EXPECT_FALSE(purposeOfFile(other, client, kLair)) << other;
  }
  EXPECT_FALSE(purposeOfFile(name.substr(0, name.size() - 1), client, kLair));
  EXPECT_FALSE(purposeOfFile(name + "0", client, kLair));
  EXPECT_FALSE(purposeOfFile("files/vision-", client, kLair));
  EXPECT_FALSE(purposeOfFile(name, client, keyed("AIza-2")));
  EXPECT_FALSE(purposeOfFile("files/user-data-" + name.substr(13), client, kLair));
}

TEST(FileName, HasAMarkOfWhateverSecretTheCredentialHas) {
  const auto marked = [](credentials::Grant grant) {
    auto credential = kLair;
    credential.grant = std::move(grant);
    return nameFor(FilePurpose::Vision, {}, credential);
  };
  const std::set<std::string> names = {
      marked(credentials::ApiKey{Secret("a")}),
      marked(credentials::ApiKey{Secret("b")}),
      marked(credentials::RefreshGrant{"c", Secret("a"), Secret("c"), {}}),
      marked(credentials::RefreshGrant{"c", Secret("a"), Secret("d"), {}}),
      marked(credentials::ServiceAccountKey{"e", "i", Secret("e"), "u"}),
      marked(credentials::ServiceAccountKey{"e", "i", Secret("f"), "u"})};
  EXPECT_EQ(names.size(), 6U);
}

TEST(FileName, IsAnotherEachTime) {
  EXPECT_TRUE(nameFor(FilePurpose::Vision, {}).starts_with("files/vision-010203040506"));
  fake::FakeHost host;
  std::set<std::string> names;
  for (int i = 0; i < 20; ++i) {
    names.insert(newFileName(FilePurpose::Vision, {}, kLair, host.host.entropy));
  }
  EXPECT_EQ(names.size(), 20U);
}

}  // namespace
}  // namespace rondo::gateway
