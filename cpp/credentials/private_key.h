#pragma once

#include <string_view>

#include "base/secret.h"
#include "credentials/fields.h"

namespace rondo::credentials {

// The DER of a PKCS#8 private key in PEM (RFC 7468, "PRIVATE KEY"): armour and line ends taken off,
// base64 decoded, the outer length checked, so that a key that was cut short is found here. Line
// ends may be LF, CRLF, or escaped once or twice, as they come through .env files and shells.
// Other kinds of key are refused by name, with what to do.
Checked<Secret> readPkcs8(std::string_view pem);

}  // namespace rondo::credentials
