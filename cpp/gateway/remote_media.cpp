#include "gateway/remote_media.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/base64.h"
#include "http/url.h"

namespace rondo::gateway {
namespace {

using translation::Media;
using translation::RemoteMedia;

constexpr std::size_t kMaxBytes = 10 * 1024 * 1024;
constexpr int kMaxRedirects = 3;
constexpr Millis kPatience = std::chrono::seconds(15);

std::unexpected<Error> refuse(const RemoteMedia& wanted, std::string why) {
  return fail(badRequest("The file at `" + wanted.param + "` can't be fetched: " + why + ".",
                         wanted.param, "invalid_media_url"));
}

// "image/png" out of "Image/PNG; charset=binary"; nothing for a type that is no media.
std::optional<std::string> mediaType(const http::Headers& headers) {
  const auto field = headers.get("content-type").value_or("");
  std::string type = toLower(trim(field.substr(0, field.find(';'))));
  constexpr auto kFamilies =
      std::to_array<std::string_view>({"image/", "audio/", "video/", "text/", "application/pdf"});
  const bool isMedia = std::ranges::any_of(
      kFamilies, [&type](std::string_view family) { return type.starts_with(family); });
  return isMedia ? std::optional(std::move(type)) : std::nullopt;
}

bool isRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

Task<Result<Media>> readMedia(host::Fetched fetched, RemoteMedia wanted) {
  auto type = mediaType(fetched.head.headers);
  if (!type) co_return refuse(wanted, "it is no image, audio, video, text or PDF");
  const auto bytes = co_await host::readAll(*fetched.body, kMaxBytes);
  if (!bytes) co_return refuse(wanted, bytes.error().message);
  co_return Media{std::move(*type), encodeBase64(*bytes)};
}

}  // namespace

Task<Result<Media>> fetchRemoteMedia(host::Io io, RemoteMedia wanted) {
  std::string url = wanted.url;
  for (int redirects = 0; redirects <= kMaxRedirects; ++redirects) {
    if (!http::isFetchable(url)) co_return refuse(wanted, "its address is not public");
    http::Request request;
    request.method = "GET";
    request.url = url;
    request.timeout = kPatience;
    auto fetched = co_await io.fetcher.fetch(std::move(request));
    if (!fetched) co_return refuse(wanted, fetched.error().message);
    const int status = fetched->head.status;
    if (status == 200) co_return co_await readMedia(std::move(*fetched), std::move(wanted));
    if (!isRedirect(status)) {
      co_return refuse(wanted, "its server answered " + std::to_string(status));
    }
    const auto next =
        http::resolveRedirect(url, fetched->head.headers.get("location").value_or(""));
    if (!next) co_return refuse(wanted, "it redirects to no web address");
    url = *next;
  }
  co_return refuse(wanted, "it redirects too often");
}

}  // namespace rondo::gateway
