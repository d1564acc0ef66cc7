// One conversation in each dialect, as a client of that dialect carries it on: what the model said
// goes back as it came.
import type { Json, JsonObject } from '../../scripts/googlestub/json.ts';
import type { Rondo } from './rondo.ts';

export interface Function {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonObject;
}

export interface Start {
  readonly model: string;
  readonly system: string;
  readonly user: string;
  readonly functions: readonly Function[];
}

export interface Said {
  readonly id: string;
  readonly name: string;
  readonly args: Json;
}

/** What one answer says, in no dialect. */
export interface Turn {
  readonly text: string;
  readonly thoughts: string;
  readonly calls: readonly Said[];
  readonly input: number;
  readonly output: number;
}

export interface Dialect {
  readonly name: string;
  /** Asks, and goes on from what was said as often as there are calls. Each call's result is `ok`. */
  converse(rondo: Rondo, start: Start): Promise<Turn[]>;
}

type Objects = readonly JsonObject[];

const post = async (rondo: Rondo, path: string, body: JsonObject): Promise<JsonObject> => {
  const answer = await rondo.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const told = (await answer.json()) as JsonObject;
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(told)}`);
  return told;
};

/** How a dialect asks, what its answer says, and what goes into the next request. */
interface Grammar {
  readonly path: string;
  first(start: Start): JsonObject;
  readonly history: 'messages' | 'input';
  read(answer: JsonObject): Turn;
  next(answer: JsonObject, turn: Turn): Objects;
}

const mostSteps = 8;

const speaking = (name: string, grammar: Grammar): Dialect => ({
  name,
  async converse(rondo, start) {
    const turns: Turn[] = [];
    let body = grammar.first(start);
    while (turns.length < mostSteps) {
      const answer = await post(rondo, grammar.path, body);
      const turn = grammar.read(answer);
      turns.push(turn);
      if (turn.calls.length === 0) return turns;
      const history = body[grammar.history] as Objects;
      body = { ...body, [grammar.history]: [...history, ...grammar.next(answer, turn)] };
    }
    throw new Error(`${name} finds no end`);
  },
});

const textsOf = (items: Objects, type: string, field: string): string =>
  items
    .filter((item) => item.type === type)
    .map((item) => String(item[field]))
    .join('');

const result = 'ok';

const chat = speaking('chat completions', {
  path: '/v1/chat/completions',
  history: 'messages',
  first: ({ model, system, user, functions }) => ({
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
    tools: functions.map((each) => ({ type: 'function', function: { ...each } })),
  }),
  read(answer) {
    const [choice] = answer.choices as Objects;
    const message = (choice?.message ?? {}) as JsonObject;
    const usage = answer.usage as JsonObject;
    const calls = (message.tool_calls ?? []) as Objects;
    return {
      text: String(message.content ?? ''),
      thoughts: String(message.reasoning_content ?? ''),
      calls: calls.map((call) => {
        const named = call.function as JsonObject;
        const args = JSON.parse(String(named.arguments)) as Json;
        return { id: String(call.id), name: String(named.name), args };
      }),
      input: Number(usage.prompt_tokens),
      output: Number(usage.completion_tokens),
    };
  },
  next(answer, { calls }) {
    const [choice] = answer.choices as Objects;
    return [
      choice?.message as JsonObject,
      ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: result })),
    ];
  },
});

const responses = speaking('Responses', {
  path: '/v1/responses',
  history: 'input',
  first: ({ model, system, user, functions }) => ({
    model,
    instructions: system,
    input: [{ role: 'user', content: user }],
    tools: functions.map((each) => ({ type: 'function', ...each })),
    store: false,
    include: ['reasoning.encrypted_content'],
  }),
  read(answer) {
    const items = answer.output as Objects;
    const usage = answer.usage as JsonObject;
    const content = items.flatMap((item) => (item.content ?? []) as Objects);
    const summaries = items.flatMap((item) => (item.summary ?? []) as Objects);
    return {
      text: textsOf(content, 'output_text', 'text'),
      thoughts: textsOf(summaries, 'summary_text', 'text'),
      calls: items
        .filter(({ type }) => type === 'function_call')
        .map((call) => ({
          id: String(call.call_id),
          name: String(call.name),
          args: JSON.parse(String(call.arguments)) as Json,
        })),
      input: Number(usage.input_tokens),
      output: Number(usage.output_tokens),
    };
  },
  next: (answer, { calls }) => [
    ...(answer.output as Objects),
    ...calls.map(({ id }) => ({ type: 'function_call_output', call_id: id, output: result })),
  ],
});

const messages = speaking('Messages', {
  path: '/v1/messages',
  history: 'messages',
  first: ({ model, system, user, functions }) => ({
    model,
    system,
    max_tokens: 4096,
    messages: [{ role: 'user', content: user }],
    tools: functions.map(({ parameters, ...named }) => ({ ...named, input_schema: parameters })),
  }),
  read(answer) {
    const blocks = answer.content as Objects;
    const usage = answer.usage as JsonObject;
    return {
      text: textsOf(blocks, 'text', 'text'),
      thoughts: textsOf(blocks, 'thinking', 'thinking'),
      calls: blocks
        .filter(({ type }) => type === 'tool_use')
        .map((call) => ({
          id: String(call.id),
          name: String(call.name),
          args: (call.input ?? null) as Json,
        })),
      input: Number(usage.input_tokens) + Number(usage.cache_read_input_tokens ?? 0),
      output: Number(usage.output_tokens),
    };
  },
  next: (answer, { calls }) => [
    { role: 'assistant', content: answer.content ?? [] },
    {
      role: 'user',
      content: calls.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: result })),
    },
  ],
});

export const dialects: readonly Dialect[] = [chat, responses, messages];
