#include "gateway/operator_operations.h"

#include <algorithm>
#include <array>

#include "gateway/operations.h"

namespace rondo::gateway {
namespace {

template <void (*kAnswer)(Exchange&)>
Task<void> atOnce(Exchange& exchange) {
  kAnswer(exchange);
  co_return;
}

constexpr std::array kOperations = {
    OperatorOperation{"health", &atOnce<reportHealth>},
    OperatorOperation{"reset_credential", &atOnce<resetCredential>},
    OperatorOperation{"test_credential", &testCredential},
    OperatorOperation{"pool_status", &poolStatus},
    OperatorOperation{"explain_model", &explainModel},
    OperatorOperation{"recent_requests", &atOnce<recentRequests>},
    OperatorOperation{"counters_series", &countersSeries},
    OperatorOperation{"settings_report", &atOnce<settingsReport>},
    OperatorOperation{"metrics", &metrics},
};

}  // namespace

const OperatorOperation* operatorOperation(std::string_view name) {
  const auto found = std::ranges::find(kOperations, name, &OperatorOperation::name);
  return found == kOperations.end() ? nullptr : &*found;
}

}  // namespace rondo::gateway
