#include "http/url.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace rondo::http {
namespace {

TEST(PublicHost, IsANameWithADotOrAPublicAddress) {
  for (const auto* host : {"example.com", "img.example.co.uk", "8.8.8.8", "1.1.1.1", "a-b.example",
                           "xn--bcher-kva.example", "internal.example.com", "mylocalhost.com",
                           "svc.example.com", "172.32.0.1", "192.169.0.1"}) {
    EXPECT_TRUE(isPublicHost(host)) << host;
  }
}

TEST(PublicHost, IsNoReservedName) {
  for (const auto* host : {"localhost",
                           "a.localhost",
                           "localhost.localdomain",
                           "x.localdomain",
                           "printer.local",
                           "api.default.svc",
                           "api.default.svc.cluster.local",
                           "db.internal",
                           "metadata.google.internal",
                           "router",
                           "nas.home.arpa",
                           "ipv4only.arpa",
                           "x.intranet",
                           "x.private",
                           "x.lan",
                           "x.home",
                           "x.corp",
                           "x.test",
                           "x.invalid",
                           "x.onion",
                           "x.alt"}) {
    EXPECT_FALSE(isPublicHost(host)) << host;
  }
}

TEST(PublicHost, HasNoEmptyLabelAndNoneThatIsTooLong) {
  for (const auto* host :
       {"", ".", "..", "example.com.", "example.com..", "a..example.com", ".example.com",
        "localhost.", "127.0.0.1.", "127.0.0.1..", "8.8.8.8.", "metadata.google.internal.",
        "metadata.google.internal..", "10.0.0.1...", "metadata.google..internal"}) {
    EXPECT_FALSE(isPublicHost(host)) << host;
  }
  EXPECT_FALSE(isPublicHost(std::string(64, 'a') + ".com"));
  EXPECT_TRUE(isPublicHost(std::string(63, 'a') + ".com"));
  std::string labels;
  for (int i = 0; i < 10'000; ++i) labels += "a.";
  EXPECT_FALSE(isPublicHost(labels + "com"));
}

TEST(PublicHost, IsNoPrivateOrSpecialAddress) {
  for (const auto* host :
       {"127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "0.0.0.0", "192.0.0.170", "192.0.2.1",
        "192.88.99.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "198.18.0.1"}) {
    EXPECT_FALSE(isPublicHost(host)) << host;
  }
}

TEST(PublicHost, IsNoNumberInAnotherSpelling) {
  for (const auto* host : {"2130706433",
                           "0x7f000001",
                           "017700000001",
                           "0177.0.0.1",
                           "127.1",
                           "127.0.1",
                           "8.8.8",
                           "8.8.8.8.8",
                           "08.8.8.8",
                           "0x8.8.8.8",
                           "127.0.0.0x1",
                           "8.8.8.256",
                           "127%2e0.0.1",
                           "%31%32%37.0.0.1",
                           "loc%61lhost",
                           "\xEF\xBC\x91.0.0.1",
                           "127\xE3\x80\x82"
                           "0.0.1",
                           "b\xC3\xBC"
                           "cher.example",
                           "local\thost.com",
                           "local\xC2\xADhost.com"}) {
    EXPECT_FALSE(isPublicHost(host)) << host;
  }
}

TEST(PublicHost, IsNoAddressOfIpv6) {
  for (const auto* host :
       {"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
        "[64:ff9b:1::a9fe:a9fe]", "[fc00::1]", "[fd12::1]", "[fe80::1]", "[fe80::1%25eth0]",
        "[ff02::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[2606:4700::1111]", "::1"}) {
    EXPECT_FALSE(isPublicHost(host)) << host;
  }
}

TEST(Fetchable, IsAPublicAddressAtTheWebsOwnPorts) {
  for (const auto* url :
       {"https://example.com", "https://example.com/a.png?x=1#f", "http://example.com:80/",
        "https://EXAMPLE.com:443/a@b", "http://8.8.8.8/", "HTTPS://example.com/x:22",
        "https://example.com?a=http://localhost:22/"}) {
    EXPECT_TRUE(isFetchable(url)) << url;
  }
}

TEST(Fetchable, IsNothingElse) {
  for (const auto* url : {"",
                          "/a.png",
                          "ftp://example.com/",
                          "file:///etc/passwd",
                          "data:text/plain,x",
                          "https:example.com",
                          "https:/example.com",
                          "https:///example.com",
                          "https://",
                          "https://example.com:22/",
                          "https://example.com:8080/",
                          "https://example.com:0443/",
                          "https://example.com:4430",
                          "https://example.com:+443/",
                          "https://example.com:443:22/",
                          "https://example.com:80a/",
                          "https://example.com:\t22/",
                          "https://example.com:99999999999/",
                          "https://user@example.com/",
                          "https://user:word@example.com/",
                          "https://@example.com/",
                          "https://example.com\\@localhost/..",
                          "https://example.com/a\\b",
                          "https://example.com/a\nb",
                          "https://localhost\\.example.com/",
                          "https://127.0.0.1..",
                          "http://127.0.0.1:80/",
                          "http://[::1]/",
                          "http://[::1]:80/",
                          "http://[::ffff:10.0.0.1]/",
                          "https://metadata.google.internal../computeMetadata/v1/",
                          "https:/\t/localhost/?x=https://example.com",
                          " https://example.com/"}) {
    EXPECT_FALSE(isFetchable(url)) << url;
  }
}

// RFC 3986, section 5.4, for the base that it uses.
TEST(Redirect, IsResolvedAsTheStandardsExamplesAre) {
  constexpr std::string_view kBase = "http://a.example/b/c/d;p?q";
  const std::vector<std::pair<std::string_view, std::string_view>> examples{
      {"g", "/b/c/g"},
      {"./g", "/b/c/g"},
      {"g/", "/b/c/g/"},
      {"/g", "/g"},
      {"?y", "/b/c/d;p?y"},
      {"g?y", "/b/c/g?y"},
      {"#s", "/b/c/d;p?q#s"},
      {"g#s", "/b/c/g#s"},
      {"g?y#s", "/b/c/g?y#s"},
      {";x", "/b/c/;x"},
      {"g;x", "/b/c/g;x"},
      {"g;x?y#s", "/b/c/g;x?y#s"},
      {"", "/b/c/d;p?q"},
      {".", "/b/c/"},
      {"./", "/b/c/"},
      {"..", "/b/"},
      {"../", "/b/"},
      {"../g", "/b/g"},
      {"../..", "/"},
      {"../../", "/"},
      {"../../g", "/g"},
      {"../../../g", "/g"},
      {"/./g", "/g"},
      {"/../g", "/g"},
      {"g.", "/b/c/g."},
      {".g", "/b/c/.g"},
      {"g..", "/b/c/g.."},
      {"..g", "/b/c/..g"},
      {"./../g", "/b/g"},
      {"./g/.", "/b/c/g/"},
      {"g/./h", "/b/c/g/h"},
      {"g/../h", "/b/c/h"},
      {"g;x=1/./y", "/b/c/g;x=1/y"},
      {"g?y/../x", "/b/c/g?y/../x"},
      {"g#s/../x", "/b/c/g#s/../x"}};
  for (const auto& [location, expected] : examples) {
    EXPECT_EQ(resolveRedirect(kBase, location), "http://a.example" + std::string(expected))
        << location;
  }
}

TEST(Redirect, KeepsTheFileWhenTheLocationIsAQueryAlone) {
  EXPECT_EQ(resolveRedirect("https://a.example/b/c.png", "?x"), "https://a.example/b/c.png?x");
  EXPECT_EQ(resolveRedirect("https://a.example/b/c.png?y#f", ""), "https://a.example/b/c.png?y");
  EXPECT_EQ(resolveRedirect("https://a.example/b/c.png?y#f", "#g"),
            "https://a.example/b/c.png?y#g");
}

TEST(Redirect, GoesToAnotherHostOrPort) {
  EXPECT_EQ(resolveRedirect("https://a.example/x/y?q", "https://b.example:8080/z?a#b"),
            "https://b.example:8080/z?a#b");
  EXPECT_EQ(resolveRedirect("https://a.example/x", "//b.example/z"), "https://b.example/z");
  EXPECT_EQ(resolveRedirect("https://a.example:444/x", "y"), "https://a.example:444/y");
}

TEST(Redirect, BeginsAtTheRootOfABaseWithoutAPath) {
  EXPECT_EQ(resolveRedirect("https://a.example", "z"), "https://a.example/z");
  EXPECT_EQ(resolveRedirect("https://a.example?q", "z"), "https://a.example/z");
  EXPECT_EQ(resolveRedirect("https://a.example?q", "?y"), "https://a.example?y");
}

TEST(Redirect, MayCarryAnAddressInItsQuery) {
  EXPECT_EQ(resolveRedirect("https://a.example/x", "/in?next=https://b.example/"),
            "https://a.example/in?next=https://b.example/");
}

TEST(Redirect, GoesNowhereElse) {
  for (const auto* location : {"ftp://b.example/z", "https://user@b.example/z", "data:,x",
                               "https:z", "https:", "//user@b.example/", "//", "javascript://x"}) {
    EXPECT_FALSE(resolveRedirect("https://a.example/x", location)) << location;
  }
  EXPECT_FALSE(resolveRedirect("x", "/z"));
}

}  // namespace
}  // namespace rondo::http
