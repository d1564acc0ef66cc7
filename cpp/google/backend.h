#pragma once

namespace rondo::google {

// The two services that speak generateContent: Vertex AI (aiplatform.googleapis.com) and the Gemini
// API (generativelanguage.googleapis.com).
enum class Backend { Vertex, Gemini };

}  // namespace rondo::google
