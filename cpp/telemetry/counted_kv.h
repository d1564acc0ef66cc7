#pragma once

#include "host/kv_store.h"
#include "telemetry/recorder.h"

namespace rondo::telemetry {

// Passes everything on, and counts it.
class CountedKv : public host::KvStore {
 public:
  CountedKv(host::KvStore& inner, Recorder& recorder) : inner_(inner), recorder_(recorder) {}

  Task<Result<std::optional<std::string>>> get(std::string key) override;
  void putLater(std::string key, std::string value, Millis ttl) override;
  void eraseLater(std::string key) override;

 private:
  host::KvStore& inner_;
  Recorder& recorder_;
};

}  // namespace rondo::telemetry
