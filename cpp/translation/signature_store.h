#pragma once

#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "conversation/signature.h"

namespace rondo::translation {

using conversation::SignatureOrigin;

struct KnownSignature {
  std::string signature;  // Empty: the call was made without one.
  SignatureOrigin origin;
};

// By which the store knows who made an image: whoever goes on from it sends its signature back.
std::string nameOfImage(std::string_view signature);

// Thought signatures by the names of ClientSignatures, for clients that drop the fields they don't
// know. Bounded: what was remembered longest ago goes first. Lives in the isolate, so a miss is
// always possible.
class SignatureStore {
 public:
  static constexpr std::size_t kMaxEntries = 2000;
  static constexpr std::size_t kMaxBytes = 4 * 1024 * 1024;

  explicit SignatureStore(std::size_t maxEntries = kMaxEntries, std::size_t maxBytes = kMaxBytes)
      : maxEntries_(maxEntries), maxBytes_(maxBytes) {}

  void remember(std::string name, KnownSignature known);

  // Null when unknown. Valid until the next `remember`.
  const KnownSignature* find(std::string_view name) const;

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string name;
    KnownSignature known;
    std::size_t bytes() const;
  };

  void drop(std::list<Entry>::iterator entry);

  std::size_t maxEntries_;
  std::size_t maxBytes_;
  std::size_t bytes_ = 0;
  std::list<Entry> entries_;  // Newest first. The keys of `byName_` point into it.
  std::unordered_map<std::string_view, std::list<Entry>::iterator> byName_;
};

// One client's part of the store, by tool-call id. Ids are short and easily made up, and nobody is
// to send what Google gave another. Cheap to make; the store outlives it.
class ClientSignatures {
 public:
  ClientSignatures(SignatureStore& store, std::string client)
      : store_(store), client_(std::move(client)) {}

  void remember(std::string_view callId, KnownSignature known);

  // As SignatureStore::find.
  const KnownSignature* find(std::string_view callId) const;

 private:
  std::string nameOf(std::string_view callId) const;

  SignatureStore& store_;
  std::string client_;
};

}  // namespace rondo::translation
