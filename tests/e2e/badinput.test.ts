import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, failed, model, told } from '../support/chat.ts';
import { sendRaw, sendUnended } from '../support/client.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: { ...google.vars(), MAX_BODY_BYTES: '100000' } });
});

beforeEach(() => google.reset());

// Whatever came: the isolate is the same as before and answers.
afterEach(async () => {
  expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
  await expect.poll(() => rondo.events('credential_loaded')).toHaveLength(1);
  expect(rondo.events('module_failed')).toEqual([]);
});

const user = (content: unknown) => ({ model, messages: [{ role: 'user', content }] });
const hello = [{ role: 'user', content: 'Hello' }];

describe('a body that is no request', () => {
  const bodies = [
    ['nothing', ''],
    ['blanks', ' \n '],
    ['no JSON', 'hello'],
    ['JSON that breaks off', '{"model":"gemini-3.8-flash","messages":['],
    ['JSON with something behind it', `${JSON.stringify(ask())}}`],
    ['a number', '42'],
    ['a text', '"hello"'],
    ['null', 'null'],
    ['an array', '[]'],
    ['a NUL', '\u0000'],
    ['a byte order mark alone', '\ufeff'],
    ['objects that nest 100000 deep', '{"a":'.repeat(19_000)],
    ['arrays that nest 50000 deep', '['.repeat(50_000)],
    ['arrays that nest and close', `${'['.repeat(40_000)}${']'.repeat(40_000)}`],
  ] as const;

  test.for(bodies)('of %s is 400', async ([, body]) => {
    const { status, error } = await failed(rondo.chat(body));
    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(google.count({ kind: 'generate' })).toBe(0);
  });

  test('of bytes that are no UTF-8 is 400', async () => {
    const body = Buffer.concat([
      Buffer.from('{"model":"gemini-3.8-flash","messages":[{"role":"user","content":"'),
      Buffer.from([0xff, 0xfe, 0xc3]),
      Buffer.from('"}]}'),
    ]);
    const { status } = await failed(rondo.fetch('/v1/chat/completions', { method: 'POST', body }));
    expect(status).toBe(400);
    expect(google.count({ kind: 'generate' })).toBe(0);
  });
});

describe('a field', () => {
  // What is sent, and the field that the answer blames.
  const faults: [string, object, string][] = [
    ['model is missing', { messages: hello }, 'model'],
    ['model is empty', { model: '', messages: hello }, 'model'],
    ['model is a number', { model: 4, messages: hello }, 'model'],
    ['messages is missing', { model }, 'messages'],
    ['messages is null', { model, messages: null }, 'messages'],
    ['messages is empty', { model, messages: [] }, 'messages'],
    ['messages is a text', { model, messages: 'Hello' }, 'messages'],
    ['messages is an object', { model, messages: {} }, 'messages'],
    ['a message is a text', { model, messages: ['Hello'] }, 'messages[0]'],
    ['a message is null', { model, messages: [...hello, null] }, 'messages[1]'],
    ['a role is missing', { model, messages: [{ content: 'Hello' }] }, 'messages[0].role'],
    [
      'a role is unknown',
      { model, messages: [{ role: 'wizard', content: '' }] },
      'messages[0].role',
    ],
    ['a role is a number', { model, messages: [{ role: 1, content: '' }] }, 'messages[0].role'],
    ['content is missing', { model, messages: [{ role: 'user' }] }, 'messages[0].content'],
    ['content is a number', user(42), 'messages[0].content'],
    ['content is an object', user({ text: 'Hello' }), 'messages[0].content'],
    ['a part is a text', user(['Hello']), 'messages[0].content[0]'],
    ['a part has no type', user([{ text: 'Hello' }]), 'messages[0].content[0].type'],
    ['a part has an unknown type', user([{ type: 'smell' }]), 'messages[0].content[0].type'],
    ['a part has no text', user([{ type: 'text' }]), 'messages[0].content[0].text'],
    [
      'a part has a number for text',
      user([{ type: 'text', text: 1 }]),
      'messages[0].content[0].text',
    ],
    ['stream is a text', ask('', { stream: 'true' }), 'stream'],
    ['stream_options is a list', ask('', { stream: true, stream_options: [] }), 'stream_options'],
    ['temperature is a text', ask('', { temperature: 'hot' }), 'temperature'],
    ['temperature is too high', ask('', { temperature: 2.5 }), 'temperature'],
    ['top_p is negative', ask('', { top_p: -0.1 }), 'top_p'],
    ['max_tokens is zero', ask('', { max_tokens: 0 }), 'max_tokens'],
    ['max_tokens is no whole number', ask('', { max_tokens: 1.5 }), 'max_tokens'],
    ['max_tokens is beyond all numbers', ask('', { max_tokens: 1e300 }), 'max_tokens'],
    [
      'max_completion_tokens is a text',
      ask('', { max_completion_tokens: '5' }),
      'max_completion_tokens',
    ],
    ['n is zero', ask('', { n: 0 }), 'n'],
    ['seed is a text', ask('', { seed: 'x' }), 'seed'],
    ['stop is a number', ask('', { stop: 1 }), 'stop'],
    ['stop holds a number', ask('', { stop: ['a', 1] }), 'stop[1]'],
    ['tools is an object', ask('', { tools: {} }), 'tools'],
    ['response_format is a text', ask('', { response_format: 'json' }), 'response_format'],
    ['reasoning_effort is unknown', ask('', { reasoning_effort: 'huge' }), 'reasoning_effort'],
  ];

  test.for(faults)('is blamed when %s', async ([, body, param]) => {
    const { status, error } = await failed(rondo.chat(body));
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(google.count({ kind: 'generate' })).toBe(0);
  });

  test('is named by the error that the SDK raises', async () => {
    const asked = rondo.openai.chat.completions.create({ model, messages: [] });
    await expect(asked).rejects.toMatchObject({ status: 400, param: 'messages' });
  });
});

