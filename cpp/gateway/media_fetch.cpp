#include "gateway/media_fetch.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/bounds.h"
#include "gateway/pool_errors.h"
#include "http/url.h"
#include "translation/media_types.h"

namespace rondo::gateway {
namespace {

using translation::FetchedMedia;
using translation::Media;

// The runtime's own words name its internals: they are for the log, these for the client.
constexpr const char* kUnreachable = "its server can't be reached";
constexpr const char* kBrokenOff = "its server broke off";

std::unexpected<Error> refuse(const WantedFile& wanted, std::string why) {
  return fail(badRequest("The file at `" + wanted.param + "` can't be fetched: " + why + ".",
                         wanted.param, "invalid_media_url"));
}

// "image/png" out of "Image/PNG; charset=binary", "text/plain" out of "application/json"; nothing
// for a type that is no media.
std::optional<std::string> mediaType(const http::Headers& headers) {
  std::string type = translation::geminiMimeType(headers.get("content-type").value_or(""));
  constexpr auto kFamilies =
      std::to_array<std::string_view>({"image/", "audio/", "video/", "text/", "application/pdf"});
  const bool isMedia = std::ranges::any_of(
      kFamilies, [&type](std::string_view family) { return type.starts_with(family); });
  return isMedia ? std::optional(std::move(type)) : std::nullopt;
}

void logFault(Exchange& exchange, const WantedFile& wanted, const Error& fault) {
  exchange.services.host.logger.log(
      host::LogLevel::Info, "media_unreachable",
      {{"request", exchange.request.id}, {"param", wanted.param}, {"message", fault.message}});
}

bool isRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What the media of one request may still take, whoever of them takes it.
class Allowance {
 public:
  explicit Allowance(Exchange& exchange)
      : holdings_(exchange.io.holdings), body_(exchange.request.body.view().size()) {}

  bool isSpentBy(std::size_t bytes) const { return taken_ + bytes > bounds::kMediaBytes; }

  // Whether there is room for so many more, which will be held as base64.
  bool take(std::size_t bytes) {
    taken_ += bytes;
    return holdings_.hold(body_ + taken_ + taken_ / 3);
  }

 private:
  host::Holdings& holdings_;
  std::size_t body_;
  std::size_t taken_ = 0;
};

// The bytes of one answer, within its own bound and the request's.
Task<Result<std::string>> readWithin(host::Body& body, const WantedFile& wanted,
                                     Allowance& allowance) {
  std::string all;
  for (;;) {
    const auto chunk = co_await body.read(host::ReadSize::Large);
    if (!chunk) co_return refuse(wanted, kBrokenOff);
    const std::string_view bytes = chunk->bytes.view();
    if (all.size() + bytes.size() > bounds::kMediumBytes) {
      co_return refuse(wanted,
                       "it is larger than " + std::to_string(bounds::kMediumBytes) + " bytes");
    }
    if (allowance.isSpentBy(bytes.size())) {
      co_return refuse(wanted, "the files of one request are larger than " +
                                   std::to_string(bounds::kMediaBytes) + " bytes together");
    }
    if (!allowance.take(bytes.size())) co_return fail(overloaded());
    all += bytes;
    if (chunk->isLast()) co_return all;
  }
}

Task<Result<Media>> readMedia(host::Fetched fetched, const WantedFile& wanted,
                              Allowance& allowance) {
  auto type = mediaType(fetched.head.headers);
  if (!type) co_return refuse(wanted, "it is no image, audio, video, text or PDF");
  const auto bytes = co_await readWithin(*fetched.body, wanted, allowance);
  if (!bytes) co_return fail(bytes.error());
  co_return Media{std::move(*type), encodeBase64(*bytes)};
}

Task<Result<Media>> fetchOne(Exchange& exchange, const WantedFile& wanted, Allowance& allowance) {
  std::string url = wanted.url;
  for (int redirects = 0; redirects <= bounds::kMediaRedirects; ++redirects) {
    if (!http::isFetchable(url)) co_return refuse(wanted, "its address is not public");
    http::Request request;
    request.method = "GET";
    request.url = url;
    request.judgedHost = http::parseOrigin(url)->host;
    auto fetched = co_await exchange.io.fetcher.fetch(std::move(request));
    if (!fetched) {
      logFault(exchange, wanted, fetched.error());
      co_return refuse(wanted, kUnreachable);
    }
    const int status = fetched->head.status;
    if (status == 200) {
      auto media = co_await readMedia(std::move(*fetched), wanted, allowance);
      co_return media;
    }
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

struct Fetch {
  const WantedFile* wanted;
  Task<Result<Media>> task;
};

AnyDone anyOf(std::vector<Fetch>& fetches) {
  AnyDone any;
  for (Fetch& each : fetches) any.add(each.task);
  return any;
}

// A few at a time, in the order of the list. The first that fails ends them all.
Task<Result<FetchedMedia>> fetchSideBySide(Exchange& exchange,
                                           const std::vector<WantedFile>& wanted) {
  Allowance allowance(exchange);
  FetchedMedia media;
  std::vector<Fetch> underWay;
  for (auto next = wanted.begin(); next != wanted.end() || !underWay.empty();) {
    while (next != wanted.end() && underWay.size() < bounds::kMediaAtOnce) {
      underWay.push_back({&*next, fetchOne(exchange, *next, allowance)});
      underWay.back().task.start();
      ++next;
    }
    co_await anyOf(underWay);
    for (Fetch& each : underWay) {
      if (!each.task.done()) continue;
      auto fetched = each.task.take();
      if (!fetched) co_return fail(fetched.error());
      media.emplace(each.wanted->url, std::move(*fetched));
    }
    std::erase_if(underWay, [](const Fetch& each) { return each.task.done(); });
  }
  co_return media;
}

}  // namespace

Task<Result<FetchedMedia>> fetchMedia(Exchange& exchange, std::vector<WantedFile> wanted) {
  if (wanted.size() > bounds::kMediaAddresses) {
    const WantedFile& excess = wanted[bounds::kMediaAddresses];
    co_return refuse(excess, "one request may name " + std::to_string(bounds::kMediaAddresses) +
                                 " files by their addresses");
  }
  auto fetched =
      co_await exchange.watch.await(fetchSideBySide(exchange, wanted), bounds::kMediaTime);
  if (!fetched) {
    co_return refuse(wanted.front(), "the files of the request did not come within " +
                                         std::to_string(bounds::kMediaTime.count() / 1000) + " s");
  }
  co_return std::move(*fetched);
}

}  // namespace rondo::gateway
