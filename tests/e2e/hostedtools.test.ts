// Tools that Google runs itself, beside the client's functions: what they did comes back to Google
// as it came, through whatever the dialect has a place for.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { answer, partsOf, refuse, said, stop } from '../support/asked.ts';
import { lastRequest, model } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

const begin = async (kind: 'api_key' | 'service_account'): Promise<void> => {
  google = await startGoogle();
  google.add(kind);
  rondo = await startRondo({ vars: google.vars() });
};

let shared: { google: GoogleStub; rondo: Rondo };

beforeAll(async () => {
  await begin('api_key');
  shared = { google, rondo };
});

beforeEach(() => {
  ({ google, rondo } = shared);
  google.reset();
});

const post = async (path: string, body: object): Promise<[JsonObject, Headers]> => {
  const answered = await rondo.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answered.status).toBe(200);
  return [(await answered.json()) as JsonObject, answered.headers];
};

const parameters = { type: 'object', properties: { a: { type: 'string' } } };
const user = { role: 'user', content: 'Look it up, then note it.' };

interface Speech {
  readonly name: string;
  readonly path: string;
  readonly body: JsonObject & { readonly tools: JsonObject[] };
  /** What the next request has behind the first question. */
  next(answered: JsonObject): JsonObject;
}

const speeches: Speech[] = [
  {
    name: 'Responses',
    path: '/v1/responses',
    body: {
      model,
      store: false,
      input: [user],
      tools: [{ type: 'function', name: 'note', parameters }, { type: 'web_search' }],
    },
    next: ({ output }) => ({
      input: [
        user,
        ...(output as JsonObject[]),
        { type: 'function_call_output', call_id: 'c1', output: 'noted' },
      ],
    }),
  },
  {
    name: 'Messages',
    path: '/v1/messages',
    body: {
      model,
      max_tokens: 1000,
      messages: [user],
      tools: [
        { name: 'note', input_schema: parameters },
        { type: 'web_search_20250305', name: 'web_search' },
      ],
    },
    next: ({ content }) => ({
      messages: [
        user,
        { role: 'assistant', content: content ?? [] },
        {
          role: 'user',
          content: [{ type: 'tool_result', tool_use_id: 'c1', content: 'noted' }],
        },
      ],
    }),
  },
];

const signature = 'skip_thought_signature_validator';
const toolCall = { id: 't1', toolType: 'GOOGLE_SEARCH_WEB', args: { queries: ['x'] } };
const toolResponse = { id: 't1', toolType: 'GOOGLE_SEARCH_WEB', response: { found: 1.5 } };
const functionCall = { id: 'c1', name: 'note', args: { a: 'b' } };
const searchThenCall = [
  { toolCall, thoughtSignature: signature },
  { toolResponse },
  { functionCall, thoughtSignature: signature },
];

const kindsOf = ({ tools }: JsonObject): string[] =>
  (tools as JsonObject[]).flatMap((tool) => Object.keys(tool));

describe.each(speeches)('$name', ({ path, body, next }) => {
  test('declares search beside functions on the Gemini API', async () => {
    const [, headers] = await post(path, body);
    expect(kindsOf(lastRequest(google))).toEqual(['functionDeclarations', 'googleSearch']);
    expect(lastRequest(google).toolConfig).toEqual({
      functionCallingConfig: { mode: 'VALIDATED' },
      includeServerSideToolInvocations: true,
    });
    expect(headers.get('x-rondo-adjusted')).toBeNull();
  });

  test('brings back what the search did, part by part and untouched', async () => {
    answer(google, [said(searchThenCall, stop)]);
    const [answered] = await post(path, body);
    await post(path, { ...body, ...next(answered) });
    expect(partsOf(google, 1)).toEqual(searchThenCall);
  });

  test('leaves search out on Vertex AI, and says so', async () => {
    await begin('service_account');
    const [, headers] = await post(path, body);
    expect(kindsOf(lastRequest(google))).toEqual(['functionDeclarations']);
    expect(headers.get('x-rondo-adjusted')).toBe('web_search');
  });

  test('goes without search when Google takes it beside no function', async () => {
    refuse(google, 'Tool use with function calling is unsupported');
    const [, headers] = await post(path, body);
    expect(kindsOf(lastRequest(google))).toEqual(['functionDeclarations']);
    expect(headers.get('x-rondo-adjusted')).toBe('hosted_tools, web_search');
  });

  test('searches where there are no functions, on either back-end', async () => {
    const tools = body.tools.slice(1);
    await begin('service_account');
    await post(path, { ...body, tools });
    expect(kindsOf(lastRequest(google))).toEqual(['googleSearch']);
  });
});
