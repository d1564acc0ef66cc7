#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "host/transform.h"
#include "translation/native_names.h"

namespace rondo::gateway {

// Server-sent events of Google's on their way to a client, with other ids in them. All else passes
// as it is.
class RenamedEvents : public host::Transform {
 public:
  explicit RenamedEvents(translation::IdChange change) : change_(std::move(change)) {}

  std::optional<std::string_view> feed(std::string_view bytes) override;
  // What is left at the stream's end: a line that hasn't ended.
  std::string finish();

 private:
  void append(std::string_view line);

  translation::IdChange change_;
  std::string pending_;  // Of a line.
  std::string output_;
};

}  // namespace rondo::gateway
