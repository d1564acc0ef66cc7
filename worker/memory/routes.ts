import {
  deleteCompletion,
  getCompletion,
  listCompletions,
  listMessages,
  updateCompletion,
} from './completions.ts';
import {
  createConversation,
  createItems,
  deleteConversation,
  deleteItem,
  getConversation,
  getItem,
  listItems,
  updateConversation,
} from './conversations.ts';
import { cancelResponse, deleteResponse, getResponse, listInputItems } from './responses.ts';
import type { Answer } from './service.ts';

/** Method, path, what the log calls it, and who answers it. */
export type StoredRoute = readonly [
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  operation: string,
  Answer,
];

/** What is answered out of a client's memory, without the module. */
export const storedRoutes = [
  ['GET', '/v1/responses/:id', 'get_response', getResponse],
  ['DELETE', '/v1/responses/:id', 'delete_response', deleteResponse],
  ['GET', '/v1/responses/:id/input_items', 'list_input_items', listInputItems],
  ['POST', '/v1/responses/:id/cancel', 'cancel_response', cancelResponse],
  ['GET', '/v1/chat/completions', 'list_completions', listCompletions],
  ['GET', '/v1/chat/completions/:id', 'get_completion', getCompletion],
  ['POST', '/v1/chat/completions/:id', 'update_completion', updateCompletion],
  ['DELETE', '/v1/chat/completions/:id', 'delete_completion', deleteCompletion],
  ['GET', '/v1/chat/completions/:id/messages', 'list_messages', listMessages],
  ['POST', '/v1/conversations', 'create_conversation', createConversation],
  ['GET', '/v1/conversations/:id', 'get_conversation', getConversation],
  ['POST', '/v1/conversations/:id', 'update_conversation', updateConversation],
  ['DELETE', '/v1/conversations/:id', 'delete_conversation', deleteConversation],
  ['GET', '/v1/conversations/:id/items', 'list_items', listItems],
  ['POST', '/v1/conversations/:id/items', 'create_items', createItems],
  ['GET', '/v1/conversations/:id/items/:item', 'get_item', getItem],
  ['DELETE', '/v1/conversations/:id/items/:item', 'delete_item', deleteItem],
] as const satisfies readonly StoredRoute[];
