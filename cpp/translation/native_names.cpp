#include "translation/native_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "google/plain_name.h"
#include "http/url.h"
#include "json/document.h"
#include "json/writer.h"
#include "translation/edits.h"

namespace rondo::translation {
namespace {

using json::Node;

// Members that hold a name or an address, without underscores and in lower case.
constexpr std::array<std::string_view, 7> kNames = {
    "name", "uri", "fileuri", "downloaduri", "cachedcontent", "filename", "fileid"};

// The same of OpenAI's clients, and of those that add to it.
constexpr std::array<std::string_view, 6> kOpenAiNames = {"url",      "imageurl", "videourl",
                                                          "audiourl", "fileurl",  "filedata"};

// Those that hold an interaction's id.
constexpr std::array<std::string_view, 2> kInteractions = {"previousinteractionid",
                                                           "interactionid"};

// Those whose contents are the client's tools' and nobody else's, or a schema's.
constexpr std::array<std::string_view, 9> kForeign = {
    "args",           "arguments",          "response",       "parameters", "parametersjsonschema",
    "responseschema", "responsejsonschema", "responseformat", "schema"};

// The member that holds what a tool of an interaction gave: its own, or media
// (ai.google.dev/api/interactions-api).
constexpr std::string_view kResult = "result";
constexpr std::array<std::string_view, 4> kMedia = {"image", "audio", "video", "document"};

constexpr std::array<std::string_view, 2> kCollections = {"files/", "cachedContents/"};

// A longer text is no name: it holds data.
constexpr std::size_t kMostOfName = 2048;

template <std::size_t kSize>
bool isOneOf(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

struct Span {
  std::size_t begin;
  std::size_t size;
};

bool isGoogles(std::string_view name) {
  if (!name.contains("://")) return true;
  const auto origin = http::parseOrigin(name);
  return origin && http::isWithinDomain(origin->host, "generativelanguage.googleapis.com");
}

// Where the id stands in a name or an address.
std::optional<Span> idIn(std::string_view name) {
  if (!isGoogles(name)) return std::nullopt;
  for (const auto collection : kCollections) {
    const auto at = name.rfind(collection);
    if (at == std::string_view::npos || (at != 0 && name[at - 1] != '/')) continue;
    const auto begin = at + collection.size();
    const auto end = std::min(name.find_first_of("/:?#", begin), name.size());
    if (end > begin) return Span{begin, end - begin};
  }
  return std::nullopt;
}

class Renaming {
 public:
  Renaming(Author author, const IdChange& change) : author_(author), change_(change) {}

  void walk(const Node& node) {
    for (const auto& element : node.elements()) walk(element);
    for (const auto& [key, value] : node.members()) {
      const auto name = google::plainName(key.string());
      if (isOneOf(kForeign, name)) continue;
      if (name == kResult) {
        walkResult(value);
      } else if (!value.isString()) {
        walk(value);
      } else if (value.source().size() <= kMostOfName) {
        if (isName(name)) changeName(value);
        if (isOneOf(kInteractions, name)) changeWhole(value);
      }
    }
  }

  // The id of an answer's own subject.
  void changeOwn(const Node& object) {
    for (const auto& [key, value] : object.members()) {
      if (value.isString() && key.text() == "id") changeWhole(value);
    }
  }

  std::optional<std::string> finish(std::string_view document) && {
    if (edits_.empty()) return std::nullopt;
    return std::move(edits_).applied(document);
  }

 private:
  bool isName(std::string_view member) const {
    if (isOneOf(kNames, member)) return true;
    return author_ == Author::OpenAiClient && isOneOf(kOpenAiNames, member);
  }

  void walkResult(const Node& result) {
    for (const auto& element : result.elements()) {
      if (isOneOf(kMedia, element.find("type").string())) walk(element);
    }
  }

  void changeName(const Node& value) {
    std::string name = value.string();
    const auto span = idIn(name);
    if (!span) return;
    const auto id = change_(std::string_view(name).substr(span->begin, span->size));
    if (id) replace(value, name.replace(span->begin, span->size, *id));
  }

  void changeWhole(const Node& value) {
    if (const auto id = change_(value.string())) replace(value, *id);
  }

  // A string's offset lies behind its quote.
  void replace(const Node& value, std::string_view text) {
    std::string quoted;
    json::appendQuoted(quoted, text);
    edits_.replace(value.offset() - 1, value.source().size(), std::move(quoted));
  }

  Author author_;
  const IdChange& change_;
  Edits edits_;
};

}  // namespace

std::optional<std::string> withChangedIds(std::string_view text, Author author,
                                          const IdChange& change) {
  json::Document document;
  if (!document.tryRead(text)) return std::nullopt;
  const Node root = document.root();
  Renaming renaming(author, change);
  if (author == Author::Google) {
    renaming.changeOwn(root);
    renaming.changeOwn(root.find("interaction"));
  }
  renaming.walk(root);
  return std::move(renaming).finish(text);
}

}  // namespace rondo::translation