describe('a body of very many values', () => {
  test.for([
    ['messages', 400, JSON.stringify({ model, messages: Array(8000).fill(null) })],
    ['empty objects', 200, JSON.stringify({ model, messages: hello, x: Array(30_000).fill({}) })],
    ['keys', 400, `{"model":"${model}",${'"a":1,'.repeat(15_000)}"messages":[]}`],
    ['parts', 200, JSON.stringify(user(Array(3000).fill({ type: 'text', text: 'x' })))],
  ] as const)('as %s is answered with %i', async ([, status, body]) => {
    const answer = await rondo.chat(body);
    expect(answer.status).toBe(status);
    await answer.text();
  });
});

describe('a body over the limit', () => {
  const large = JSON.stringify(ask('x'.repeat(100_000)));

  test('is 413 when its length is told', async () => {
    const { status, error } = await failed(rondo.chat(large));
    expect(status).toBe(413);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 'request_too_large' });
    expect(error.message).toContain('100000');
  });

  test('is 413 when its length is not told', async () => {
    const body = new Blob([large]).stream();
    const { status } = await failed(rondo.chat('', { body, duplex: 'half' } as RequestInit));
    expect(status).toBe(413);
  });

  test('is 413 as soon as it is over, without waiting for its end', async () => {
    expect(await sendUnended(rondo, 100_001)).toBe(413);
  });

  test('by nothing is taken', async () => {
    const room = 100_000 - JSON.stringify(ask('')).length;
    expect(await told(rondo.chat(ask('x'.repeat(room))))).toMatch(/^You said: x/);
    expect((await failed(rondo.chat(ask('x'.repeat(room + 1))))).status).toBe(413);
  });
});

describe('a body of many megabytes, under the usual limit', () => {
  beforeEach(() => google.changeModel(model, { inputTokens: Infinity }));

  const megabyte = 1024 * 1024;
  // The stub would say it all again.
  const brief = {
    candidates: [{ content: { role: 'model', parts: [{ text: 'Long.' }] }, finishReason: 'STOP' }],
  };
  const bodies: [string, number, () => string][] = [
    ['a long text', 200, () => JSON.stringify(ask('x'.repeat(20 * megabyte)))],
    ['a text that fills the limit', 200, () => JSON.stringify(ask('x'.repeat(31 * megabyte)))],
    ['millions of numbers', 400, () => JSON.stringify(ask('', { x: Array(2 * megabyte).fill(0) }))],
  ];

  test.for(bodies)('as %s is answered with %i, and stops nothing', async ([, status, body]) => {
    const roomy = await startRondo({ vars: google.vars() });
    google.answerNext({}, { responses: [brief] });
    const answer = await roomy.chat(body());
    expect(answer.status).toBe(status);
    await answer.text();
    expect(roomy.events('module_failed')).toEqual([]);
    google.reset();
    expect(await told(roomy.chat(ask()))).toBe('You said: Hello');
  });

  test('has an answer as long as itself refused, since that would not fit', async () => {
    const roomy = await startRondo({ vars: google.vars() });
    const answer = await failed(roomy.chat(ask('x'.repeat(20 * megabyte))));
    expect(answer).toMatchObject({ status: 502, error: { code: 'upstream_answer_too_large' } });
    expect(roomy.events('module_failed')).toEqual([]);
    expect(await told(roomy.chat(ask()))).toBe('You said: Hello');
  });
});

