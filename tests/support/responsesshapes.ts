// The answers and events of `POST /v1/responses` and its neighbours, as the types of the openai
// package have them. Nothing else may be in them.
import { Ajv } from 'ajv';

type Schema = Record<string, unknown>;

const text = { type: 'string' };
const some = { type: 'string', minLength: 1 };
const count = { type: 'integer', minimum: 0 };
const any = {};

const exactly = (properties: Schema, optional: Schema = {}): Schema => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties),
  additionalProperties: false,
});
const list = (items: Schema): Schema => ({ type: 'array', items });
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });

const score = { token: text, logprob: { type: 'number' }, bytes: list(count) };
const logprobs = list(exactly({ ...score, top_logprobs: list(exactly(score)) }));
const annotation = exactly({
  type: { const: 'url_citation' },
  start_index: count,
  end_index: count,
  url: text,
  title: text,
});
const outputText = exactly({
  type: { const: 'output_text' },
  text,
  annotations: list(annotation),
  logprobs,
});
const part = { anyOf: [outputText, exactly({ type: { const: 'refusal' }, refusal: text })] };
const summaryPart = exactly({ type: { const: 'summary_text' }, text });

const item = (type: string, properties: Schema, optional: Schema = {}): Schema =>
  exactly({ id: some, type: { const: type }, ...properties }, optional);
const status = { enum: ['in_progress', 'completed', 'incomplete'] };
const called = { status, call_id: some };
const named = { ...called, name: some };
const namespaced = { namespace: some };
const integerOrNull = { type: ['integer', 'null'] };

const outputItem = {
  anyOf: [
    item('reasoning', { summary: list(summaryPart) }, { encrypted_content: some }),
    item('message', { status, role: { const: 'assistant' }, content: list(part) }),
    item('function_call', { ...named, arguments: text }, namespaced),
    item('custom_tool_call', { ...named, input: text }, namespaced),
    item('tool_search_call', {
      ...called,
      arguments: { type: 'object' },
      execution: { const: 'client' },
    }),
    item('local_shell_call', { ...called, action: { type: 'object', required: ['command'] } }),
    item('shell_call', {
      ...called,
      action: exactly({
        commands: list(text),
        timeout_ms: integerOrNull,
        max_output_length: integerOrNull,
      }),
      environment: exactly({ type: { const: 'local' } }),
    }),
    item('apply_patch_call', {
      ...called,
      operation: { type: 'object', required: ['type', 'path'] },
    }),
    item('web_search_call', {
      status,
      action: exactly(
        { type: { const: 'search' }, query: text, queries: list(text) },
        { sources: list(exactly({ type: { const: 'url' }, url: text })) },
      ),
    }),
    item('code_interpreter_call', {
      status: { enum: [...status.enum, 'failed'] },
      code: text,
      container_id: some,
      outputs: orNull(list(exactly({ type: { const: 'logs' }, logs: text }))),
    }),
    item('image_generation_call', { status, result: orNull(text), output_format: some }),
  ],
};

const usage = exactly({
  input_tokens: count,
  input_tokens_details: exactly({ cached_tokens: count, cache_write_tokens: count }),
  output_tokens: count,
  output_tokens_details: exactly({ reasoning_tokens: count }),
  total_tokens: count,
});

const reason = { enum: ['max_output_tokens', 'content_filter'] };
const echoed = Object.fromEntries(
  [
    ...['instructions', 'max_output_tokens', 'max_tool_calls', 'metadata', 'parallel_tool_calls'],
    ...['prompt_cache_key', 'safety_identifier', 'service_tier', 'temperature', 'tool_choice'],
    ...['top_logprobs', 'top_p', 'truncation', 'user'],
  ].map((name) => [name, any]),
);
const ofResponseItself = {
  id: { type: 'string', pattern: '^resp_.' },
  object: { const: 'response' },
  created_at: count,
  status: { enum: ['in_progress', 'completed', 'incomplete', 'failed'] },
  error: orNull(exactly({ code: some, message: some })),
  incomplete_details: orNull(exactly({ reason })),
  model: text,
  output: list(outputItem),
  usage: orNull(usage),
  access_programs: { type: 'null' },
  ...echoed,
  tools: { type: 'array' },
  background: { const: false },
  previous_response_id: { type: ['string', 'null'] },
  store: { type: 'boolean' },
  reasoning: exactly({ effort: any, summary: any }),
  text: exactly({ format: { type: 'object' }, verbosity: text }),
};
const response = exactly(ofResponseItself, { conversation: exactly({ id: some }) });

const compaction = exactly({
  id: some,
  object: { const: 'response.compaction' },
  created_at: count,
  output: list({
    anyOf: [
      item('message', { status, role: { const: 'user' }, content: { type: 'array' } }),
      item('compaction', { encrypted_content: some }),
    ],
  }),
  usage,
});
const inputTokens = exactly({ object: { const: 'response.input_tokens' }, input_tokens: count });

