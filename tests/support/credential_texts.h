#pragma once

#include <string>
#include <string_view>

#include "base/base64.h"
#include "json/value.h"

// Credentials as operators paste them, with invented values.
namespace rondo::samples {

// An ASN.1 SEQUENCE of the given size, which is all that reading a key looks at.
inline std::string keyDer(std::size_t size = 40) {
  std::string der = "\x30";
  der += static_cast<char>(size);
  for (std::size_t i = 0; i < size; ++i) der += static_cast<char>(i);
  return der;
}

inline std::string keyPem() {
  return "-----BEGIN PRIVATE KEY-----\n" + encodeBase64(keyDer()) + "\n-----END PRIVATE KEY-----\n";
}

inline json::Value serviceAccount(std::string_view name = "bot", std::string_view project = "p-1") {
  json::Value value = json::Value::object();
  value["type"] = "service_account";
  value["project_id"] = project;
  value["private_key_id"] = "key-of-" + std::string(name);
  value["private_key"] = keyPem();
  value["client_email"] = std::string(name) + "@example.iam.gserviceaccount.com";
  value["token_uri"] = "https://oauth2.googleapis.com/token";
  return value;
}

inline json::Value authorizedUser(std::string_view refreshToken = "1//refresh") {
  json::Value value = json::Value::object();
  value["type"] = "authorized_user";
  value["client_id"] = "client.apps.example.com";
  value["client_secret"] = "pair-secret";
  value["refresh_token"] = refreshToken;
  value["project_id"] = "p-user";
  return value;
}

inline json::Value oauthTokens(std::string_view refreshToken = "1//tokens") {
  json::Value value = json::Value::object();
  value["client_id"] = "client.apps.example.com";
  value["client_secret"] = "pair-secret";
  value["refresh_token"] = refreshToken;
  value["project_id"] = "p-tokens";
  return value;
}

}  // namespace rondo::samples