describe('a body of a great many small things', () => {
  const count = 60_000;
  const many = (thing: unknown): unknown[] => Array(count).fill(thing);
  const user = (content: unknown) => [{ role: 'user', content }];
  const part = { type: 'text', text: '' };
  const message = (more: object) => ({ model, max_tokens: 9, messages: user('Hello'), ...more });
  const toolResult = { type: 'tool_result', tool_use_id: 'x', content: '' };
  const found = { type: 'search_result', title: '', source: '', content: [] };
  // What is sent where; eight requests at once of what was thought to be one's limit.
  const bodies: [string, string, object][] = [
    ['parts of a chat', 'chat/completions', { model, messages: user(many(part)) }],
    ['messages of a chat', 'chat/completions', { model, messages: many(user('a')[0]) }],
    ['blocks of a message', 'messages', message({ messages: user(many(part)) })],
    ['blocks of a system', 'messages', message({ system: many(part) })],
    ['results of tools', 'messages', message({ messages: user(many(toolResult)) })],
    ['results of searches', 'messages', message({ messages: user(many(found)) })],
    [
      'parts of an input',
      'responses',
      { model, input: user(many({ type: 'input_text', text: '' })) },
    ],
    [
      'parts of thoughts',
      'responses',
      { model, input: [...user('a'), { type: 'reasoning', summary: many({ text: 'a' }) }] },
    ],
  ];

  test.for(bodies)('as %s is 400, and stops nobody', async ([, path, body]) => {
    const roomy = await startRondo({ vars: google.vars() });
    const sent = JSON.stringify(body);
    const ask = async () => {
      const answer = await roomy.fetch(`/v1/${path}`, { method: 'POST', body: sent });
      await answer.text();
      return answer.status;
    };
    const statuses = await Promise.all(Array.from({ length: 8 }, ask));
    expect(statuses.filter((status) => status !== 503)).toContain(400);
    expect(statuses).not.toContain(500);
    expect(roomy.events('module_failed')).toEqual([]);
  });
});

describe('a streamed response that says more than its end can repeat', () => {
  test('fails, with what was said as long as it fits, and stops nobody', async () => {
    const roomy = await startRondo({ vars: google.vars() });
    const piece = {
      candidates: [{ content: { role: 'model', parts: [{ text: 'x'.repeat(500_000) }] } }],
    };
    google.answerNext({}, { responses: Array(20).fill(piece) });
    const answer = await roomy.fetch('/v1/responses', {
      method: 'POST',
      body: JSON.stringify({ model, input: 'Hello', stream: true }),
    });
    const text = await answer.text();
    expect(text.slice(-20_000_000)).toContain('event: response.failed');
    expect(text).not.toContain('event: response.completed');
    expect(roomy.events('module_failed')).toEqual([]);
  });
});

describe('a body that is cut short', () => {
  const head = (framing: string): string =>
    [
      'POST /v1/chat/completions HTTP/1.1',
      'host: rondo',
      `authorization: Bearer ${clientKey}`,
      'content-type: application/json',
      framing,
      '\r\n',
    ].join('\r\n');

  test('of the length that was told is 400', async () => {
    const answer = await sendRaw(
      rondo,
      `${head('content-length: 500')}{"model":"gemini-3.8-flash",`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(google.count({ kind: 'generate' })).toBe(0);
  });

  test('is 400 when it is large enough to go straight into the module, too', async () => {
    const begun = `{"model":"gemini-3.8-flash","x":"${'x'.repeat(80_000)}`;
    const answer = await sendRaw(rondo, `${head('content-length: 90000')}${begun}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(google.count({ kind: 'generate' })).toBe(0);
  });

  test('of its last chunk is 400', async () => {
    const answer = await sendRaw(
      rondo,
      `${head('transfer-encoding: chunked')}10\r\n{"model":"gemini`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(google.count({ kind: 'generate' })).toBe(0);
  });
});
