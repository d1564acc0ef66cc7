import { describe, expect, it } from 'vitest';
import { flash, hello } from './samples.ts';
import { askGemini, errorOf, post, read, refusedBy, start, verdict } from './support.ts';

const count = (body: object, backend: 'gemini' | 'vertex' = 'gemini') =>
  verdict(body, flash, backend, 'countTokens');
const whole = (more: object) => ({ generateContentRequest: { ...hello, ...more } });

describe('counting the tokens of a whole request', () => {
  it('is for the model of the address', async () => {
    expect(await count(whole({ model: `models/${flash}` }))).toBeNull();
    expect(await count(whole({ model: 'models/gemini-3.5-flash' }))).toContain(
      'CountTokensRequest.generate_content_request.model',
    );
    expect(await count(whole({ model: flash }))).toContain('unexpected model name format');
  });

  it('needs the model', async () => {
    expect(await count(whole({}))).toBe(
      '* CountTokensRequest.generate_content_request.model: model is not specified\n',
    );
  });

  it('needs contents', async () => {
    const body = { generateContentRequest: { model: `models/${flash}` } };
    expect(await count(body)).toBe(
      '* CountTokensRequest.generate_content_request.contents: contents is not specified\n',
    );
    expect(await count({})).toBe('* CountTokensRequest.contents: contents is not specified\n');
  });

  it('is not known to Vertex', async () => {
    const { json } = await refusedBy(whole({ model: flash }), flash, 'vertex', 'countTokens');
    expect(JSON.stringify(json)).toContain('Unknown name');
  });

  const asked = (tools: object[], more: object = {}) =>
    count(whole({ model: `models/${flash}`, tools, ...more }));
  const place = '* CountTokensRequest.generate_content_request.tools[0]';

  it.each<[fault: string, declaration: object, message: string]>([
    [
      'the name of a function',
      { name: 'a b' },
      `${place}.function_declarations[0].name: Invalid function name.`,
    ],
    [
      'a schema of its own form',
      { name: 'f', parameters: { type: 'OBJECT', properties: { a: {} } } },
      `${place}.function_declarations[0].parameters.properties[a]: type must be specified`,
    ],
    [
      'a JSON Schema',
      { name: 'f', parametersJsonSchema: { type: 'object', required: ['a'] } },
      "schema at top-level requires unspecified property 'a'",
    ],
  ])('refuses %s as an answer would', async (_fault, declaration, message) => {
    expect(await asked([{ functionDeclarations: [declaration] }])).toContain(message);
  });

  it('refuses functions beside tools of Google’s as an answer would', async () => {
    const tools = [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: {} }];
    expect(await asked(tools)).toContain('include_server_side_tool_invocations');
    expect(
      await asked(tools, { toolConfig: { includeServerSideToolInvocations: true } }),
    ).toBeNull();
  });

  it('refuses turns as an answer would', async () => {
    const contents = [{ role: 'system', parts: [{ text: 'Hi' }] }];
    expect(await asked([], { contents })).toBe('Please use a valid role: user, model.');
  });

  it('takes a conversation that the model spoke in last', async () => {
    const contents = [...hello.contents, { role: 'model', parts: [{ text: 'Hi' }] }];
    expect(await asked([], { contents })).toBeNull();
  });

  it('refuses a file of others as an answer would', async () => {
    const fileData = { fileUri: 'files/abc', mimeType: 'text/plain' };
    const body = whole({ model: `models/${flash}`, contents: [{ parts: [{ fileData }] }] });
    const answer = await refusedBy(body, flash, 'gemini', 'countTokens');
    expect(answer.status).toBe(403);
    expect(errorOf(answer).message).toContain('do not have permission to access the File abc');
  });
});

describe("counting the tokens of Vertex AI's contents and tools", () => {
  it('refuses tools as an answer would', async () => {
    const tools = [{ functionDeclarations: [{ name: 'a b' }] }];
    expect(await count({ ...hello, tools }, 'vertex')).toContain(
      'The CountTokensRequest proto is invalid:\n  * tools[0].function_declarations[0].name: ',
    );
  });
});

describe('counting the tokens of a request that goes on from a cache', () => {
  it('counts those of the cache as well', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const headers = { 'x-goog-api-key': account.apiKey };
    const contents = [{ role: 'user', parts: [{ text: 'Something long. '.repeat(400) }] }];
    const model = `models/${flash}`;
    const made = await read(
      await post(`${stub.url}/v1beta/cachedContents`, { body: { model, contents }, headers }),
    );
    const body = whole({ model, cachedContent: made.json.name });
    const told = await read(await askGemini(stub, account, `${flash}:countTokens`, { body }));
    expect(told.json.totalTokens).toBe(1600 + 3);
  });
});