const ofResponse = { response };
const atOutput = { output_index: count };
const ofItem = { item_id: some, ...atOutput };
const ofContent = { ...ofItem, content_index: count };
const ofSummary = { ...ofItem, summary_index: count };
const events: Record<string, Schema> = {
  created: ofResponse,
  in_progress: ofResponse,
  completed: ofResponse,
  incomplete: ofResponse,
  failed: ofResponse,
  'output_item.added': { ...atOutput, item: outputItem },
  'output_item.done': { ...atOutput, item: outputItem },
  'content_part.added': { ...ofContent, part },
  'content_part.done': { ...ofContent, part },
  'output_text.delta': { ...ofContent, delta: text, logprobs },
  'output_text.done': { ...ofContent, text, logprobs },
  'output_text.annotation.added': { ...ofContent, annotation_index: count, annotation },
  'refusal.delta': { ...ofContent, delta: text },
  'refusal.done': { ...ofContent, refusal: text },
  'reasoning_summary_part.added': { ...ofSummary, part: summaryPart },
  'reasoning_summary_part.done': { ...ofSummary, part: summaryPart },
  'reasoning_summary_text.delta': { ...ofSummary, delta: text },
  'reasoning_summary_text.done': { ...ofSummary, text },
  'function_call_arguments.delta': { ...ofItem, delta: text },
  'function_call_arguments.done': { ...ofItem, name: some, arguments: text },
  'custom_tool_call_input.delta': { ...ofItem, delta: text },
  'custom_tool_call_input.done': { ...ofItem, input: text },
  'code_interpreter_call_code.delta': { ...ofItem, delta: text },
  'code_interpreter_call_code.done': { ...ofItem, code: text },
};
for (const kind of ['web_search_call', 'code_interpreter_call', 'image_generation_call']) {
  for (const step of ['in_progress', 'searching', 'interpreting', 'generating', 'completed']) {
    events[`${kind}.${step}`] = ofItem;
  }
}

const ajv = new Ajv({ allowUnionTypes: true });
const objects = new Map(
  Object.entries({
    response,
    'response.compaction': compaction,
    'response.input_tokens': inputTokens,
  }).map(([name, schema]) => [name, ajv.compile(schema)]),
);
const isEvent = new Map(
  Object.entries(events).map(([name, properties]) => {
    const type = `response.${name}`;
    const schema = exactly({ type: { const: type }, sequence_number: count, ...properties });
    return [type, ajv.compile(schema)];
  }),
);

/** Whether an object is one of those that are judged here. */
export const isResponseObject = (object: unknown): boolean => objects.has(String(object));

/** What is wrong with such a body; nothing when all is well. */
export function responseFault(body: Record<string, unknown>): string | undefined {
  const isValid = objects.get(String(body.object));
  if (isValid?.(body)) return undefined;
  return `not the shape of ${body.object}: ${ajv.errorsText(isValid?.errors)} in ${JSON.stringify(body)}`;
}

interface Told {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index?: number;
  readonly item_id?: string;
  readonly item?: { readonly id: string };
  readonly response?: { readonly id: string; readonly output: readonly { readonly id: string }[] };
}

/** What is wrong with a whole stream: the shapes of its events, and their order. */
export function responseStreamFaults(body: string): string[] {
  const blocks = body.split('\n\n').filter((block) => block.startsWith('event: response.'));
  const told = blocks.map(
    (block) => JSON.parse(block.slice(block.indexOf('\ndata: ') + 7)) as Told,
  );
  const shapes = told.flatMap((event) => {
    const isValid = isEvent.get(event.type);
    if (isValid?.(event)) return [];
    return [
      `not the shape of ${event.type}: ${ajv.errorsText(isValid?.errors)} in ${JSON.stringify(event)}`,
    ];
  });
  return [...shapes, ...orderFaults(told)];
}

/** The rules by which the SDK puts a response together. */
function orderFaults(told: readonly Told[]): string[] {
  const faults: string[] = [];
  const added: string[] = [];
  const done = new Set<string>();
  for (const [index, event] of told.entries()) {
    const fault = (what: string) => faults.push(`${what}: ${JSON.stringify(event)}`);
    if (event.sequence_number !== index) fault(`number ${index} is missing`);
    if (event.response && event.response.id !== told[0]?.response?.id) fault('another response');
    const { output_index: at, item } = event;
    if (at === undefined) continue;
    if (event.type === 'response.output_item.added') {
      if (at !== added.length) fault('an item out of its turn');
      added.push(item?.id ?? '');
    } else if ((item?.id ?? event.item_id) !== added[at]) {
      fault('an item that was not added');
    }
    if (event.type === 'response.output_item.done') done.add(added[at] ?? '');
  }
  const last = told.at(-1);
  if (told[0]?.type !== 'response.created') faults.push('no response.created comes first');
  if (!/^response\.(completed|incomplete|failed)$/.test(last?.type ?? '')) faults.push('no end');
  if (added.some((id) => !done.has(id))) faults.push('an item is not done');
  const final = last?.response?.output.map(({ id }) => id) ?? [];
  if (final.join() !== added.join()) faults.push(`other items at the end: ${final}, not ${added}`);
  return faults;
}
