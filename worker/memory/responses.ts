// The responses that a client has stored.
import { invalid, notKept } from '../errors.ts';
import { isResponse, seedOf } from './ids.ts';
import { checkInclude } from './include.ts';
import { keptItems } from './items.ts';
import type { Memory } from './memory.ts';
import { paged, readPaging } from './pages.ts';
import { type ResponseRecord, readResponse, responseBody } from './records.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked } from './service.ts';

const found = async (memory: Memory, id: string): Promise<ResponseRecord> => {
  const value = isResponse(id) ? await memory.get(id) : undefined;
  return value ? readResponse(value) : refuse(notKept('Response', id, 'response_id'));
};

const idOf = ({ params }: Asked): string => params.id ?? '';

export const getResponse: Answer = async (asked) => {
  checkInclude(asked.query);
  const record = await found(asked.memory, idOf(asked));
  if (asked.query.get('stream') === 'true') {
    const words = "only a response that was made with 'background: true' can be streamed again";
    return refuse(invalid('stream', words, 'unsupported_parameter'));
  }
  return responseBody(record);
};

export const deleteResponse: Answer = async (asked) => {
  const id = idOf(asked);
  const wasThere = isResponse(id) && (await asked.memory.erase(id));
  return wasThere
    ? { id, object: 'response', deleted: true }
    : refuse(notKept('Response', id, 'response_id'));
};

/** Nothing runs in the background, so there is nothing that could be cancelled. */
export const cancelResponse: Answer = async (asked) => {
  await found(asked.memory, idOf(asked));
  const words = "only a response that was made with 'background: true' can be cancelled";
  return refuse(invalid('response_id', words, 'response_not_cancellable'));
};

/** What it was asked, the turns before it included. */
export const listInputItems: Answer = async (asked) => {
  checkInclude(asked.query);
  const id = idOf(asked);
  const paging = readPaging(asked.query, 'desc');
  const { inputs } = await found(asked.memory, id);
  return paged(keptItems([{ seed: seedOf(id), items: inputs }]), paging);
};
