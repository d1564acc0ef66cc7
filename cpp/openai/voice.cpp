#include "openai/request_parts.h"

namespace rondo::openai {

std::string readVoice(FieldReader& holder, Faults& faults) {
  const json::Node voice = holder.any("voice");
  if (!voice.isObject()) return holder.string("voice");
  const Path path = holder.at("voice");
  FieldReader fields(voice, path, faults);
  return fields.requiredString("id");
}

}  // namespace rondo::openai
