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

export type StoredRoute = readonly [method: 'GET' | 'POST' | 'DELETE', path: string, Answer];

/** What is answered out of a client's memory, without the module. */
export const storedRoutes = [
  ['GET', '/v1/responses/:id', getResponse],
  ['DELETE', '/v1/responses/:id', deleteResponse],
  ['GET', '/v1/responses/:id/input_items', listInputItems],
  ['POST', '/v1/responses/:id/cancel', cancelResponse],
  ['GET', '/v1/chat/completions', listCompletions],
  ['GET', '/v1/chat/completions/:id', getCompletion],
  ['POST', '/v1/chat/completions/:id', updateCompletion],
  ['DELETE', '/v1/chat/completions/:id', deleteCompletion],
  ['GET', '/v1/chat/completions/:id/messages', listMessages],
  ['POST', '/v1/conversations', createConversation],
  ['GET', '/v1/conversations/:id', getConversation],
  ['POST', '/v1/conversations/:id', updateConversation],
  ['DELETE', '/v1/conversations/:id', deleteConversation],
  ['GET', '/v1/conversations/:id/items', listItems],
  ['POST', '/v1/conversations/:id/items', createItems],
  ['GET', '/v1/conversations/:id/items/:item', getItem],
  ['DELETE', '/v1/conversations/:id/items/:item', deleteItem],
] as const satisfies readonly StoredRoute[];
