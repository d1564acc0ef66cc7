#pragma once

#include <string>
#include <vector>

#include "gateway/request.h"
#include "gateway/settings.h"
#include "translation/model_suffix.h"

namespace rondo::gateway {

// The model at Google that a client's name for one stands for. An alias may stand with or without a
// reasoning suffix, and bring one of its own.
translation::SuffixedModel targetOf(const Settings& settings, const std::string& name);

// The models that may stand in for `name`, best first: those of MODEL_FALLBACKS for the client's
// own name, else for Google's, as far as the client may use them. None when the request forbids it.
std::vector<translation::SuffixedModel> fallbacksOf(const Settings& settings,
                                                    const Request& request,
                                                    const std::string& name);

}  // namespace rondo::gateway
