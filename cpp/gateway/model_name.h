#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "gateway/settings.h"
#include "translation/model_suffix.h"

namespace rondo::gateway {

struct Client;

// A model, by each of the names that it has on its way.
struct ModelName {
  std::string asked;  // The client's, without blanks around it: what its answers say.
  std::string plain;  // The same without a reasoning suffix and Google's prefixes: what keys allow.
  std::string google;  // What stands behind an alias: what is called, and what cools.
  std::string family;  // The alias that led there, where it is a pattern. May be empty.
  translation::ThinkingSuffix suffix;
  ChatMode mode = ChatMode::Translate;  // Of a chat completion for it: its alias's, or CHAT_MODE's.
};

// THE ONE PLACE that reads a model's name: blanks around it go, an alias is followed, `models/`,
// `google/` and `publishers/google/models/` are taken off, and so is a reasoning suffix. An alias
// may stand with or without a suffix, and bring one of its own.
ModelName nameModel(const Settings& settings, std::string_view text);

// The same for what a client sent: BadRequest, with `param` "model", when there is nothing but
// blanks, or more than kMostModelBytes.
Result<ModelName> readModelName(const Settings& settings, std::string_view text);

// Whether a key of MODEL_ALIASES stands for many names: "claude-*".
bool isPattern(std::string_view alias);

// Whether the client's key allows the model: by the plain name that it was asked for, which may be
// an alias, or by Google's. A name that only a pattern of aliases knows is made up by the client:
// of the key's patterns those speak of it that lie within that one ("claude-haiku-*" in
// "claude-*").
bool mayUse(const Client& client, const ModelName& model);

}  // namespace rondo::gateway
