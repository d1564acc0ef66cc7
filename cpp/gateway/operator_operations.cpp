#include "gateway/operator_operations.h"

#include <algorithm>
#include <array>

#include "gateway/operations.h"

namespace rondo::gateway {
namespace {

using Kv = OperatorOperation::Kv;

template <void (*kAnswer)(Exchange&)>
Task<void> atOnce(Exchange& exchange) {
  kAnswer(exchange);
  co_return;
}

constexpr std::array kOperations = {
    OperatorOperation{"health", Kv::NotNeeded, &atOnce<reportHealth>},
    OperatorOperation{"reset_credential", Kv::Needed, &atOnce<resetCredential>},
    OperatorOperation{"test_credential", Kv::Needed, &testCredential},
    OperatorOperation{"pool_status", Kv::Needed, &poolStatus},
    OperatorOperation{"explain_model", Kv::Needed, &explainModel},
    OperatorOperation{"recent_requests", Kv::Needed, &atOnce<recentRequests>},
    OperatorOperation{"counters_series", Kv::Needed, &countersSeries},
    OperatorOperation{"settings_report", Kv::Needed, &atOnce<settingsReport>},
    OperatorOperation{"metrics", Kv::Needed, &metrics},
};

}  // namespace

const OperatorOperation* operatorOperation(std::string_view name) {
  const auto found = std::ranges::find(kOperations, name, &OperatorOperation::name);
  return found == kOperations.end() ? nullptr : &*found;
}

}  // namespace rondo::gateway
