#include "gateway/remote_media.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "support/fake_host.h"

namespace rondo::gateway {
namespace {

fake::Answer file(std::string type, std::string bytes) {
  return {200, {{"content-type", std::move(type)}}, {std::move(bytes)}, {}, false};
}

fake::Answer redirect(std::string location) {
  return {302, {{"location", std::move(location)}}, {""}, {}, false};
}

class RemoteMediaTest : public testing::Test {
 protected:
  Result<translation::Media> fetch(std::string url) {
    return host.run(fetchRemoteMedia(host.io, {std::move(url), "messages[0].content[1]"}));
  }
  std::string faultOf(std::string url) {
    const auto fetched = fetch(std::move(url));
    return fetched ? "none" : fetched.error().message;
  }

  fake::FakeHost host;
};

TEST_F(RemoteMediaTest, GivesTypeAndBytes) {
  host.fetcher.handler = [](const http::Request&) { return file("Image/PNG; x=y", "bytes"); };
  const auto media = fetch("https://example.com/a.png");
  ASSERT_TRUE(media.has_value());
  EXPECT_EQ(media->mimeType, "image/png");
  EXPECT_EQ(media->data, encodeBase64("bytes"));
}

TEST_F(RemoteMediaTest, CarriesNoCredentialAndNoCookie) {
  host.fetcher.handler = [](const http::Request&) { return file("image/png", "x"); };
  fetch("https://example.com/a.png");
  const auto& headers = host.fetcher.calls.at(0).headers;
  EXPECT_EQ(headers.begin(), headers.end());
}

TEST_F(RemoteMediaTest, NeverCallsAnAddressThatIsNotPublic) {
  for (const auto* url :
       {"http://localhost/a.png", "http://127.0.0.1/a.png", "http://[::1]/a.png",
        "http://169.254.169.254/latest", "ftp://example.com/a", "file:///etc/passwd",
        "http://2130706433/", "https://user@example.com/", "http://127.0.0.1../a.png",
        "http://metadata.google.internal../", "https://example.com:8080/a.png"}) {
    EXPECT_NE(faultOf(url).find("not public"), std::string::npos) << url;
  }
  EXPECT_TRUE(host.fetcher.calls.empty());
}

TEST_F(RemoteMediaTest, FollowsRedirectsToPublicPlacesOnly) {
  host.fetcher.handler = [](const http::Request& request) {
    if (request.url == "https://example.com/a") return redirect("/b");
    if (request.url == "https://example.com/b") return redirect("https://cdn.example.com/c");
    if (request.url == "https://example.com/in") return redirect("http://10.0.0.1/secret");
    if (request.url == "https://example.com/port") return redirect("//example.com:6379/");
    return file("image/png", "x");
  };
  EXPECT_TRUE(fetch("https://example.com/a").has_value());
  EXPECT_NE(faultOf("https://example.com/in").find("not public"), std::string::npos);
  EXPECT_EQ(host.fetcher.calls.back().url, "https://example.com/in");
  EXPECT_NE(faultOf("https://example.com/port").find("not public"), std::string::npos);
  EXPECT_EQ(host.fetcher.calls.back().url, "https://example.com/port");
}

TEST_F(RemoteMediaTest, GivesUpAfterThreeRedirects) {
  host.fetcher.handler = [](const http::Request&) { return redirect("/again"); };
  EXPECT_NE(faultOf("https://example.com/a").find("too often"), std::string::npos);
  EXPECT_EQ(host.fetcher.calls.size(), 4U);
}

TEST_F(RemoteMediaTest, RefusesWhatIsNoMedia) {
  host.fetcher.handler = [](const http::Request&) { return file("application/zip", "x"); };
  EXPECT_NE(faultOf("https://example.com/a").find("no image"), std::string::npos);
}

TEST_F(RemoteMediaTest, RefusesWhatIsTooLarge) {
  host.fetcher.handler = [](const http::Request&) {
    auto answer = file("image/png", std::string(6 * 1024 * 1024, 'x'));
    answer.chunks.push_back(answer.chunks.front());
    return answer;
  };
  EXPECT_NE(faultOf("https://example.com/a").find("longer than"), std::string::npos);
}

TEST_F(RemoteMediaTest, WaitsForNoServerForever) {
  host.fetcher.handler = [](const http::Request&) { return file("image/png", "x"); };
  fetch("https://example.com/a");
  EXPECT_TRUE(host.fetcher.calls.at(0).timeout.has_value());
}

TEST_F(RemoteMediaTest, NamesTheFieldOfEveryFault) {
  host.fetcher.handler = [](const http::Request&) { return fake::answer(404, ""); };
  const auto fetched = fetch("https://example.com/a");
  ASSERT_FALSE(fetched.has_value());
  EXPECT_EQ(fetched.error().kind, ErrorKind::BadRequest);
  EXPECT_EQ(fetched.error().param, "messages[0].content[1]");
}

}  // namespace
}  // namespace rondo::gateway
