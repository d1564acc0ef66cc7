#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::credentials {

// Where the turns of each model stand, and which models there are at all. Names come from clients,
// who may invent them. So they are bounded in number, the one that was used longest ago goes first,
// and a name that has never been served takes the place of such names alone. Names share what their
// first 128 bytes share.
class ModelTurns {
 public:
  // The model's cursor, 0 at first. Valid until the next call.
  std::size_t& cursorOf(std::string_view model);

  // The model was served, so that it exists. Whether that is new.
  bool prove(std::string_view model);

  bool isProven(std::string_view model) const;

  // The cursor, without counting as its use.
  std::size_t peek(std::string_view model) const;

  // The models that were served, as far as they are remembered.
  std::vector<std::string> provenModels() const;

 private:
  struct Turn {
    std::size_t cursor = 0;
    std::uint64_t lastUse = 0;
  };
  using Turns = std::map<std::string, Turn, std::less<>>;
  Turn& use(Turns& turns, std::string_view key, std::size_t most);

  Turns proven_;
  Turns others_;
  std::uint64_t uses_ = 0;
};

}  // namespace rondo::credentials
