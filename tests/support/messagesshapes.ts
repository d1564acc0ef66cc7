// The answers under /v1/messages, and those under /v1/models to Anthropic's clients, as the types of
// Anthropic's SDK have them. Nothing else may be in them.
import { Ajv, type ValidateFunction } from 'ajv';
import { exactly, list, orNull, type Schema } from './shapes.ts';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const nothing = { type: 'null' };
const id = (prefix: string): Schema => ({ type: 'string', pattern: `^${prefix}[a-zA-Z0-9_-]+$` });
const tagged = (type: string, properties: Schema, optional: Schema = {}): Schema =>
  exactly({ type: { const: type }, ...properties }, optional);
const anyOf = (...schemas: Schema[]): Schema => ({ anyOf: schemas });

const citation = tagged('web_search_result_location', {
  url: text,
  title: orNull(text),
  cited_text: text,
  encrypted_index: text,
});
const caller = tagged('direct', {});
const found = tagged('web_search_result', {
  url: text,
  title: text,
  encrypted_content: text,
  page_age: orNull(text),
});
const use = { name: text, input: { type: 'object' }, caller };
const ran = tagged('code_execution_result', {
  stdout: text,
  stderr: text,
  return_code: { type: 'integer' },
  content: { ...list(text), maxItems: 0 },
});

const block = anyOf(
  tagged('text', { text, citations: orNull({ ...list(citation), minItems: 1 }) }),
  tagged('thinking', { thinking: text, signature: text }),
  tagged('tool_use', { ...use, id: id('') }),
  tagged('server_tool_use', { ...use, id: id('srvtoolu_') }),
  tagged('web_search_tool_result', { tool_use_id: id('srvtoolu_'), caller, content: list(found) }),
  tagged('code_execution_tool_result', { tool_use_id: id('srvtoolu_'), content: ran }),
);

const counts = {
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens_details: exactly({ thinking_tokens: count }),
  server_tool_use: orNull(exactly({ web_fetch_requests: count, web_search_requests: count })),
};
const usage = exactly({
  ...counts,
  cache_creation: exactly({ ephemeral_1h_input_tokens: count, ephemeral_5m_input_tokens: count }),
  inference_geo: nothing,
  service_tier: nothing,
  speed: nothing,
});
const reason = { enum: ['end_turn', 'max_tokens', 'tool_use', 'refusal'] };
const stop = {
  stop_reason: reason,
  stop_sequence: nothing,
  stop_details: orNull(tagged('refusal', { category: nothing, explanation: nothing })),
};
const begun = { stop_reason: nothing, stop_sequence: nothing, stop_details: nothing };
const message = (content: Schema, ending: Schema): Schema =>
  tagged('message', {
    id: id('msg_'),
    role: { const: 'assistant' },
    model: text,
    container: nothing,
    diagnostics: nothing,
    content,
    usage,
    ...ending,
  });

const types = [
  'invalid_request_error',
  'authentication_error',
  'permission_error',
  'not_found_error',
  'request_too_large',
  'rate_limit_error',
  'api_error',
  'timeout_error',
  'overloaded_error',
];
const details = exactly({
  error_code: { const: 'thread_unsupported_request' },
  unsupported: list(text),
});
const error = tagged('error', {
  error: exactly({ type: { enum: types }, message: { type: 'string', minLength: 1 } }, { details }),
  request_id: orNull(id('req_')),
});

const delta = anyOf(
  tagged('text_delta', { text }),
  tagged('thinking_delta', { thinking: text }),
  tagged('signature_delta', { signature: { type: 'string', minLength: 1 } }),
  tagged('input_json_delta', { partial_json: text }),
  tagged('citations_delta', { citation }),
);
const model = tagged('model', {
  id: text,
  display_name: text,
  created_at: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
  lifecycle: { const: 'active' },
  line: nothing,
  deprecated_at: nothing,
  retires_at: nothing,
  max_input_tokens: nothing,
  max_tokens: nothing,
  capabilities: nothing,
});

