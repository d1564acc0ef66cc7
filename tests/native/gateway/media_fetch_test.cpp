#include "gateway/media_fetch.h"

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

class MediaFetchTest : public testing::Test {
 protected:
  using Wanted = std::vector<WantedFile>;

  // So many addresses, each in a part of its own.
  static Wanted addresses(std::size_t count) {
    Wanted wanted;
    for (std::size_t i = 0; i < count; ++i) {
      const auto number = std::to_string(i);
      wanted.push_back({"https://example.com/" + number, "messages[0].content[" + number + "]"});
    }
    return wanted;
  }

  Result<translation::FetchedMedia> fetchAll(Wanted wanted) {
    return host.run(fetchMedia(exchange, std::move(wanted)));
  }
  Result<translation::Media> fetch(std::string url) {
    auto fetched = fetchAll({{url, "messages[0].content[1]"}});
    if (!fetched) return fail(fetched.error());
    return fetched->at(url);
  }
  std::string faultOf(std::string url) {
    const auto fetched = fetch(std::move(url));
    return fetched ? "none" : fetched.error().message;
  }

  fake::FakeHost host;
  Settings settings;
  credentials::CredentialManager pool{{}};
  credentials::PoolSync sync{pool, host.host};
  auth::AuthManager auth{host.host, {}};
  ModelCatalog catalog{settings, host.host, pool, auth};
  translation::SignatureStore signatures;
  NativeMakers nativeMakers;
  LearnedLimits limits;
  ContextCaches contextCaches;
  telemetry::Recorder recorder{host.clock};
  telemetry::RequestList requests;
  LastErrors lastErrors;
  Alerts alerts{settings, host.host};
  std::set<std::string, std::less<>> namedModels;
  Startup startup;
  fake::FakeReply reply{host.loop};
  Exchange exchange{
      {KvBinding::Present, settings, host.host, pool, sync, auth, catalog, signatures, nativeMakers,
       limits, contextCaches, recorder, requests, lastErrors, alerts, namedModels, startup},
      {},
      host.io,
      reply,
      host.clock.now()};
};

TEST_F(MediaFetchTest, GivesTypeAndBytes) {
  host.fetcher.handler = [](const http::Request&) { return file("Image/PNG; x=y", "bytes"); };
  const auto media = fetch("https://example.com/a.png");
  ASSERT_TRUE(media.has_value());
  EXPECT_EQ(media->mimeType, "image/png");
  EXPECT_EQ(media->data, encodeBase64("bytes"));
}

TEST_F(MediaFetchTest, CarriesNoCredentialAndNoCookie) {
  host.fetcher.handler = [](const http::Request&) { return file("image/png", "x"); };
  fetch("https://example.com/a.png");
  const auto& headers = host.fetcher.calls.at(0).headers;
  EXPECT_EQ(headers.begin(), headers.end());
}

TEST_F(MediaFetchTest, TellsWhomItHasJudgedEachAddressToName) {
  host.fetcher.handler = [](const http::Request& request) {
    return request.url == "https://EXAMPLE.com:443/a" ? redirect("https://cdn.example.org/b")
                                                      : file("image/png", "x");
  };
  fetch("https://EXAMPLE.com:443/a");
  EXPECT_EQ(host.fetcher.calls.at(0).judgedHost, "example.com");
  EXPECT_EQ(host.fetcher.calls.at(1).judgedHost, "cdn.example.org");
}

TEST_F(MediaFetchTest, NeverCallsAnAddressThatIsNotPublic) {
  for (const auto* url :
       {"http://localhost/a.png", "http://127.0.0.1/a.png", "http://[::1]/a.png",
        "http://169.254.169.254/latest", "ftp://example.com/a", "file:///etc/passwd",
        "http://2130706433/", "https://user@example.com/", "http://127.0.0.1../a.png",
        "http://metadata.google.internal../", "https://example.com:8080/a.png"}) {
    EXPECT_NE(faultOf(url).find("not public"), std::string::npos) << url;
  }
  EXPECT_TRUE(host.fetcher.calls.empty());
}

