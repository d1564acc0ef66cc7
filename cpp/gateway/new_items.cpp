#include "gateway/new_items.h"

#include <string>

#include "conversation/media.h"
#include "gateway/file_id.h"
#include "http/url.h"
#include "openai/responses_request.h"
#include "translation/media.h"

namespace rondo::gateway {
namespace {

using conversation::MediaPart;
using conversation::Request;

// Whether it lies with a credential, which only a request that goes there can tell.
bool isOwnFile(const MediaPart& medium) {
  const auto* file = std::get_if<conversation::FilePart>(&medium);
  return file && file->data.empty() && looksLikeFileId(file->id);
}

bool isBase64(std::string_view text) {
  std::string written;
  return translation::appendBase64(written, text);
}

std::optional<Error> mediumFault(const MediaPart& medium, const Request& request) {
  if (isOwnFile(medium)) return std::nullopt;
  // Which model and back-end it goes to is still open: some fetch from the web by themselves.
  const auto source =
      translation::mediaSource(medium, request, translation::WebMedia::LeftToGoogle);
  if (!source) return source.error();
  const bool isInline = source->uri.empty() && source->fetch.empty();
  const char* fault = nullptr;
  if (isInline && !isBase64(source->data)) fault = "Invalid base64 data.";
  if (!source->fetch.empty() && !http::isFetchable(source->fetch)) {
    fault = "The file can't be fetched: its address is not public.";
  }
  if (!fault) return std::nullopt;
  return badRequest(fault, request.paramOf(medium), "invalid_value");
}

std::optional<Error> mediaFault(const Request& request) {
  std::optional<Error> fault;
  auto see = [&](const MediaPart& medium) {
    if (!fault) fault = mediumFault(medium, request);
  };
  for (const auto& turn : request.turns) {
    // Instructions are text: whatever else is in them is left out.
    if (turn.role != conversation::Role::System) conversation::forEachMediumOf(turn, see);
  }
  return fault;
}

}  // namespace

std::optional<Error> newItemsFault(std::string_view list) {
  const auto read = openai::parseNewItems(list);
  if (read) return mediaFault(read->request);
  Error fault = read.error();
  if (fault.param.empty()) fault.param = "items";
  return fault;
}

}  // namespace rondo::gateway