const index = count;
const ajv = new Ajv({ allowUnionTypes: true });
const shapes: Readonly<Record<string, ValidateFunction>> = {
  message: ajv.compile(message(list(block), stop)),
  error: ajv.compile(error),
  model: ajv.compile(model),
  list: ajv.compile(
    exactly({
      data: list(model),
      has_more: { type: 'boolean' },
      first_id: orNull(text),
      last_id: orNull(text),
    }),
  ),
  count: ajv.compile(exactly({ input_tokens: count })),
};
const events: Readonly<Record<string, ValidateFunction>> = {
  message_start: ajv.compile(
    tagged('message_start', { message: message({ ...list(block), maxItems: 0 }, begun) }),
  ),
  content_block_start: ajv.compile(tagged('content_block_start', { index, content_block: block })),
  content_block_delta: ajv.compile(tagged('content_block_delta', { index, delta })),
  content_block_stop: ajv.compile(tagged('content_block_stop', { index })),
  message_delta: ajv.compile(
    tagged('message_delta', {
      delta: exactly({ ...stop, container: nothing }),
      usage: exactly(counts),
    }),
  ),
  message_stop: ajv.compile(tagged('message_stop', {})),
  ping: ajv.compile(tagged('ping', {})),
  error: ajv.compile(error),
};

type Data = Record<string, unknown>;

function faultOf(valid: ValidateFunction | undefined, data: Data): string[] {
  if (!valid) return [`of no known type: ${JSON.stringify(data)}`];
  if (valid(data)) return [];
  return [`not a shape of Anthropic's: ${ajv.errorsText(valid.errors)} in ${JSON.stringify(data)}`];
}

function shapeOf(body: Data): string {
  if (typeof body.type === 'string') return body.type;
  return 'input_tokens' in body ? 'count' : 'list';
}

export interface StreamEvent {
  readonly event: string;
  readonly data: Data;
}

/** The events of a stream, in order. */
export function streamEvents(body: string): StreamEvent[] {
  const pieces = body.split('\n\n');
  if (pieces.pop() !== '') throw new Error(`the last event has no end: ${body.slice(-200)}`);
  return pieces.map((piece) => {
    const [, event = '', data = ''] = /^event: (\w+)\ndata: (.+)$/.exec(piece) ?? [];
    if (!event) throw new Error(`not an event with a name: ${piece}`);
    return { event, data: JSON.parse(data) as Data };
  });
}

/** Which deltas a block of a type takes. */
const deltasOf: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  server_tool_use: ['input_json_delta'],
};

/** Walks over a stream as Anthropic's clients do when they put a message together. */
class OrderChecker {
  readonly faults: string[] = [];
  #state: 'new' | 'open' | 'told' | 'over' = 'new';
  #blocks = 0;
  #block: string | undefined;
  #isSigned = false;

  take({ event, data }: StreamEvent): void {
    if (event !== data.type) this.#fault(`${event} is called ${data.type}`);
    if (event === 'ping') return;
    if (this.#state === 'over') this.#fault(`${event} after the end`);
    if (event === 'error') this.#state = 'over';
    else if (event === 'message_start') this.#move('new', 'open', event);
    else if (event === 'message_delta') this.#move('open', 'told', event);
    else if (event === 'message_stop') this.#move('told', 'over', event);
    else this.#takeBlock(event, data);
  }

  end(): string[] {
    if (this.#state !== 'over') this.#fault('the stream has no end');
    return this.faults;
  }

  #takeBlock(event: string, data: Data): void {
    if (this.#state !== 'open') this.#fault(`${event} outside of a message`);
    if (event === 'content_block_start') {
      if (this.#block !== undefined) this.#fault('a block begins within another');
      this.#block = String((data.content_block as Data).type);
      this.#isSigned = false;
      this.#blocks += 1;
    }
    if (this.#block === undefined) this.#fault(`${event} outside of a block`);
    if (data.index !== this.#blocks - 1) this.#fault(`${event} of another block`);
    if (event === 'content_block_delta') this.#takeDelta(String((data.delta as Data).type));
    if (event === 'content_block_stop') this.#block = undefined;
  }

  #takeDelta(type: string): void {
    if (!deltasOf[this.#block ?? '']?.includes(type)) this.#fault(`${type} in a ${this.#block}`);
    if (this.#isSigned) this.#fault(`${type} behind a signature`);
    this.#isSigned = type === 'signature_delta';
  }

  #move(from: string, to: 'open' | 'told' | 'over', event: string): void {
    if (this.#state !== from || this.#block !== undefined) this.#fault(`${event} out of order`);
    this.#state = to;
  }

  #fault(text: string): void {
    this.faults.push(text);
  }
}

/** The faults of a whole body, be it JSON or a stream of events. */
export function messageFaultsOf(body: string, contentType: string): string[] {
  if (!contentType.startsWith('text/event-stream')) {
    const data = JSON.parse(body) as Data;
    return faultOf(shapes[shapeOf(data)], data);
  }
  const order = new OrderChecker();
  const all = streamEvents(body);
  for (const event of all) order.take(event);
  return [...all.flatMap(({ event, data }) => faultOf(events[event], data)), ...order.end()];
}