TEST_F(MediaFetchTest, FollowsRedirectsToPublicPlacesOnly) {
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

TEST_F(MediaFetchTest, GivesUpAfterThreeRedirects) {
  host.fetcher.handler = [](const http::Request&) { return redirect("/again"); };
  EXPECT_NE(faultOf("https://example.com/a").find("too often"), std::string::npos);
  EXPECT_EQ(host.fetcher.calls.size(), 4U);
}

TEST_F(MediaFetchTest, RefusesWhatIsNoMedia) {
  host.fetcher.handler = [](const http::Request&) { return file("application/zip", "x"); };
  EXPECT_NE(faultOf("https://example.com/a").find("no image"), std::string::npos);
}

TEST_F(MediaFetchTest, TakesJsonForAText) {
  host.fetcher.handler = [](const http::Request&) {
    return file("application/json; charset=utf-8", "{}");
  };
  const auto media = fetch("https://example.com/a");
  ASSERT_TRUE(media.has_value());
  EXPECT_EQ(media->mimeType, "text/plain");
}

TEST_F(MediaFetchTest, KeepsTheRuntimesWordsForTheLog) {
  host.fetcher.handler = [](const http::Request&) {
    fake::Answer answer;
    answer.unreachable = true;
    return answer;
  };
  const auto fault = faultOf("https://example.com/a");
  EXPECT_NE(fault.find("can't be reached"), std::string::npos) << fault;
  EXPECT_TRUE(host.logger.contains("media_unreachable"));
}

TEST_F(MediaFetchTest, RefusesWhatIsTooLarge) {
  host.fetcher.handler = [](const http::Request&) {
    auto answer = file("image/png", std::string(6 * 1024 * 1024, 'x'));
    answer.chunks.push_back(answer.chunks.front());
    return answer;
  };
  EXPECT_NE(faultOf("https://example.com/a").find("larger than"), std::string::npos);
}

TEST_F(MediaFetchTest, WaitsForNoServerForever) {
  host.fetcher.holding = true;
  auto task = fetchMedia(exchange, addresses(1));
  task.start();
  host.loop.run();
  host.advance(std::chrono::seconds(29));
  EXPECT_FALSE(task.done());
  host.advance(std::chrono::seconds(1));
  ASSERT_TRUE(task.done());
  const auto fetched = task.take();
  ASSERT_FALSE(fetched.has_value());
  EXPECT_EQ(fetched.error().param, "messages[0].content[0]");
  EXPECT_NE(fetched.error().message.find("30 s"), std::string::npos);
}

TEST_F(MediaFetchTest, FetchesAFewSideBySide) {
  host.fetcher.handler = [](const http::Request&) { return file("image/png", "x"); };
  host.fetcher.holding = true;
  auto task = fetchMedia(exchange, addresses(6));
  task.start();
  host.loop.run();
  EXPECT_EQ(host.fetcher.calls.size(), 4U);
  host.fetcher.release();
  host.loop.run();
  EXPECT_EQ(host.fetcher.calls.size(), 5U);
  for (int i = 0; i < 5; ++i) {
    host.fetcher.release();
    host.loop.run();
  }
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.take()->size(), 6U);
}

TEST_F(MediaFetchTest, RefusesMoreAddressesThanSixteenBeforeAnyIsCalled) {
  host.fetcher.handler = [](const http::Request&) { return file("image/png", "x"); };
  EXPECT_TRUE(fetchAll(addresses(16)).has_value());
  host.fetcher.calls.clear();
  const auto fetched = fetchAll(addresses(17));
  ASSERT_FALSE(fetched.has_value());
  EXPECT_EQ(fetched.error().kind, ErrorKind::BadRequest);
  EXPECT_EQ(fetched.error().param, "messages[0].content[16]");
  EXPECT_TRUE(host.fetcher.calls.empty());
}

TEST_F(MediaFetchTest, RefusesFilesThatAreTooLargeTogether) {
  host.fetcher.handler = [](const http::Request&) {
    return file("image/png", std::string(9 * 1024 * 1024, 'x'));
  };
  EXPECT_TRUE(fetchAll(addresses(5)).has_value());
  const auto fetched = fetchAll(addresses(6));
  ASSERT_FALSE(fetched.has_value());
  EXPECT_EQ(fetched.error().kind, ErrorKind::BadRequest);
  EXPECT_EQ(fetched.error().param, "messages[0].content[5]");
}

TEST_F(MediaFetchTest, HoldsWhatItBringsBesideTheBody) {
  exchange.request.body = OwnedBytes::copyOf("0123456789");
  host.fetcher.handler = [](const http::Request&) { return file("image/png", "abcdef"); };
  EXPECT_TRUE(fetchAll(addresses(2)).has_value());
  EXPECT_EQ(host.holdings.held, 10 + 12 + 12 / 3);
}

TEST_F(MediaFetchTest, IsRefusedForNowWhenThereIsNoRoom) {
  host.holdings.room = 100;
  host.fetcher.handler = [](const http::Request&) {
    return file("image/png", std::string(1000, 'x'));
  };
  const auto fetched = fetchAll(addresses(1));
  ASSERT_FALSE(fetched.has_value());
  EXPECT_EQ(fetched.error().code, "overloaded");
  EXPECT_EQ(fetched.error().kind, ErrorKind::Transient);
}

TEST_F(MediaFetchTest, LeavesNothingOpenBehindAFault) {
  host.fetcher.handler = [](const http::Request& request) {
    return request.url.ends_with("/0") ? fake::answer(404, "") : file("image/png", "x");
  };
  EXPECT_FALSE(fetchAll(addresses(4)).has_value());
  EXPECT_EQ(host.fetcher.openBodies, 0);
}

TEST_F(MediaFetchTest, NamesTheFieldOfEveryFault) {
  host.fetcher.handler = [](const http::Request&) { return fake::answer(404, ""); };
  const auto fetched = fetch("https://example.com/a");
  ASSERT_FALSE(fetched.has_value());
  EXPECT_EQ(fetched.error().kind, ErrorKind::BadRequest);
  EXPECT_EQ(fetched.error().param, "messages[0].content[1]");
}

}  // namespace
}  // namespace rondo::gateway
