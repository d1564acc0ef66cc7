#include "gateway/named_files.h"

#include <algorithm>
#include <string>
#include <utility>

#include "conversation/media.h"
#include "gateway/file_id.h"
#include "gateway/operator_answers.h"
#include "gateway/place.h"

namespace rondo::gateway {
namespace {

using credentials::Credential;

Error noSuchFile(std::string_view id) {
  constexpr std::size_t kShown = 100;
  return badRequest("No such File object: " + std::string(id.substr(0, kShown)) + ".", {},
                    "invalid_value");
}

Error otherCredential(const Credential& one, const Credential& other) {
  return badRequest("This file lies with the credential `" + other.alias +
                        "`, and the request goes through `" + one.alias +
                        "` alone, since it names that one or a file that lies with it. Upload one "
                        "of the files again, or send it inline as `file_data`.",
                    {}, "files_of_two_credentials");
}

Error otherModel(const Credential& credential, const ModelName& model) {
  return badRequest("This file lies with the credential `" + credential.alias +
                        "`, which may not serve the model `" + model.google +
                        "`. Ask for a model that it serves, or send the file inline as "
                        "`file_data`.",
                    {}, "model_of_other_credential");
}

bool servesAny(const Credential& credential, const Targets& targets) {
  const auto serves = [&credential](const ModelName& model) {
    return credentials::serves(credential, model.google);
  };
  return serves(targets.model) || std::ranges::any_of(targets.fallbacks, serves);
}

// Takes the file's name and type, and its credential for the request's.
std::optional<Error> use(conversation::FilePart& file, Exchange& exchange, const Targets& targets) {
  const auto& pool = exchange.services.pool;
  auto own = findOwnFile(file.id, exchange.request.client, pool.credentials());
  if (!own || placeOf(*own->credential).backend != google::Backend::Gemini) {
    return noSuchFile(file.id);
  }
  const Credential* credential = own->credential;
  std::string& pinned = exchange.request.credential;
  const Credential* other = pinned.empty() ? nullptr : credentialNamed(pool, pinned);
  if (other && other->id != credential->id) return otherCredential(*other, *credential);
  if (!servesAny(*credential, targets)) return otherModel(*credential, targets.model);
  pinned = credential->id;
  file.id = std::move(own->name);
  file.mediaType = std::move(own->mimeType);
  return std::nullopt;
}

}  // namespace

std::optional<Error> useNamedFiles(Exchange& exchange, conversation::Request& request,
                                   const Targets& targets) {
  std::optional<Error> error;
  conversation::forEachMedium(request, [&](conversation::MediaPart& medium) {
    auto* file = std::get_if<conversation::FilePart>(&medium);
    if (error || !file || !file->data.empty() || !looksLikeFileId(file->id)) return;
    error = use(*file, exchange, targets);
    if (error) error->param = request.paramOf(medium);
  });
  return error;
}

}  // namespace rondo::gateway
