#include "gateway/operations.h"
#include "gateway/operator_answers.h"
#include "gateway/send_reply.h"
#include "json/value.h"

namespace rondo::gateway {
namespace {

void write(json::Writer& writer, const SettingLine& line) {
  const bool isSecret = line.kind == SettingLine::Kind::Secret;
  writer.beginObject();
  writer.key("name").string(std::string_view(line.name));
  writeText(writer, "value", line.value);
  writeText(writer, "default", line.fallback);
  writer.key("set").boolean(line.isSet);
  writer.key("secret").boolean(isSecret).endObject();
}

// The elements of a list of the worker's, as they are.
void writeElements(json::Writer& writer, const json::Value& worker, std::string_view name) {
  const json::Value* list = json::findArray(worker, name);
  if (!list) return;
  for (const auto& each : *list) writer.value(each);
}

}  // namespace

void settingsReport(Exchange& exchange) {
  const auto read = json::parse(exchange.request.query.worker);
  const json::Value worker = read ? *read : json::Value::object();
  const auto& [settings, problems] = exchange.services.startup;
  std::string out;
  json::Writer writer(out);
  writer.beginObject();
  writer.key("settings").beginArray();
  for (const auto& line : settings) write(writer, line);
  writeElements(writer, worker, "settings");
  writer.endArray();
  writer.key("problems").beginArray();
  for (const auto& [variable, fault] : problems) {
    writer.beginObject();
    writer.key("variable").string(std::string_view(variable));
    writer.key("fault").string(std::string_view(fault)).endObject();
  }
  writeElements(writer, worker, "problems");
  writer.endArray();
  writer.key("clients").beginArray();
  writeElements(writer, worker, "clients");
  writer.endArray().endObject();
  sendToOperator(exchange, std::move(out));
}

}  // namespace rondo::gateway
