// OpenAI's responses, whole and as a stream, as its SDK reads them.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { callsOf, failed, lastRequest, model } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const post = (path: string, body: object): Promise<Response> =>
  rondo.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const parameters = { type: 'object', properties: { tz: { type: 'string' } } };
const tools = [
  { type: 'function' as const, name: 'get_time', strict: false, parameters, description: 'Tells.' },
];

describe('a response', () => {
  test('is what the SDK reads', async () => {
    const response = await rondo.openai.responses.create({ model, input: 'Hello' });
    expect(response.status).toBe('completed');
    expect(response.output_text).toBe('You said: Hello');
    expect(response.usage?.total_tokens).toBeGreaterThan(0);
    expect(response).toMatchObject({ object: 'response', model, store: false });
  });

  test('comes as a stream that the SDK puts together', async () => {
    const stream = rondo.openai.responses.stream({ model, input: 'Hello, you and all the world' });
    const response = await stream.finalResponse();
    expect(response.output_text).toBe('You said: Hello, you and all the world');
  });

  test('has its instructions before its input', async () => {
    await rondo.openai.responses.create({ model, instructions: 'Be kind.', input: 'Hello' });
    expect(lastRequest(google)).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be kind.' }] },
    });
  });

  test('carries the signature of a call to the next request', async () => {
    const input = [{ role: 'user' as const, content: 'get_time({"tz":"UTC"})' }];
    const first = await rondo.openai.responses.create({ model, input, tools, store: false });
    const called = first.output.find(({ type }) => type === 'function_call');
    if (called?.type !== 'function_call') throw new Error('no call was made');
    await rondo.openai.responses.create({
      model,
      tools,
      store: false,
      input: [
        ...input,
        ...(first.output as never[]),
        { type: 'function_call_output', call_id: called.call_id, output: '10:00' },
      ],
    });
    const contents = lastRequest(google).contents as { parts: JsonObject[] }[];
    expect(contents[1]?.parts[0]?.thoughtSignature).toMatch(/.{40}/);
  });
});

describe('beside responses', () => {
  test('tokens of an input are counted', async () => {
    const { object, input_tokens } = await rondo.openai.responses.inputTokens.count({
      model,
      input: 'Hello',
    });
    expect(object).toBe('response.input_tokens');
    expect(input_tokens).toBeGreaterThan(0);
  });

  test('a conversation is compacted, and goes on', async () => {
    const { output } = await rondo.openai.responses.compact({ model, input: 'Hello' });
    expect(output.map(({ type }) => type)).toEqual(['message', 'compaction']);
    const input = [...(output as never[]), { role: 'user' as const, content: 'Go on' }];
    await rondo.openai.responses.create({ model, input });
    expect(JSON.stringify(lastRequest(google))).toContain('replaced by this summary');
  });

  test.for([
    ['GET', '/v1/responses/resp_1'],
    ['DELETE', '/v1/responses/resp_1'],
    ['GET', '/v1/responses/resp_1/input_items'],
    ['POST', '/v1/responses/resp_1/cancel'],
  ] as const)('%s %s finds nothing', async ([method, path]) => {
    const { status, error } = await failed(rondo.fetch(path, { method }));
    expect(status).toBe(404);
    expect(error.code).toBe('response_not_found');
  });
});

describe('what needs a store', () => {
  test.for([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ conversation: 'conv_1' }, 'conversation'],
    [{ background: true }, 'background'],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input[0].id'],
  ] as const)('as %j is 400 and names the field', async ([more, param]) => {
    const answer = post('/v1/responses', { model, input: 'Hello', ...more });
    const { status, error } = await failed(answer);
    expect(status).toBe(400);
    expect(error.param).toBe(param);
    expect(callsOf(google)).toEqual([]);
  });
});
