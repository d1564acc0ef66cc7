#pragma once

#include <string>
#include <string_view>

namespace rondo::credentials {

// What a model is asked to do. Predicting: by the verb of models that do neither, and of those that
// embed. Counting: tokens, for which there is a quota of its own. Storing: it is a collection of
// what is stored at Google's, and no model.
enum class ModelUse { Generating, Embedding, Predicting, Counting, Storing };

// The name under which the pool keeps what it knows of a model in that use: the model's own, unless
// that speaks of another use. Google says of a model that it can't embed, or can do nothing else,
// what it says of one that isn't there; and whoever asks a chat model for a vector must not keep
// others from chatting with it.
std::string nameInUse(std::string_view model, ModelUse use);

// The model's own name.
std::string_view modelOf(std::string_view name);

// What a client is told of it: "the model `gemini-3.8-flash`", "`files`", or "`interactions` of the
// model `gemini-3.8-flash`".
std::string toldAs(std::string_view name);

// What a credential's `models` are to allow: the model, or of what is stored the collection alone,
// "interactions" of "interactions of gemini-3.8-flash at Google".
std::string_view allowedAs(std::string_view name);

}  // namespace rondo::credentials
