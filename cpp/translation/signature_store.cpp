#include "translation/signature_store.h"

#include <algorithm>

#include <utility>

namespace rondo::translation {

// What is encrypted ends in no two signatures alike. No call has an id with a blank.
std::string nameOfImage(std::string_view signature) {
  constexpr std::size_t kTold = 64;
  const std::size_t begin = signature.size() - std::min(signature.size(), kTold);
  return "image " + std::string(signature.substr(begin));
}

std::size_t SignatureStore::Entry::bytes() const {
  return callId.size() + known.signature.size() + known.origin.credentialKind.size() +
         known.origin.group.size() + known.origin.credentialId.size() + sizeof(Entry);
}

void SignatureStore::drop(std::list<Entry>::iterator entry) {
  bytes_ -= entry->bytes();
  byId_.erase(entry->callId);
  entries_.erase(entry);
}

void SignatureStore::remember(std::string_view callId, KnownSignature known) {
  if (const auto old = byId_.find(callId); old != byId_.end()) drop(old->second);
  entries_.push_front({std::string(callId), std::move(known)});
  byId_.emplace(entries_.front().callId, entries_.begin());
  bytes_ += entries_.front().bytes();
  while (!entries_.empty() && (entries_.size() > maxEntries_ || bytes_ > maxBytes_)) {
    drop(std::prev(entries_.end()));
  }
}

const KnownSignature* SignatureStore::find(std::string_view callId) const {
  const auto entry = byId_.find(callId);
  return entry == byId_.end() ? nullptr : &entry->second->known;
}

}  // namespace rondo::translation
