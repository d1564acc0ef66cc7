// A body in Google's own dialect is changed for one reason alone: that Google has refused it.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, callsOf, model, served } from '../support/chat.ts';
import { generating, post, refused, saying } from '../support/native.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const otherKey = 'sk-rondo-test-another-one-41c2';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addApiKey();
});

beforeEach(async () => {
  google.reset();
  const vars = { ...google.vars(), CLIENT_API_KEYS: [clientKey, otherKey] };
  rondo = await startRondo({ vars });
});

const bodies = (): string[] => callsOf(google).map(({ bytes }) => bytes.toString());
const sampled = (more: object = {}) => ({
  ...saying(),
  generationConfig: { temperature: 1, topP: 0.95, topK: 64, ...more },
});

describe('a setting that Google refuses', () => {
  test('is left out, and the request sent again, with all else as it was', async () => {
    const answer = await post(rondo, generating(model), sampled({ maxOutputTokens: 50 }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-rondo-adjusted')).toBe('sampling');
    expect(bodies()).toEqual([
      JSON.stringify(sampled({ maxOutputTokens: 50 })),
      JSON.stringify({ ...saying(), generationConfig: { maxOutputTokens: 50 } }),
    ]);
    expect(new Set(served(google)).size).toBe(1);
  });

  test('is left out at once for an hour', async () => {
    await post(rondo, generating(model), sampled());
    const again = await post(rondo, generating(model, 'streamGenerateContent'), sampled());
    expect(callsOf(google)).toHaveLength(3);
    expect(again.headers.get('x-rondo-adjusted')).toBe('sampling');
    await rondo.advance(61 * 60_000);
    await post(rondo, generating(model), sampled());
    expect(callsOf(google)).toHaveLength(5);
  });

  test('changes no body that hasn’t got it', async () => {
    await post(rondo, generating(model), sampled());
    const body = ` ${JSON.stringify(saying())} `;
    const untouched = await post(rondo, generating(model), body);
    expect(bodies().at(-1)).toBe(body);
    expect(untouched.headers.get('x-rondo-adjusted')).toBeNull();
  });

  test('and whose value is wrong is told as Google tells it', async () => {
    const body = { ...saying(), generationConfig: { maxOutputTokens: 0 } };
    const error = await refused(post(rondo, generating(model), body));
    expect(error.message).toContain('maxOutputTokens');
    expect(callsOf(google)).toHaveLength(1);
    // What one client has wrong is held against nobody else.
    await post(rondo, generating(model), { ...saying(), generationConfig: { maxOutputTokens: 9 } });
    expect(bodies().at(-1)).toContain('"maxOutputTokens":9');
  });
});

describe('a value in which Google’s own words stand', () => {
  const wrong = (field: string, value: unknown) => ({
    ...saying(),
    generationConfig: { [field]: value },
  });

  test.each([
    ['seed', 'seed is not enabled for this model'],
    ['topK', 'top_k is not supported'],
    ['candidateCount', 'unknown name'],
    ['thinkingConfig', 'thinking is not supported'],
  ])('is wrong like any other: %s', async (field, value) => {
    const error = await refused(post(rondo, generating(model), wrong(field, value)));
    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(callsOf(google)).toHaveLength(1);
  });

  test('is held against nobody else, whatever Google makes of it', async () => {
    google.fault({}, { kind: 'says', status: 400, message: 'Seed is not enabled for this model.' });
    const answer = await post(rondo, generating(model), wrong('seed', 1));
    expect(answer.headers.get('x-rondo-adjusted')).toBe('seed');
    expect(
      (await rondo.chat(ask('Hello', { seed: 5 }))).headers.get('x-rondo-adjusted'),
    ).toBeNull();
    const other = await post(rondo, generating(model), wrong('seed', 5), {
      headers: { 'x-goog-api-key': otherKey, 'content-type': 'application/json' },
    });
    expect(other.headers.get('x-rondo-adjusted')).toBeNull();
    expect(
      bodies()
        .slice(-2)
        .every((body) => body.includes('"seed":5')),
    ).toBe(true);
  });
});

describe('a signature that Google refuses', () => {
  const call = { functionCall: { id: 'c1', name: 'get_time', args: {} } };
  const conversation = (part: object) => ({
    contents: [
      { role: 'user', parts: [{ text: 'What time is it?' }] },
      { role: 'model', parts: [part] },
      {
        role: 'user',
        parts: [{ functionResponse: { id: 'c1', name: 'get_time', response: { output: '10' } } }],
      },
    ],
    tools: [{ functionDeclarations: [{ name: 'get_time', description: 'Tells.' }] }],
  });

  test.each([
    ['since it is another’s', { ...call, thoughtSignature: 'bm90IG9uZSBvZiBvdXJz' }],
    ['since it is missing', call],
  ])('%s is replaced by the stand-in', async (_, part) => {
    const answer = await post(rondo, generating(model), conversation(part));
    expect(answer.status).toBe(200);
    expect(callsOf(google)).toHaveLength(2);
    expect(bodies()[1]).toContain('"thoughtSignature":"skip_thought_signature_validator"');
    expect(answer.headers.get('x-rondo-adjusted')).toBe('thought_signatures');
    // That is of this request alone.
    await post(rondo, generating(model), saying());
    expect(bodies().at(-1)).toBe(JSON.stringify(saying()));
  });
});
