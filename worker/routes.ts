import type { TakesBody } from './core/core.ts';

type Method = 'GET' | 'POST' | 'DELETE';
/** Method, path, the module's operation that answers it, and whether that takes a body. */
export type Route = readonly [method: Method, path: string, operation: string, TakesBody];

/** What the module answers, but for Google's own dialect (google/address.ts). */
export const routes = [
  ['POST', '/v1/chat/completions', 'chat_completions', 'body'],
  ['POST', '/v1/messages', 'messages', 'body'],
  ['POST', '/v1/messages/count_tokens', 'count_message_tokens', 'body'],
  ['POST', '/v1/responses', 'responses', 'body'],
  ['POST', '/v1/responses/input_tokens', 'count_response_tokens', 'body'],
  ['POST', '/v1/responses/compact', 'compact_response', 'body'],
  ['POST', '/v1/embeddings', 'embeddings', 'body'],
  ['POST', '/v1/images/generations', 'make_images', 'body'],
  ['POST', '/v1/images/edits', 'edit_images', 'form'],
  ['POST', '/v1/audio/speech', 'speak', 'body'],
  ['POST', '/v1/audio/transcriptions', 'transcribe', 'form'],
  ['POST', '/v1/audio/translations', 'translate_speech', 'form'],
  ['POST', '/v1/files', 'create_file', 'form'],
  ['GET', '/v1/files', 'list_files', 'no body'],
  ['GET', '/v1/files/:id', 'get_file', 'no body'],
  ['DELETE', '/v1/files/:id', 'delete_file', 'no body'],
  ['GET', '/v1/files/:id/content', 'file_content', 'no body'],
  ['GET', '/v1/models', 'list_models', 'no body'],
  ['GET', '/v1/models/:id{.+}', 'get_model', 'no body'],
  ['GET', '/health', 'health', 'no body'],
  ['GET', '/metrics', 'metrics', 'no body'],
  ['GET', '/admin/api/pool', 'pool_status', 'no body'],
  ['GET', '/admin/api/explain', 'explain_model', 'no body'],
  ['GET', '/admin/api/requests', 'recent_requests', 'no body'],
  ['GET', '/admin/api/series', 'counters_series', 'no body'],
  ['GET', '/admin/api/settings', 'settings_report', 'no body'],
  ['POST', '/admin/api/credentials/:credential/reset', 'reset_credential', 'no body'],
  ['POST', '/admin/api/credentials/:credential/test', 'test_credential', 'no body'],
  ['POST', '/admin/api/credentials/:credential/chat', 'chat_completions', 'body'],
  ['POST', '/admin/api/chat', 'chat_completions', 'body'],
] as const satisfies readonly Route[];
