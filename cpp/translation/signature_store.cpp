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
  return name.size() + known.signature.size() + known.origin.credentialKind.size() +
         known.origin.group.size() + known.origin.credentialId.size() + sizeof(Entry);
}

void SignatureStore::drop(std::list<Entry>::iterator entry) {
  bytes_ -= entry->bytes();
  byName_.erase(entry->name);
  entries_.erase(entry);
}

void SignatureStore::remember(std::string name, KnownSignature known) {
  if (const auto old = byName_.find(name); old != byName_.end()) drop(old->second);
  entries_.push_front({std::move(name), std::move(known)});
  byName_.emplace(entries_.front().name, entries_.begin());
  bytes_ += entries_.front().bytes();
  while (!entries_.empty() && (entries_.size() > maxEntries_ || bytes_ > maxBytes_)) {
    drop(std::prev(entries_.end()));
  }
}

const KnownSignature* SignatureStore::find(std::string_view name) const {
  const auto entry = byName_.find(name);
  return entry == byName_.end() ? nullptr : &entry->second->known;
}

// A client's name has no line break, whatever it sends for an id.
std::string ClientSignatures::nameOf(std::string_view callId) const {
  return std::string(client_).append("\n").append(callId);
}

void ClientSignatures::remember(std::string_view callId, KnownSignature known) {
  store_.remember(nameOf(callId), std::move(known));
}

const KnownSignature* ClientSignatures::find(std::string_view callId) const {
  return store_.find(nameOf(callId));
}

}  // namespace rondo::translation
