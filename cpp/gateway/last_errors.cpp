#include "gateway/last_errors.h"

#include <utility>

#include "base/bounds.h"
#include "gateway/remedies.h"

namespace rondo::gateway {

void LastErrors::note(const credentials::Credential& credential, std::string_view model,
                      const google::Refusal& refusal, Instant now) {
  using enum google::RefusalClass;
  const bool isRequests = refusal.refusal == RequestFault || refusal.refusal == MendRequest ||
                          refusal.refusal == NamedContent;
  if (isRequests) return;
  auto advice = adviceOn(refusal, credential);
  errors_.insert_or_assign(
      credential.id, LastError{now, std::string(model.substr(0, bounds::kModelNameBytes)),
                               refusal.status, std::string(google::refusalName(refusal.refusal)),
                               refusal.message, std::move(advice.words), std::move(advice.link)});
}

const LastError* LastErrors::of(const credentials::Credential& credential) const {
  const auto found = errors_.find(credential.id);
  return found == errors_.end() ? nullptr : &found->second;
}

}  // namespace rondo::gateway
