#include "openai/models.h"

#include "json/writer.h"

namespace rondo::openai {
namespace {

void writeModel(json::Writer& writer, const Model& model) {
  writer.beginObject();
  writer.key("id").string(model.id);
  writer.key("object").string("model");
  writer.key("created").integer(model.created);
  writer.key("owned_by").string(model.ownedBy);
  writer.endObject();
}

}  // namespace

std::string modelListBody(const std::vector<Model>& models) {
  std::string body;
  json::Writer writer(body);
  writer.beginObject().key("object").string("list").key("data").beginArray();
  for (const Model& model : models) writeModel(writer, model);
  writer.endArray().endObject();
  return body;
}

std::string modelBody(const Model& model) {
  std::string body;
  json::Writer writer(body);
  writeModel(writer, model);
  return body;
}

}  // namespace rondo::openai
