// Requests made to hurt: each is passed on or refused in bounded time and memory, and the module
// goes on.
import { describe, expect, test } from 'vitest';
import { startWarm } from '../support/conversation.ts';

const model = 'gemini-2.5-flash';
const hello = '[{"role":"user","content":"Hello"}]';
const megabyte = 1024 * 1024;

const withSchema = (schema: string): string =>
  `{"model":"${model}","messages":${hello},"tools":[{"type":"function","function":` +
  `{"name":"f","parameters":${schema}}}]}`;
const withArguments = (text: string): string =>
  `{"model":"${model}","messages":[{"role":"user","content":"x"},{"role":"assistant","tool_calls":` +
  `[{"id":"c","type":"function","function":{"name":"f","arguments":"${text}"}}]},` +
  `{"role":"tool","tool_call_id":"c","content":"1"}]}`;
const saying = (text: string): string =>
  `{"model":"${model}","messages":[{"role":"user","content":"${text}"}]}`;
const nested = (open: string, inner: string, close: string, levels: number): string =>
  open.repeat(levels) + inner + close.repeat(levels);

const hostile: [string, () => string | Uint8Array][] = [
  ['a schema 90 levels deep', () => withSchema(nested('{"items":', '{}', '}', 90))],
  ['a schema 200 levels deep', () => withSchema(nested('{"items":', '{}', '}', 200))],
  ['a million branches of anyOf', () => withSchema(`{"anyOf":[${'{},'.repeat(1_000_000)}{}]}`)],
  ['a hundred thousand branches', () => withSchema(`{"anyOf":[${'{},'.repeat(100_000)}{}]}`)],
  ['a schema that refers to itself', () => withSchema('{"$ref":"#"}')],
  [
    'references that double at each step',
    () => {
      const steps = Array.from(
        { length: 60 },
        (_, i) => `"d${i}":{"allOf":[{"$ref":"#/$defs/d${i + 1}"},{"$ref":"#/$defs/d${i + 1}"}]}`,
      );
      return withSchema(`{"$ref":"#/$defs/d0","$defs":{${steps.join()},"d60":{"type":"string"}}}`);
    },
  ],
  ['30 MB of arguments', () => withArguments('x'.repeat(30 * megabyte))],
  ['arguments nested without end', () => withArguments('['.repeat(megabyte))],
  ['a lone surrogate', () => saying('\\ud83d')],
  ['surrogates the wrong way round', () => saying('\\ude00\\ud83d')],
  ['bytes that are not UTF-8', () => Uint8Array.from([...Buffer.from(saying('x')), 0xff, 0xfe])],
  ['a key twice', () => `{"model":"a","model":"${model}","messages":${hello}}`],
  ['a name of a megabyte', () => `{"model":"${'m'.repeat(megabyte)}","messages":${hello}}`],
];

describe('the module goes on after', () => {
  test.for(hostile)('%s', async ([, body]) => {
    const machine = await startWarm();
    expect(() => machine.chat(2, body())).not.toThrow();
    const refused = machine.has('respond', 2);
    expect(machine.has('fetch', 2) || refused).toBe(true);
    if (refused) expect([400, 404]).toContain(machine.next('respond', 2).frame.head.status);
    machine.chat(3, saying('Hello'));
    expect(machine.has('fetch', 3)).toBe(true);
  });
});
