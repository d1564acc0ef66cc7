#include "anthropic/models.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "json/writer.h"

namespace rondo::anthropic {
namespace {

// Anthropic's own.
constexpr std::size_t kMaxPage = 1000;

using Ids = std::span<const std::string>;

struct Page {
  Ids ids;
  bool hasMore = false;
};

Result<std::size_t> readLimit(const std::string& text) {
  if (text.empty()) return SIZE_MAX;
  std::size_t limit = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (fault == std::errc() && end == text.data() + text.size() && limit > 0 && limit <= kMaxPage) {
    return limit;
  }
  return fail(
      badRequest("Invalid 'limit': expected an integer from 1 to " + std::to_string(kMaxPage) + '.',
                 "limit", "invalid_value"));
}

Result<std::size_t> indexOf(Ids ids, const std::string& id, std::string field) {
  const auto found = std::ranges::find(ids, id);
  if (found != ids.end()) return static_cast<std::size_t>(found - ids.begin());
  return fail(
      badRequest("Invalid '" + field + "': the list has no such model.", field, "invalid_value"));
}

Result<Page> pageOf(Ids ids, const PageQuery& query) {
  const auto limit = readLimit(query.limit);
  if (!limit) return fail(limit.error());
  if (!query.beforeId.empty()) {
    const auto before = indexOf(ids, query.beforeId, "before_id");
    if (!before) return fail(before.error());
    const Ids all = ids.first(*before);
    return Page{all.last(std::min(*limit, all.size())), all.size() > *limit};
  }
  if (!query.afterId.empty()) {
    const auto after = indexOf(ids, query.afterId, "after_id");
    if (!after) return fail(after.error());
    ids = ids.subspan(*after + 1);
  }
  return Page{ids.first(std::min(*limit, ids.size())), ids.size() > *limit};
}

// When a model was made is not known: then Anthropic too tells the epoch.
void writeModel(json::Writer& writer, std::string_view id) {
  writer.beginObject().key("type").string("model").key("id").string(id);
  writer.key("display_name").string(id).key("created_at").string("1970-01-01T00:00:00Z");
  writer.key("lifecycle").string("active").key("line").null();
  writer.key("deprecated_at").null().key("retires_at").null();
  writer.key("max_input_tokens").null().key("max_tokens").null();
  writer.key("capabilities").null().endObject();
}

void writeId(json::Writer& writer, const std::string* id) {
  if (id) {
    writer.string(*id);
  } else {
    writer.null();
  }
}

}  // namespace

Result<std::string> modelListBody(const std::vector<std::string>& ids, const PageQuery& query) {
  const auto page = pageOf(ids, query);
  if (!page) return fail(page.error());
  const bool isEmpty = page->ids.empty();
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("data").beginArray();
  for (const std::string& id : page->ids) writeModel(writer, id);
  writer.endArray().key("has_more").boolean(page->hasMore);
  writeId(writer.key("first_id"), isEmpty ? nullptr : &page->ids.front());
  writeId(writer.key("last_id"), isEmpty ? nullptr : &page->ids.back());
  writer.endObject();
  return body;
}

std::string modelBody(std::string_view id) {
  std::string body;
  json::Writer writer(body);
  writeModel(writer, id);
  return body;
}

}  // namespace rondo::anthropic
