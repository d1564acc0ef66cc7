#pragma once

#include <string>
#include <string_view>

#include "google/backend.h"

// For whom a request is translated.

namespace rondo::equality {

struct Target {
  std::string model;  // Tells the family.
  google::Backend backend = google::Backend::Vertex;
  bool isRetry = false;   // After a refused signature: the dummy everywhere.
  bool hasMedia = false;  // What lies on the web was fetched.
};

struct FetchedMedium {
  std::string mimeType;
  std::string data;
};

// What is found at each address of the web.
inline FetchedMedium mediumAt(std::string_view url) {
  return {url.size() % 2 == 0 ? "image/png" : "", "iVBORw0KGgo="};
}

}  // namespace rondo::equality
