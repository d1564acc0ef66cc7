#include "gateway/files.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include "gateway/file_id.h"
#include "native/gateway/native_pool.h"
#include "native/gateway/operator_questions.h"

namespace rondo::gateway {
namespace {

constexpr std::string_view kUploaded =
    "https://generativelanguage.googleapis.com/upload/v1beta/files?upload_id=1&key=secret";

struct Upload {
  std::string name = "paper.pdf";
  std::string type = "application/pdf";
  std::string bytes = "%PDF-1.7 a paper";
  std::string purpose = "vision";
};

ClientRequest uploading(const Upload& upload = {}) {
  ClientRequest request;
  request.operation = "create_file";
  request.contentType = "multipart/form-data; boundary=b";
  request.body = OwnedBytes::copyOf(
      "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n" + upload.purpose +
      "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + upload.name +
      "\"\r\nContent-Type: " + upload.type + "\r\n\r\n" + upload.bytes + "\r\n--b--\r\n");
  return request;
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// A file as Google tells it.
std::string told(std::string_view name, std::string_view type = "application/pdf",
                 std::string_view state = R"("state":"ACTIVE")") {
  return R"({"name":)" + quoted(name) + R"(,"displayName":"paper.pdf","mimeType":)" + quoted(type) +
         R"(,"sizeBytes":"16","createTime":"2025-11-24T16:00:00Z",)"
         R"("expirationTime":"2025-11-26T16:00:00Z",)" +
         std::string(state) + "}";
}

// Of the body with which an upload begins.
std::string nameIn(const http::Request& request) {
  const auto body = json::parse(request.body).value_or(json::Value());
  const auto* file = json::findObject(body, "file");
  return std::string(file ? json::findString(*file, "name").value_or("") : "");
}

bool isBeginning(const http::Request& request) {
  return request.headers.get("x-goog-upload-command") == "start";
}

// A file's id as the user of that name would have it, if there were such files.
std::string idOfUser(const std::string& name) {
  credentials::Credential user;
  user.id = credentials::credentialId(credentials::CredentialKind::AuthorizedUser,
                                      {"client", "refresh-" + name});
  user.grant = credentials::RefreshGrant{"client", Secret("hush"), Secret("refresh-" + name), {}};
  fake::FakeHost host;
  const auto file = newFileName(openai::FilePurpose::Vision, {}, user, host.host.entropy);
  return writeFileId({user.id, file, "text/plain"});
}

fake::Answer begun() {
  return {200, {{"x-goog-upload-url", std::string(kUploaded)}}, {}, {}, false};
}

class FilesTest : public testing::Test {
 protected:
  FilesTest() { start({.keys = 2}); }

  // A pool whose Google takes every file, and tells of all of them.
  void start(PoolSize size, credentials::Environment more = {}) {
    pool.emplace(size, std::move(more));
    pool->answers = [this](const std::string& key, const http::Request& request) {
      if (isBeginning(request)) {
        names[key].push_back(nameIn(request));
        return begun();
      }
      if (request.method == "POST") {
        return fake::answer(200, R"({"file":)" + told(names[key].back(), type, state) + "}");
      }
      if (request.method == "DELETE") return fake::answer(200, "{}");
      if (request.url.contains("pageSize")) return listOf(key);
      return fake::answer(200, told(request.url.substr(request.url.find("files/")), type, state));
    };
  }

  fake::Answer listOf(const std::string& key) {
    std::string all;
    for (const auto& each : names[key]) all.append(all.empty() ? "" : ",").append(told(each));
    return fake::answer(200, R"({"files":[)" + all + "]}");
  }

  std::string upload() {
    const auto body = document(pool->serve(uploading()));
    return std::string(json::findString(body, "id").value_or("none"));
  }

  fake::FakeReply named(std::string operation, std::string id) {
    return pool->serve(std::move(operation), "", std::move(id));
  }

  fake::FakeReply list(std::string query = {}) {
    ClientRequest request;
    request.operation = "list_files";
    request.native.query = std::move(query);
    return pool->serve(std::move(request));
  }

  std::vector<http::Request>& calls() { return pool->host.fetcher.calls; }

  std::string type = "application/pdf";
  std::string state = R"("state":"ACTIVE")";
  std::map<std::string, std::vector<std::string>> names;  // By the key that they lie with.
  std::optional<NativePool> pool;
};

// --- Uploads -------------------------------------------------------------------------------------

TEST_F(FilesTest, AreUploadedInTwoCallsOfOneCredential) {
  upload();
  ASSERT_EQ(calls().size(), 2U);
  const auto& [begin, rest] = std::tie(calls()[0], calls()[1]);
  EXPECT_EQ(begin.url, "https://generativelanguage.googleapis.com/upload/v1beta/files");
  EXPECT_EQ(begin.headers.get("content-type"), "application/json");
  EXPECT_EQ(begin.headers.get("x-goog-upload-protocol"), "resumable");
  EXPECT_EQ(begin.headers.get("x-goog-upload-command"), "start");
  EXPECT_EQ(begin.headers.get("x-goog-upload-header-content-length"), "16");
  EXPECT_EQ(begin.headers.get("x-goog-upload-header-content-type"), "application/pdf");
  EXPECT_NE(begin.body.find(R"("displayName":"paper.pdf")"), std::string::npos);
  EXPECT_TRUE(rest.url.starts_with(
      "https://generativelanguage.googleapis.com/upload/v1beta/files?upload_id=1"));
  EXPECT_EQ(rest.headers.get("x-goog-upload-command"), "upload, finalize");
  EXPECT_EQ(rest.headers.get("x-goog-upload-offset"), "0");
  EXPECT_EQ(rest.body, "%PDF-1.7 a paper");
  EXPECT_EQ(pool->callees[0], pool->callees[1]);
}

TEST_F(FilesTest, OfOneClientLieTogetherAsLongAsTheyCan) {
  start({.keys = 4});
  const auto uploadBy = [this](const std::string& client) {
    auto request = uploading();
    request.client.name = client;
    pool->serve(std::move(request));
    return pool->callees.back();
  };
  std::set<std::string> all;
  for (int i = 0; i < 12; ++i) {
    const auto client = "client-" + std::to_string(i);
    const auto first = uploadBy(client);
    EXPECT_EQ(uploadBy(client), first) << client;
    all.insert(first);
  }
  EXPECT_GT(all.size(), 1U);
}

TEST_F(FilesTest, AreToldAsOpenAiTellsThem) {
  const auto file = document(pool->serve(uploading()));
  EXPECT_EQ(file["object"], "file");
  EXPECT_EQ(file["bytes"], 16);
  EXPECT_EQ(file["created_at"], 1764000000);
  EXPECT_EQ(file["expires_at"], 1764000000 + 48 * 3600);
  EXPECT_EQ(file["filename"], "paper.pdf");
  EXPECT_EQ(file["purpose"], "vision");
  EXPECT_EQ(file["status"], "processed");
}

TEST_F(FilesTest, ThatAreBeingLookedThroughOrCantBeReadSaySo) {
  state = R"("state":"PROCESSING")";
  const auto id = upload();
  EXPECT_EQ(document(named("get_file", id))["status"], "uploaded");
  state = R"("state":"FAILED","error":{"message":"No film."})";
  const auto failed = document(named("get_file", id));
  EXPECT_EQ(failed["status"], "error");
  EXPECT_EQ(failed["status_details"], "No film.");
}

TEST_F(FilesTest, AreOfTheTypeThatTheirNameOrTheirBytesTell) {
  const std::string png = "\x89PNG\r\n\x1a\n....";
  const std::vector<std::pair<Upload, std::string>> cases = {
      {{.name = "a.bin", .type = "text/plain", .bytes = png}, "image/png"},
      {{.name = "a.jpg", .type = "image/jpeg", .bytes = png}, "image/png"},
      {{.name = "a.txt", .type = "application/pdf", .bytes = "words"}, "text/plain"},
      {{.name = "a", .type = "text/csv", .bytes = "1,2"}, "text/csv"},
      {{.name = "a", .type = "video/ogg", .bytes = "OggS...."}, "video/ogg"},
  };
  for (const auto& [file, sent] : cases) {
    calls().clear();
    pool->serve(uploading(file));
    ASSERT_EQ(calls().size(), 2U) << file.name;
    EXPECT_EQ(calls()[0].headers.get("x-goog-upload-header-content-type"), sent) << file.name;
  }
}

TEST_F(FilesTest, OfNothingOrOfNoKindThatGeminiReadsAreRefused) {
  for (const auto& file : {Upload{.bytes = ""}, Upload{.name = "a", .type = "", .bytes = "words"},
                           Upload{.name = "a", .type = "application/octet-stream", .bytes = "x"},
                           Upload{.name = "a.docx", .type = "", .bytes = "words"}}) {
    const auto reply = pool->serve(uploading(file));
    EXPECT_EQ(reply.head->status, 400) << file.name;
    EXPECT_EQ(document(reply)["error"]["param"], "file") << file.name;
  }
  EXPECT_TRUE(calls().empty());
}

TEST_F(FilesTest, AreBegunElsewhereWhereTheFirstOneFails) {
  pool->answers = [inner = pool->answers](const std::string& key, const http::Request& request) {
    return key == "k1" ? fake::answer(503, "{}") : inner(key, request);
  };
  EXPECT_EQ(pool->serve(uploading()).head->status, 200);
  EXPECT_EQ(pool->callees, (std::vector<std::string>{"k1", "k2", "k2"}));
}

TEST_F(FilesTest, ThatMayHaveComeAreSentOnce) {
  auto lost = minuteSpent();
  lost.chunks[0].replace(lost.chunks[0].find("40s"), 3, "1s");
  pool->answers = [&lost](const std::string&, const http::Request& request) {
    return isBeginning(request) ? begun() : lost;
  };
  EXPECT_EQ(pool->serve(uploading()).head->status, 503);
  EXPECT_EQ(calls().size(), 2U);
}

TEST_F(FilesTest, OfWhichGoogleTellsNoAddressOrNoFileAreMalformed) {
  for (const auto& answer : {fake::answer(200, "{}"), begun()}) {
    pool->answers = [&answer](const std::string&, const http::Request&) { return answer; };
    EXPECT_EQ(errorCode(pool->serve(uploading())), "malformed_answer");
  }
}

TEST_F(FilesTest, WithoutATypeAreMalformed) {
  const auto id = upload();
  type = "";
  EXPECT_EQ(errorCode(named("get_file", id)), "malformed_answer");
}

TEST_F(FilesTest, AreHeldTwiceUntilTheirBytesAreUnderWay) {
  auto request = uploading({.bytes = "%PDF-" + std::string(50'000, 'x')});
  const std::size_t body = request.body.view().size();
  std::size_t held = 0;
  pool->answers = [&, inner = pool->answers](const std::string& key, const http::Request& asked) {
    if (!isBeginning(asked)) held = pool->host.holdings.held;
    return inner(key, asked);
  };
  pool->serve(std::move(request));
  EXPECT_GE(pool->host.holdings.most, body + 50'005);
  EXPECT_LT(held, body + 50'005);
  EXPECT_GE(held, 50'005U);
}

TEST_F(FilesTest, ForWhichThereIsNoRoomAreNotBegun) {
  auto request = uploading();
  pool->host.holdings.room = request.body.view().size();
  EXPECT_EQ(errorCode(pool->serve(std::move(request))), "overloaded");
  EXPECT_TRUE(calls().empty());
}

// --- One of them ---------------------------------------------------------------------------------

TEST_F(FilesTest, AreNamedAnewForTheCredentialThatTakesThem) {
  start({.keys = 2});
  auto usual = pool->answers;
  pool->answers = [&, first = std::string()](const std::string& key,
                                             const http::Request& request) mutable {
    if (first.empty()) first = key;
    return key == first ? minuteSpent() : usual(key, request);
  };
  const auto id = upload();
  ASSERT_TRUE(readFileId(id));
  EXPECT_NE(nameIn(calls()[0]), nameIn(calls()[1]));
  EXPECT_EQ(document(named("get_file", id))["id"], id);
}

TEST_F(FilesTest, AreAskedForWhereTheyLie) {
  const std::vector<std::string> ids = {upload(), upload()};
  for (const auto& id : {ids[0], ids[1], ids[1], ids[0]}) {
    const auto read = readFileId(id);
    ASSERT_TRUE(read);
    EXPECT_EQ(document(named("get_file", id))["id"], id);
    EXPECT_EQ(pool->sent().url, "https://generativelanguage.googleapis.com/v1beta/" + read->name);
    EXPECT_EQ(idOfKey(pool->callees.back()), read->credential);
  }
}

TEST_F(FilesTest, AreDeletedWhereTheyLie) {
  const std::vector<std::string> ids = {upload(), upload()};
  for (const auto& id : {ids[1], ids[0]}) {
    const auto reply = named("delete_file", id);
    EXPECT_EQ(document(reply)["deleted"], true);
    EXPECT_EQ(document(reply)["id"], id);
    EXPECT_EQ(idOfKey(pool->callees.back()), readFileId(id)->credential);
    EXPECT_EQ(header(reply, "x-rondo-credential"), pool->callees.back());
  }
}

TEST_F(FilesTest, ThatGoogleHasNoMoreAreNotFound) {
  const auto id = upload();
  pool->answers = [](const std::string&, const http::Request&) {
    return fake::answer(403, R"({"error":{"code":403,"status":"PERMISSION_DENIED","message":)"
                             R"("You do not have permission to access the File x or it may not )"
                             R"(exist."}})");
  };
  for (const auto* operation : {"get_file", "delete_file"}) {
    const auto reply = named(operation, id);
    EXPECT_EQ(reply.head->status, 404) << operation;
    EXPECT_EQ(errorCode(reply), "file_not_found") << operation;
    EXPECT_EQ(header(reply, "x-rondo-attempts"), "1");
  }
}

TEST_F(FilesTest, AreAskedForAgainAfterAShortWaitButDeletedOnce) {
  const auto id = upload();
  bool isFirst = true;
  pool->answers = [&](const std::string&, const http::Request&) {
    auto answer = minuteSpent();
    auto& body = answer.chunks[0];
    body.replace(body.find("40s"), 3, "1s");
    const auto name = readFileId(id)->name;
    return std::exchange(isFirst, false) ? answer : fake::answer(200, told(name));
  };
  EXPECT_EQ(named("get_file", id).head->status, 200);
  isFirst = true;
  calls().clear();
  EXPECT_EQ(named("delete_file", id).head->status, 503);
  EXPECT_EQ(calls().size(), 1U);
}

TEST_F(FilesTest, GiveNothingBack) {
  const auto reply = named("file_content", upload());
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_EQ(errorCode(reply), "content_not_served");
  EXPECT_NE(reply.body.find("of purpose: vision"), std::string::npos);
}

TEST_F(FilesTest, OfACredentialThatHasNoneAreNotFound) {
  start({.users = 1, .keys = 1});
  const auto id = idOfUser("u1");
  for (const auto* operation : {"get_file", "delete_file", "file_content"}) {
    EXPECT_EQ(named(operation, id).head->status, 404) << operation;
  }
}

// --- All of them ---------------------------------------------------------------------------------

TEST_F(FilesTest, AreListedOfEachCredentialThatHasSome) {
  start({.users = 1, .keys = 3});
  const std::vector<std::string> ids = {upload(), upload()};
  calls().clear();
  pool->callees.clear();
  const auto reply = list();
  const json::Value page = document(reply);
  EXPECT_EQ(page["data"].size(), 2U);
  EXPECT_EQ(pool->callees, (std::vector<std::string>{"k1", "k2", "k3"}));
  ASSERT_EQ(calls().size(), 3U);
  EXPECT_EQ(calls()[0].url, "https://generativelanguage.googleapis.com/v1beta/files?pageSize=100");
  for (const auto& each : page["data"]) {
    EXPECT_EQ(std::ranges::count(ids, each["id"].get<std::string>()), 1);
  }
  EXPECT_EQ(ask(*pool, "recent_requests")["requests"][0]["attempts"].size(), 3U);
}

TEST_F(FilesTest, AreListedPageByPage) {
  start({.keys = 1});
  upload();
  upload();
  calls().clear();
  pool->answers = [this](const std::string& key, const http::Request& request) {
    const bool isSecond = request.url.contains("pageToken=");
    return fake::answer(200, R"({"files":[)" + told(names[key][isSecond ? 1 : 0]) + "]" +
                                 (isSecond ? "" : R"(,"nextPageToken":"a&b")") + "}");
  };
  EXPECT_EQ(document(list())["data"].size(), 2U);
  EXPECT_TRUE(pool->sent().url.ends_with("/files?pageSize=100&pageToken=a%26b"));
}

TEST_F(FilesTest, OfAnotherClientAreNotListed) {
  upload();
  ClientRequest request;
  request.operation = "list_files";
  request.client.name = "another";
  EXPECT_EQ(document(pool->serve(std::move(request)))["data"].size(), 0U);
}

TEST_F(FilesTest, OfACredentialThatIsOutAreNotListed) {
  const std::vector<std::string> ids = {upload(), upload()};
  const auto inner = pool->answers;
  pool->answers = [](const std::string&, const http::Request&) {
    return fake::answer(400, R"({"error":{"code":400,"status":"INVALID_ARGUMENT","message":)"
                             R"("API key not valid. Please pass a valid API key.","details":[)"
                             R"({"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":)"
                             R"("API_KEY_INVALID","domain":"googleapis.com"}]}})");
  };
  named("get_file", ids[0]);
  pool->answers = inner;
  calls().clear();
  const auto reply = list();
  EXPECT_EQ(calls().size(), 1U);
  ASSERT_EQ(document(reply)["data"].size(), 1U);
  EXPECT_EQ(document(reply)["data"][0]["id"], ids[1]);
}

TEST_F(FilesTest, AreListedByNoMoreCallsThanARequestMayMake) {
  start({.keys = 1}, {{"MAX_SUBREQUESTS", "50"}});
  pool->answers = [](const std::string&, const http::Request&) {
    return fake::answer(200, R"({"files":[],"nextPageToken":"more"})");
  };
  EXPECT_EQ(errorCode(list()), "too_many_files");
  EXPECT_EQ(calls().size(), 45U);
}

TEST_F(FilesTest, OfWhichAListFailsAreLoggedWithTheirRequest) {
  pool->answers = [](const std::string&, const http::Request&) { return dayIsSpent(); };
  ClientRequest request;
  request.operation = "list_files";
  request.id = "r-1";
  pool->serve(std::move(request));
  EXPECT_TRUE(pool->host.logger.contains("credential_cooling request=r-1"));
}

TEST_F(FilesTest, OfWhichAListFailsAreNotListedInPart) {
  upload();
  pool->answers = [inner = pool->answers](const std::string& key, const http::Request& request) {
    return key == "k2" ? fake::answer(200, "[]") : inner(key, request);
  };
  EXPECT_EQ(errorCode(list()), "malformed_answer");
}

TEST_F(FilesTest, AreNotAskedForByAListThatIsWrong) {
  for (const auto* query : {"limit=0", "order=up"}) {
    EXPECT_EQ(list(query).head->status, 400) << query;
  }
  EXPECT_TRUE(calls().empty());
}

// --- Who may -------------------------------------------------------------------------------------

TEST_F(FilesTest, AreNotForAClientThatMayNameNothingStored) {
  for (const auto* operation :
       {"create_file", "list_files", "get_file", "delete_file", "file_content"}) {
    auto request = uploading();
    request.operation = operation;
    request.client.stored = Client::Stored::Denied;
    const auto reply = pool->serve(std::move(request));
    EXPECT_EQ(reply.head->status, 403) << operation;
    EXPECT_EQ(errorCode(reply), "stored_content_not_allowed") << operation;
  }
  EXPECT_TRUE(calls().empty());
}

TEST_F(FilesTest, AreForNobodyWhereStoredContentIsNot) {
  start({.keys = 1}, {{"STORED_CONTENT", "gs://ours/"}});
  EXPECT_EQ(errorCode(pool->serve(uploading())), "stored_content_not_allowed");
}

TEST_F(FilesTest, NeedAKeyOfTheGeminiApi) {
  start({.users = 1});
  for (const auto* operation : {"create_file", "list_files"}) {
    auto request = uploading();
    request.operation = operation;
    EXPECT_EQ(errorCode(pool->serve(std::move(request))), "files_not_served") << operation;
  }
}

// --- In a request --------------------------------------------------------------------------------

class NamedFilesTest : public FilesTest {
 protected:
  NamedFilesTest() {
    ids = {upload(), upload()};
    calls().clear();
    pool->callees.clear();
    pool->answers = [](const std::string&, const http::Request&) {
      return fake::answer(200, greeting("Hi"));
    };
  }

  fake::FakeReply chatOf(const std::vector<std::string>& files, std::string credential = {}) {
    std::string parts;
    for (const auto& each : files) parts.append(parts.empty() ? "" : ",").append(each);
    ClientRequest request;
    request.operation = "chat_completions";
    request.credential = std::move(credential);
    request.body = OwnedBytes::copyOf(
        R"({"model":"gemini-3.8-flash","messages":[{"role":"user","content":[)" + parts + "]}]}");
    return pool->serve(std::move(request));
  }

  static std::string file(std::string_view id) {
    return R"({"type":"file","file":{"file_id":)" + quoted(id) + "}}";
  }

  std::vector<std::string> ids;
};

TEST_F(NamedFilesTest, GoByTheirAddressAndTypeThroughTheirCredential) {
  for (const auto& id : {ids[1], ids[1], ids[0]}) {
    const auto read = readFileId(id);
    EXPECT_EQ(chatOf({file(id)}).head->status, 200);
    const auto body = json::parse(pool->sent().body).value_or(json::Value());
    const auto data = body["contents"][0]["parts"][0]["fileData"];
    EXPECT_EQ(data["fileUri"], "https://generativelanguage.googleapis.com/v1beta/" + read->name);
    EXPECT_EQ(data["mimeType"], "application/pdf");
    EXPECT_EQ(idOfKey(pool->callees.back()), read->credential);
  }
}

TEST_F(NamedFilesTest, OfTwoCredentialsAreRefusedWithThePlaceOfTheSecond) {
  const auto reply = chatOf({file(ids[0]), file(ids[1]), file(ids[1])});
  EXPECT_EQ(errorCode(reply), "files_of_two_credentials");
  EXPECT_EQ(document(reply)["error"]["param"], "messages[0].content[1].file.file_id");
  EXPECT_TRUE(pool->callees.empty());
}

TEST_F(NamedFilesTest, OfAnotherCredentialThanTheNamedOneAreRefused) {
  EXPECT_EQ(errorCode(chatOf({file(ids[0])}, "k2")), "files_of_two_credentials");
  EXPECT_EQ(chatOf({file(ids[0])}, "k1").head->status, 200);
}

TEST_F(NamedFilesTest, ThatAreNotThereAreToldWithALimitedPartOfTheirName) {
  const auto reply = chatOf({file("file-" + std::string(400, 'x'))});
  EXPECT_EQ(reply.head->status, 400);
  EXPECT_LT(reply.body.size(), 300U);
}

TEST_F(NamedFilesTest, OfACredentialThatHasNoneAreNotThere) {
  start({.users = 1, .keys = 1});
  EXPECT_EQ(errorCode(chatOf({file(idOfUser("u1"))})), "invalid_value");
}

TEST_F(NamedFilesTest, ThatAreInlineAreNotLookedFor) {
  EXPECT_EQ(chatOf({R"({"type":"file","file":{"filename":"a.pdf","file_data":)"
                    R"("data:application/pdf;base64,JVBERi0=","file_id":"file-x"}})"})
                .head->status,
            200);
}

TEST_F(NamedFilesTest, OfGooglesOwnNameGoAsTheyAre) {
  EXPECT_EQ(
      chatOf({file("https://generativelanguage.googleapis.com/v1beta/files/abc")}).head->status,
      200);
  EXPECT_TRUE(pool->sent().body.contains("files/abc"));
}

}  // namespace
}  // namespace rondo::gateway
