#include "anthropic/models.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "json/writer.h"

namespace rondo::anthropic {
namespace {

// Anthropic's own.
constexpr std::size_t kMaxPage = 1000;

using Models = std::span<const Model>;

struct Page {
  Models models;
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

Result<std::size_t> indexOf(Models models, const std::string& id, std::string field) {
  const auto found = std::ranges::find(models, id, &Model::id);
  if (found != models.end()) return static_cast<std::size_t>(found - models.begin());
  return fail(
      badRequest("Invalid '" + field + "': the list has no such model.", field, "invalid_value"));
}

Result<Page> pageOf(Models models, const PageQuery& query) {
  const auto limit = readLimit(query.limit);
  if (!limit) return fail(limit.error());
  if (!query.beforeId.empty()) {
    const auto before = indexOf(models, query.beforeId, "before_id");
    if (!before) return fail(before.error());
    const Models all = models.first(*before);
    return Page{all.last(std::min(*limit, all.size())), all.size() > *limit};
  }
  if (!query.afterId.empty()) {
    const auto after = indexOf(models, query.afterId, "after_id");
    if (!after) return fail(after.error());
    models = models.subspan(*after + 1);
  }
  return Page{models.first(std::min(*limit, models.size())), models.size() > *limit};
}

// When a model was made is not known: then Anthropic too tells the epoch.
void writeModel(json::Writer& writer, const Model& model) {
  writer.beginObject().key("type").string("model").key("id").string(model.id);
  writer.key("display_name")
      .string(model.displayName)
      .key("created_at")
      .string("1970-01-01T00:00:00Z");
  writer.key("lifecycle").string("active").key("line").null();
  writer.key("deprecated_at").null().key("retires_at").null();
  writer.key("max_input_tokens").null().key("max_tokens").null();
  writer.key("capabilities").null().endObject();
}

void writeId(json::Writer& writer, const Model* model) {
  if (model) {
    writer.string(model->id);
  } else {
    writer.null();
  }
}

}  // namespace

Result<std::string> modelListBody(const std::vector<Model>& models, const PageQuery& query) {
  const auto page = pageOf(models, query);
  if (!page) return fail(page.error());
  const bool isEmpty = page->models.empty();
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("data").beginArray();
  for (const Model& model : page->models) writeModel(writer, model);
  writer.endArray().key("has_more").boolean(page->hasMore);
  writeId(writer.key("first_id"), isEmpty ? nullptr : &page->models.front());
  writeId(writer.key("last_id"), isEmpty ? nullptr : &page->models.back());
  writer.endObject();
  return body;
}

std::string modelBody(const Model& model) {
  std::string body;
  json::Writer writer(body);
  writeModel(writer, model);
  return body;
}

}  // namespace rondo::anthropic
