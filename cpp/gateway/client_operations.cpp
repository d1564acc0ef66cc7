#include "gateway/client_operations.h"

#include <algorithm>
#include <array>

#include "anthropic/messages_dialect.h"
#include "gateway/files.h"
#include "gateway/models_dialect.h"
#include "gateway/native_errors.h"
#include "gateway/operations.h"
#include "openai/chat_dialect.h"

namespace rondo::gateway {
namespace {

using conversation::ErrorWords;

const ErrorWords& openaiErrors() { return openai::chatDialect(); }
const ErrorWords& anthropicErrors() { return anthropic::messagesDialect(); }

template <const ModelsDialect& (*kModels)()>
Task<void> list(Exchange& exchange) {
  return listModels(exchange, kModels());
}

template <const ModelsDialect& (*kModels)()>
Task<void> get(Exchange& exchange) {
  return getModel(exchange, kModels());
}

constexpr std::array kOperations = {
    ClientOperation{"embeddings", openaiErrors, embeddings},
    ClientOperation{"create_file", openaiErrors, createFile},
    ClientOperation{"list_files", openaiErrors, listFiles},
    ClientOperation{"get_file", openaiErrors, getFile},
    ClientOperation{"delete_file", openaiErrors, deleteFile},
    ClientOperation{"file_content", openaiErrors, fileContent},
    ClientOperation{"list_models", openaiErrors, list<openaiModels>},
    ClientOperation{"get_model", openaiErrors, get<openaiModels>},
    ClientOperation{"list_anthropic_models", anthropicErrors, list<anthropicModels>},
    ClientOperation{"get_anthropic_model", anthropicErrors, get<anthropicModels>},
    ClientOperation{"native", nativeErrors, native},
    ClientOperation{"native_resource", nativeErrors, nativeResource},
    ClientOperation{"native_list_gemini_models", nativeErrors, list<geminiModels>},
    ClientOperation{"native_get_gemini_model", nativeErrors, get<geminiModels>},
    ClientOperation{"native_list_vertex_models", nativeErrors, list<vertexModels>},
    ClientOperation{"native_get_vertex_model", nativeErrors, get<vertexModels>},
};

}  // namespace

const ClientOperation* clientOperation(std::string_view name) {
  const auto found = std::ranges::find(kOperations, name, &ClientOperation::name);
  return found == kOperations.end() ? nullptr : &*found;
}

}  // namespace rondo::gateway
