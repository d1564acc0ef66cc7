#include <gtest/gtest.h>

#include "http/url.h"

namespace rondo::http {
namespace {

TEST(PublicHost, IsANameWithADotOrAPublicAddress) {
  for (const auto* host : {"example.com", "img.example.co.uk", "8.8.8.8", "1.1.1.1", "a-b.example",
                           "xn--bcher-kva.example", "example.com.", "172.32.0.1", "192.169.0.1"}) {
    EXPECT_TRUE(isPublicHost(host)) << host;
  }
}

TEST(PublicHost, IsNoReservedName) {
  for (const auto* host : {"localhost", "localhost.", "a.localhost", "printer.local", "db.internal",
                           "metadata.google.internal", "router", "nas.home.arpa", "x.test", ""}) {
    EXPECT_FALSE(isPublicHost(host)) << host;
  }
}

TEST(PublicHost, IsNoPrivateOrSpecialAddress) {
  for (const auto* host :
       {"127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1"}) {
    EXPECT_FALSE(isPublicHost(host)) << host;
  }
}

TEST(PublicHost, IsNoNumberInAnotherSpelling) {
  for (const auto* host : {"2130706433", "0x7f000001", "0177.0.0.1", "127.1", "8.8.8", "8.8.8.8.8",
                           "08.8.8.8", "0x8.8.8.8", "8.8.8.256", "[::1]", "127%2e0.0.1",
                           "\xEF\xBC\x91.0.0.1", "local\thost.com"}) {
    EXPECT_FALSE(isPublicHost(host)) << host;
  }
}

TEST(Redirect, GoesToAnAbsoluteUrlOrAPath) {
  EXPECT_EQ(resolveRedirect("https://a.example/x/y?q", "https://b.example/z"),
            "https://b.example/z");
  EXPECT_EQ(resolveRedirect("https://a.example/x/y?q", "/z"), "https://a.example/z");
  EXPECT_EQ(resolveRedirect("https://a.example/x/y?q", "z"), "https://a.example/x/z");
  EXPECT_EQ(resolveRedirect("https://a.example", "z"), "https://a.example/z");
  EXPECT_EQ(resolveRedirect("https://a.example/x", "//b.example/z"), "https://b.example/z");
}

TEST(Redirect, GoesNowhereElse) {
  EXPECT_FALSE(resolveRedirect("https://a.example/x", "ftp://b.example/z"));
  EXPECT_FALSE(resolveRedirect("https://a.example/x", "https://user@b.example/z"));
  EXPECT_FALSE(resolveRedirect("x", "/z"));
}

}  // namespace
}  // namespace rondo::http
