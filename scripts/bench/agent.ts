// An agent's history, in each dialect: 400 messages of 1 MB. 100 calls with 1.7 KB of arguments
// each, and 100 results of 2.7 KB that are JSON themselves, full of code.
import { codeOf, textOf, tools } from './texts.ts';

interface Exchange {
  readonly id: string;
  readonly name: string;
  readonly question: string;
  readonly input: object;
  readonly result: string;
  readonly remark: string;
}

const exchangeOf = (index: number): Exchange => ({
  id: `call_${index}`,
  name: `look_up_${index % tools.length}`,
  question: textOf(2150),
  input: {
    path: `src/rows/load_${index}.ts`,
    old_text: codeOf(780),
    new_text: codeOf(720),
    limit: 5,
    replace_all: false,
  },
  result: JSON.stringify({
    ok: true,
    path: `src/rows/load_${index}.ts`,
    took: 12.5,
    content: codeOf(2080),
    matches: Array.from({ length: 4 }, (_, line) => ({ line: line + index, text: codeOf(60) })),
  }),
  remark: textOf(2150),
});

const exchanges = Array.from({ length: 100 }, (_, index) => exchangeOf(index));
const last = 'And now?';

export const chatHistory = {
  messages: [
    ...exchanges.flatMap(({ id, name, question, input, result, remark }) => [
      { role: 'user', content: question },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id, type: 'function', function: { name, arguments: JSON.stringify(input) } },
        ],
      },
      { role: 'tool', tool_call_id: id, content: result },
      { role: 'assistant', content: remark },
    ]),
    { role: 'user', content: last },
  ],
  tools,
};

export const responsesHistory = {
  input: [
    ...exchanges.flatMap(({ id, name, question, input, result, remark }) => [
      { type: 'message', role: 'user', content: question },
      { type: 'function_call', call_id: id, name, arguments: JSON.stringify(input) },
      { type: 'function_call_output', call_id: id, output: result },
      { type: 'message', role: 'assistant', content: remark },
    ]),
    { type: 'message', role: 'user', content: last },
  ],
  tools: tools.map(({ function: tool }) => ({ type: 'function', ...tool })),
  store: false,
};

export const messagesHistory = {
  messages: [
    ...exchanges.flatMap(({ id, name, question, input, result, remark }) => [
      { role: 'user', content: question },
      { role: 'assistant', content: [{ type: 'tool_use', id, name, input }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: result }] },
      { role: 'assistant', content: remark },
    ]),
    { role: 'user', content: last },
  ],
  tools: tools.map(({ function: { parameters, ...tool } }) => ({
    ...tool,
    input_schema: parameters,
  })),
  max_tokens: 4096,
};
