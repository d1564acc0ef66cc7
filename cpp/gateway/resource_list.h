#pragma once

#include <vector>

#include "gateway/services.h"

namespace rondo::gateway {

// Answers a list of files or caches with the pages of several credentials, one behind the other: a
// page holds what one of them has, and its `nextPageToken` tells whose comes next. No page but an
// only one is empty, since there are clients that take an empty one for an entry. Those of a
// credential that is out aren't told. `members` are those that have such things, in the pool's
// order, and outlive the task.
Task<void> listResources(Exchange& exchange, std::vector<const credentials::Credential*> members);

}  // namespace rondo::gateway
