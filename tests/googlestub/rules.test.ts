import { describe, expect, it } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import { isObject, type JsonObject, objectsIn } from '../../scripts/googlestub/json.ts';
import { configured, declare, flash, old, say, thoughtSignature } from './samples.ts';
import { askGemini, askVertex, type Backend, errorOf, read, start, verdict } from './support.ts';

function unknown(name: string, place: string): string {
  const at = place === '' ? '' : ` at '${place}'`;
  return `Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.`;
}

describe('names', () => {
  it.each<[place: string, name: string, body: unknown]>([
    ['', 'stream', say('Hi', { stream: true })],
    ['generation_config', 'foo', configured({ foo: 1 })],
    ['contents[0]', 'name', { contents: [{ role: 'user', name: 'me', parts: [{ text: 'a' }] }] }],
    ['contents[0].parts[0]', 'type', { contents: [{ parts: [{ type: 'text', text: 'a' }] }] }],
    [
      'tools[0].function_declarations[0].parameters.properties[0].value',
      'const',
      say('Hi', {
        tools: [
          {
            functionDeclarations: [
              { name: 'f', parameters: { type: 'OBJECT', properties: { a: { const: 1 } } } },
            ],
          },
        ],
      }),
    ],
  ])("unknown at '%s' are refused in Google's words", async (place, name, body) => {
    expect(await verdict(body)).toContain(unknown(name, place));
  });

  it('unknown in several places are all told, with details', async () => {
    const stub = await start();
    const body = { ...configured({ foo: 1 }), bar: 2 };
    const answer = await read(await askGemini(stub, stub.addApiKey(), undefined, { body }));
    const message = `${unknown('foo', 'generation_config')}\n${unknown('bar', '')}`;
    expect(errorOf(answer)).toMatchObject({
      message,
      status: 'INVALID_ARGUMENT',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [
            { field: 'generation_config', description: unknown('foo', 'generation_config') },
            { description: unknown('bar', '') },
          ],
        },
      ],
    });
  });

  it('may be written in snake case', async () => {
    const body = {
      system_instruction: { parts: [{ text: 'Be kind' }] },
      ...say('Hi'),
      generation_config: { max_output_tokens: 100, thinking_config: { include_thoughts: true } },
    };
    expect(await verdict(body)).toBeNull();
  });

  it('in neither case are unknown', async () => {
    expect(await verdict(configured({ MaxOutputTokens: 5 }))).toContain('MaxOutputTokens');
    expect(await verdict(configured({ 'max-output-tokens': 5 }))).toContain('Unknown name');
  });

  it('given twice, once in each case, are refused', async () => {
    expect(await verdict(configured({ topP: 1, top_p: 1 }))).toContain('set twice');
  });

  it('that only the other back-end knows are unknown', async () => {
    const labels = configured({ audioTimestamp: true });
    expect(await verdict(labels, flash, 'vertex')).toBeNull();
    expect(await verdict(labels)).toBe(unknown('audioTimestamp', 'generation_config'));
    expect(await verdict(say('Hi', { store: true }), flash, 'vertex')).toBe(unknown('store', ''));
  });
});

describe('types', () => {
  it.each<[body: unknown, message: string]>([
    [configured({ temperature: 'hot' }), `'generation_config.temperature' (TYPE_FLOAT), "hot"`],
    [configured({ seed: 3_000_000_000 }), `'generation_config.seed' (TYPE_INT32), 3000000000`],
    [configured({ seed: 1.5 }), `'generation_config.seed' (TYPE_INT32), 1.5`],
    [configured({ maxOutputTokens: true }), `'generation_config.max_output_tokens' (TYPE_INT32)`],
    [
      configured({ responseMimeType: 5 }),
      `'generation_config.response_mime_type' (TYPE_STRING), 5`,
    ],
    [configured({ responseLogprobs: 'yes' }), `'generation_config.response_logprobs' (TYPE_BOOL)`],
    [
      configured({ stopSequences: 'END' }),
      `'generation_config.stop_sequences' (TYPE_STRING), "END"`,
    ],
    [
      configured({ thinkingConfig: { thinkingLevel: 'MUCH' } }),
      `'generation_config.thinking_config.thinking_level' (type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingLevel), "MUCH"`,
    ],
    [{ contents: ['Hi'] }, `'contents[0]' (type.googleapis.com/google.ai.generativelanguage`],
    [
      { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'a,b' } }] }] },
      `'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed for "a,b"`,
    ],
    [
      { contents: [{ parts: [{ functionCall: { name: 'f', args: '{}' } }] }] },
      `'contents[0].parts[0].function_call.args' (type.googleapis.com/google.protobuf.Struct), "{}"`,
    ],
  ])('of values are checked: %j', async (body, message) => {
    expect(await verdict(body)).toContain(`Invalid value at ${message}`);
  });

  it('with a list for a single value are refused', async () => {
    const parameters = { type: 'OBJECT', properties: { a: { type: ['string', 'null'] } } };
    const tools = [{ functionDeclarations: [{ name: 'f', parameters }] }];
    expect(await verdict(say('Hi', { tools }))).toBe(
      `Invalid JSON payload received. Unknown name "type" at 'tools[0].function_declarations[0]` +
        `.parameters.properties[0].value': Proto field is not repeating, cannot start list.`,
    );
  });

  it('with numbers as strings, enums in lower case and null for nothing are taken', async () => {
    const config = {
      maxOutputTokens: '500',
      seed: '7',
      temperature: null,
      thinkingConfig: { thinkingLevel: 'low' },
    };
    expect(await verdict(configured(config))).toBeNull();
  });

  it('with a lone object for a list of one are taken', async () => {
    expect(await verdict({ contents: { parts: { text: 'Hi' } } })).toBeNull();
  });

  it('with two kinds of data in one part are refused', async () => {
    const part = { text: 'a', inlineData: { mimeType: 'image/png', data: '' } };
    expect(await verdict({ contents: [{ parts: [part] }] })).toBe(
      "Invalid value at 'contents[0].parts[0]' (oneof), oneof field 'data' is already set. " +
        "Cannot set 'inlineData'",
    );
  });

  it('nested without end are refused', async () => {
    let schema: JsonObject = { type: 'STRING' };
    for (let depth = 0; depth < 200; depth += 1) schema = { type: 'ARRAY', items: schema };
    const config = { responseMimeType: 'application/json', responseSchema: schema };
    expect(await verdict(configured(config))).toContain('Message too deep.');
    let args: JsonObject = {};
    for (let depth = 0; depth < 200; depth += 1) args = { a: [args] };
    const part = { functionCall: { name: 'f', args } };
    expect(await verdict({ contents: [{ parts: [part] }] })).toContain('Message too deep.');
  });
});

describe('a body', () => {
  it.each<[what: string, body: string]>([
    ['not JSON', 'Hi'],
    ['cut short', '{"contents": ['],
    ['empty', ''],
  ])('that is %s is refused', async (_what, body) => {
    expect(await verdict(body)).toContain('Invalid JSON payload received.');
  });

  it('that is not UTF-8 is refused', async () => {
    const stub = await start();
    const text = JSON.stringify(say('caf\u00e9'));
    const headers = {
      'content-type': 'application/json',
      'x-goog-api-key': stub.addApiKey().apiKey,
    };
    const url = `${stub.url}/v1beta/models/${flash}:generateContent`;
    const body = Buffer.from(text, 'latin1');
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(400);
  });

  it('that is not an object is refused', async () => {
    expect(await verdict('[]')).toContain('GenerateContentRequest');
  });

  it('of another content type is refused', async () => {
    const stub = await start();
    const headers = { 'content-type': 'text/plain' };
    const response = await askGemini(stub, stub.addApiKey(), undefined, { headers });
    expect(response.status).toBe(400);
  });
});

describe('contents', () => {
  const user = (text = 'Hi') => ({ role: 'user', parts: [{ text }] });
  const model = (text = 'Hello') => ({ role: 'model', parts: [{ text }] });

  it('must be there', async () => {
    const gemini = '* GenerateContentRequest.contents: contents is not specified\n';
    expect(await verdict({ contents: [] })).toBe(gemini);
    expect(await verdict({}, flash, 'vertex')).toContain('at least one contents field is required');
  });

  it('must have parts, and parts data', async () => {
    expect(await verdict({ contents: [{ role: 'user', parts: [] }] })).toContain('not be empty');
    expect(await verdict({ contents: [{ role: 'user', parts: [{}] }] })).toContain(
      "required oneof field 'data' must have one initialized field",
    );
  });

  it('must have a role on Vertex, and are the user’s without one on the Gemini API', async () => {
    const body = { contents: [{ parts: [{ text: 'Hi' }] }] };
    expect(await verdict(body, flash, 'vertex')).toBe('Please use a valid role: user, model.');
    expect(await verdict(body)).toBeNull();
    const system = { contents: [{ role: 'system', parts: [{ text: 'Hi' }] }] };
    expect(await verdict(system)).toBe('Please use a valid role: user, model.');
  });

  it('must have no empty text on Vertex, unless it carries a signature', async () => {
    const body = { contents: [{ role: 'user', parts: [{ text: '' }] }] };
    expect(await verdict(body, flash, 'vertex')).toContain('it has an empty text parameter');
    expect(await verdict(body)).toBeNull();
    const signed = { role: 'model', parts: [{ text: '', thoughtSignature }] };
    expect(await verdict({ contents: [user(), signed, user()] }, flash, 'vertex')).toBeNull();
  });

  it('must have no empty text in the instruction on Vertex', async () => {
    const systemInstruction = { parts: [{ text: '' }] };
    expect(await verdict(say('Hi', { systemInstruction }), flash, 'vertex')).toContain(
      'it has an empty text parameter',
    );
    expect(await verdict(say('Hi', { systemInstruction }))).toBeNull();
  });

  it('must name the type of media', async () => {
    const part = { inlineData: { data: 'YQ==' } };
    expect(await verdict({ contents: [{ role: 'user', parts: [part] }] })).toContain('mime_type');
  });

  const media = (mimeType: string) => ({
    contents: [{ role: 'user', parts: [{ inlineData: { mimeType, data: 'YQ==' } }] }],
  });

  it.each([
    'image/jpg',
    'image/svg+xml',
    'IMAGE/PNG',
    'audio/webm;codecs=opus',
    'text/plain; charset=utf-8',
    'video/x-msvideo',
    'application/octet-stream',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ])('must not be of the type %s', async (type) => {
    const message = `Unsupported MIME type: ${type}`;
    expect(await verdict(media(type))).toBe(message);
    expect(await verdict(media(type), flash, 'vertex')).toBe(message);
    const fileData = { mimeType: type, fileUri: 'https://example.com/a' };
    expect(await verdict({ contents: [{ role: 'user', parts: [{ fileData }] }] })).toBe(message);
  });

  it.each([
    'image/jpeg',
    'image/heic',
    'audio/mp3',
    'audio/m4a',
    'audio/opus',
    'video/quicktime',
    'text/x-python',
    'text/markdown',
    'application/pdf',
    'application/json',
  ])('may be of the type %s', async (type) => {
    expect(await verdict(media(type))).toBeNull();
  });

  it('must have nothing but text in the system instruction', async () => {
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'YQ==' } }];
    expect(await verdict(say('Hi', { systemInstruction: { parts } }))).toContain('text parts only');
    expect(await verdict(say('Hi', { systemInstruction: { parts: [] } }))).toContain(
      'not be empty',
    );
  });

  it('must not end with a model turn in the families that cannot continue one', async () => {
    const body = { contents: [user(), model()] };
    const message = 'Requests ending with a model turn are not supported.';
    for (const id of ['gemini-3.5-flash-lite', 'gemini-3.6-flash', flash, 'gemini-4-neon']) {
      expect(await verdict(body, id)).toBe(message);
    }
    for (const id of [old, 'gemini-3.5-flash', 'gemini-3.1-pro-preview']) {
      expect(await verdict(body, id)).toBeNull();
    }
  });
});

describe('a tool round', () => {
  const bare = 'Request contains an invalid argument.';
  const call = (name: string, rest: object = {}) => ({ functionCall: { name, args: {}, ...rest } });
  const response = (name: string, rest: object = {}) => ({
    functionResponse: { name, response: { output: 1 }, ...rest },
  });
  const round = (calls: object[], responses: object[], ...more: object[]) => ({
    contents: [
      { role: 'user', parts: [{ text: 'Go' }] },
      { role: 'model', parts: calls },
      { role: 'user', parts: responses },
      ...more,
    ],
  });

  it('is fine with its responses in the order of the calls', async () => {
    const body = round([call('a'), call('b')], [response('a'), response('b'), { text: 'So?' }]);
    expect(await verdict(body, old)).toBeNull();
  });

  it('is fine with its calls spread over turns of the model, as Google’s SDK keeps a stream', async () => {
    const { contents } = round([call('a')], [response('a'), response('b')]);
    contents.splice(2, 0, { role: 'model', parts: [call('b')] });
    expect(await verdict({ contents }, old)).toBeNull();
  });

  it('may have images and texts in its responses, and no sounds', async () => {
    const signed = call('a', {});
    const calls = [{ ...signed, thoughtSignature }];
    const having = (mimeType: string): object =>
      round(calls, [response('a', { parts: [{ inlineData: { mimeType, data: 'AAAA' } }] })]);
    expect(await verdict(having('image/png'))).toBeNull();
    expect(await verdict(having('audio/mp3'))).toBe(
      'mime_type: audio/mp3 is not supported in function_response.parts',
    );
  });

  it.each<[fault: string, message: string, body: object]>([
    [
      'too few responses',
      'is equal to the number of',
      round([call('a'), call('b')], [response('a')]),
    ],
    [
      'too many responses',
      'is equal to the number of',
      round([call('a')], [response('a'), response('a')]),
    ],
    ['no response', 'is equal to the number of', round([call('a')], [{ text: 'And?' }])],
    ['responses out of order', bare, round([call('a'), call('b')], [response('b'), response('a')])],
    ['another name', bare, round([call('a')], [response('b')])],
    ['another id', bare, round([call('a', { id: '1' })], [response('a', { id: '2' })])],
    ['an id that is not echoed', bare, round([call('a', { id: '1' })], [response('a')])],
    ['an id that no call has', bare, round([call('a')], [response('a', { id: '1' })])],
    [
      'an id twice in one turn',
      bare,
      round(
        [call('a', { id: '1' }), call('b', { id: '1' })],
        [response('a', { id: '1' }), response('b', { id: '1' })],
      ),
    ],
    ['text before the responses', bare, round([call('a')], [{ text: 'So:' }, response('a')])],
    [
      'responses to nothing',
      'response turn comes immediately after',
      round([{ text: 'No' }], [response('a')]),
    ],
    [
      'calls at the start',
      'call turn comes immediately after a user turn',
      {
        contents: [
          { role: 'model', parts: [call('a')] },
          { role: 'user', parts: [response('a')] },
        ],
      },
    ],
    [
      'calls by the user',
      'call turn comes immediately after a user turn',
      {
        contents: [
          { role: 'user', parts: [call('a')] },
          { role: 'user', parts: [response('a')] },
        ],
      },
    ],
    [
      'a response that is no object',
      'response',
      round([call('a')], [{ functionResponse: { name: 'a' } }]),
    ],
    [
      'a call without a name',
      'Name cannot be empty',
      round([{ functionCall: {} }], [response('a')]),
    ],
  ])('is refused with %s', async (_fault, message, body) => {
    expect(await verdict(body, old)).toContain(message);
  });

  const referring = (value: unknown, parts?: object[]) => {
    const answer = { name: 'a', response: { output: [{ deep: { $ref: value } }] } };
    return round([call('a')], [{ functionResponse: parts ? { ...answer, parts } : answer }]);
  };
  const unmatched = (name: string): string =>
    `The referenced name \`${name}\` in function_response.response does not match to a ` +
    'display_name in the function_response.parts.';

  it('is refused with a key $ref anywhere in a response, in each turn that has it', async () => {
    const body = referring('#/$defs/X');
    expect(await verdict(body, old)).toBe(unmatched('#/$defs/X'));
    const later = [
      { role: 'model', parts: [{ text: 'So' }] },
      { role: 'user', parts: [{ text: 'And?' }] },
    ];
    expect(await verdict({ contents: [...body.contents, ...later] }, old)).toBe(
      unmatched('#/$defs/X'),
    );
    expect(await verdict(referring(5), old)).toBe(unmatched('5'));
  });

  it('may refer in a response to media beside it', async () => {
    const inlineData = { mimeType: 'image/png', data: 'YQ==', displayName: 'cat.png' };
    const body = (name: string) => {
      const { contents } = referring(name, [{ inlineData }]);
      const parts = [{ ...call('a'), thoughtSignature }];
      return { contents: contents.map((one, at) => (at === 1 ? { role: 'model', parts } : one)) };
    };
    expect(await verdict(body('cat.png'))).toBeNull();
    expect(await verdict(body('dog.png'))).toBe(unmatched('dog.png'));
  });

  it('is refused with media of an unsupported type in a response', async () => {
    const inlineData = { mimeType: 'image/jpg', data: 'YQ==' };
    const functionResponse = { name: 'a', response: {}, parts: [{ inlineData }] };
    const body = round([call('a')], [{ functionResponse }]);
    expect(await verdict(body)).toBe('Unsupported MIME type: image/jpg');
  });

  it('has no ids on Vertex before Gemini 3', async () => {
    const body = round([call('a', { id: '1' })], [response('a', { id: '1' })]);
    expect(await verdict(body, old)).toBeNull();
    expect(await verdict(body, old, 'vertex')).toBe(
      [
        unknown('id', 'contents[1].parts[0].function_call'),
        unknown('id', 'contents[2].parts[0].function_response'),
      ].join('\n'),
    );
  });
});

describe('a thought signature', () => {
  const tools = [{ functionDeclarations: [{ name: 'get_time' }, { name: 'get_date' }] }];
  const ask = { role: 'user', parts: [{ text: 'get_time and get_date' }] };

  async function firstRound(add: 'addApiKey' | 'addServiceAccount' = 'addServiceAccount') {
    const stub = await start();
    const account = stub[add]();
    const send = async (contents: object[], id = flash, who: Account = account) => {
      const options = { body: { contents, tools } };
      const send = who.kind === 'api_key' ? askGemini : askVertex;
      return read(await send(stub, who, `${id}:generateContent`, options));
    };
    const [candidate] = objectsIn((await send([ask])).json, 'candidates');
    const content = isObject(candidate?.content) ? candidate.content : {};
    const calls = objectsIn(content, 'parts').filter((part) => part.functionCall);
    return { stub, account, send, calls };
  }

  function answers(calls: JsonObject[]) {
    const parts = calls.map(({ functionCall }) => {
      const { args: _args, ...rest } = functionCall as JsonObject;
      return { functionResponse: { ...rest, response: { output: 1 } } };
    });
    return { role: 'user', parts };
  }

  const missing = /^Function call is missing a thought_signature in functionCall parts\./;

  it('is taken back by those who made it', async () => {
    const { send, calls } = await firstRound();
    expect((await send([ask, { role: 'model', parts: calls }, answers(calls)])).status).toBe(200);
  });

  it('is required on the first call of each step of the current turn', async () => {
    const { send, calls } = await firstRound();
    const bare = calls.map(({ functionCall }) => ({ functionCall: functionCall ?? {} }));
    const steps = [{ role: 'model', parts: calls }, answers(calls)];
    const refused = await send([ask, ...steps, { role: 'model', parts: bare }, answers(calls)]);
    expect(refused.status).toBe(400);
    expect(errorOf(refused).message).toMatch(missing);
    expect(errorOf(refused).message).toContain('function call `default_api:get_time`, position 4.');
  });

  it('is required on no later call of a step, but not instead of the first', async () => {
    const { send, calls } = await firstRound();
    const [first, second] = calls;
    const moved = [{ functionCall: first?.functionCall ?? {} }, { ...second, thoughtSignature }];
    const refused = await send([ask, { role: 'model', parts: moved }, answers(calls)]);
    expect(errorOf(refused).message).toMatch(missing);
  });

  it('is not required in turns before the current one', async () => {
    const { send, calls } = await firstRound();
    const bare = calls.map(({ functionCall }) => ({ functionCall: functionCall ?? {} }));
    const past = [ask, { role: 'model', parts: bare }, answers(calls)];
    const said = { role: 'model', parts: [{ text: 'Noon' }] };
    const now = { role: 'user', parts: [{ text: 'Thanks' }] };
    expect((await send([...past, said, now])).status).toBe(200);
  });

  it('is not required before Gemini 3', async () => {
    const { send, calls } = await firstRound('addApiKey');
    const bare = calls.map(({ functionCall }) => ({ functionCall: functionCall ?? {} }));
    const contents = [ask, { role: 'model', parts: bare }, answers(calls)];
    expect((await send(contents, old)).status).toBe(200);
  });

  it.each(['skip_thought_signature_validator', 'context_engineering_is_the_way_to_go'])(
    'may be the documented dummy %s',
    async (thoughtSignature) => {
      const { send, calls } = await firstRound();
      const parts = [{ ...calls[0], thoughtSignature }, ...calls.slice(1)];
      expect((await send([ask, { role: 'model', parts }, answers(calls)])).status).toBe(200);
    },
  );

  it('may be written in the other alphabet of base64, without padding', async () => {
    const { send, calls } = await firstRound();
    const bytes = Buffer.from(String(calls[0]?.thoughtSignature), 'base64');
    const parts = [
      { ...calls[0], thoughtSignature: bytes.toString('base64url') },
      ...calls.slice(1),
    ];
    expect((await send([ask, { role: 'model', parts }, answers(calls)])).status).toBe(200);
  });

  it.each<[what: string, damage: (signature: string) => string]>([
    ['was made up', () => Buffer.from('made up').toString('base64')],
    ['lost its end', (signature) => signature.slice(0, -8)],
    ['was changed', (signature) => `Fs${signature.slice(2)}`],
    ['came twice in one', (signature) => signature.replace(/=+$/, '') + signature],
  ])('is refused when it %s', async (_what, damage) => {
    const { send, calls } = await firstRound();
    const thoughtSignature = damage(String(calls[0]?.thoughtSignature));
    const parts = [{ ...calls[0], thoughtSignature }, ...calls.slice(1)];
    const refused = await send([ask, { role: 'model', parts }, answers(calls)]);
    expect(errorOf(refused).message).toBe('Corrupted thought signature.');
  });

  it('is corrupted on another call than its own', async () => {
    const { send, calls } = await firstRound();
    const [first, ...others] = calls;
    const changed = async (change: object): Promise<unknown> => {
      const functionCall = { ...(first?.functionCall as JsonObject), ...change } as JsonObject;
      const parts = [{ ...first, functionCall }, ...others];
      return errorOf(await send([ask, { role: 'model', parts }, answers(parts)])).message;
    };
    expect(await changed({ args: { tz: 'CET' } })).toBe('Corrupted thought signature.');
    expect(await changed({ name: 'get_date' })).toBe('Corrupted thought signature.');
    expect(await changed({})).toBeUndefined();
  });

  it('moves with its part, whatever its id and the order of its arguments', async () => {
    const { stub, account, send } = await firstRound();
    const said = { role: 'user', parts: [{ text: 'get_time({"a":1,"b":[{"c":2,"d":3}]})' }] };
    const [candidate] = objectsIn((await send([said])).json, 'candidates');
    const [part] = objectsIn(candidate?.content as JsonObject, 'parts');
    const args = { b: [{ d: 3, c: 2 }], a: 1 };
    const parts = [{ ...part, functionCall: { id: 'mine', name: 'get_time', args } }];
    expect((await send([said, { role: 'model', parts }, answers(parts)])).status).toBe(200);
    expect(stub.count({ credential: account.name, kind: 'generate' })).toBe(3);
  });

  it('of a text is good for the whole of it, and at its end, and for no other', async () => {
    const { send, calls } = await firstRound();
    const hi = { role: 'user', parts: [{ text: 'Hi' }] };
    const [candidate] = objectsIn((await send([hi])).json, 'candidates');
    const [part] = objectsIn(candidate?.content as JsonObject, 'parts');
    expect(part).toMatchObject({ text: 'You said: Hi', thoughtSignature: expect.any(String) });
    const status = async (...parts: JsonObject[]): Promise<number> =>
      (await send([hi, { role: 'model', parts }, hi])).status;
    expect(await status(part ?? {})).toBe(200);
    expect(await status({ text: 'You said: Hi' }, { ...part, text: '' })).toBe(200);
    expect(await status({ ...part, text: 'You said' })).toBe(400);
    const { thoughtSignature } = calls[0] ?? {};
    expect(await status({ text: '', thoughtSignature: thoughtSignature ?? '' })).toBe(400);
  });

  it('is refused from another project, kind of credential, back-end or family', async () => {
    const { stub, account, send, calls } = await firstRound();
    const contents = [ask, { role: 'model', parts: calls }, answers(calls)];
    const status = async (who: Account, id = flash): Promise<number> =>
      (await send(contents, id, who)).status;
    expect(await status(stub.addServiceAccount())).toBe(400);
    expect(await status(stub.addAuthorizedUser({ project: account.project }))).toBe(400);
    expect(await status(stub.addApiKey({ project: account.project }))).toBe(400);
    expect(await status(account, 'gemini-4-argon')).toBe(400);
    expect(await status(account, 'gemini-3.6-flash')).toBe(200);
  });
});

describe('generationConfig', () => {
  it.each<[config: object, model: string, message: string]>([
    [{ temperature: 2.5 }, old, 'temperature value of 2.5'],
    [{ topP: 1.1 }, old, 'topP value of 1.1'],
    [{ temperature: 1 }, flash, 'Temperature is not enabled for this model'],
    [{ topP: 1 }, 'gemini-3.6-flash', 'TopP is not enabled for this model'],
    [{ topK: 1 }, 'gemini-3.5-flash-lite', 'TopK is not enabled for this model'],
    [{ temperature: 0 }, 'gemini-4-neon', 'Temperature is not enabled for this model'],
    [{ maxOutputTokens: 0 }, flash, 'value of 0 but the supported range is from 1 (inclusive) to'],
    [
      { maxOutputTokens: 70_000 },
      flash,
      'Unable to submit request because it has a maxOutputTokens value of 70000 but the ' +
        'supported range is from 1 (inclusive) to 65537 (exclusive).',
    ],
    [{ maxOutputTokens: 65_537 }, flash, 'from 1 (inclusive) to 65537 (exclusive)'],
    [{ maxOutputTokens: 32_769 }, 'gemini-4-argon', 'from 1 (inclusive) to 32769 (exclusive)'],
    [{ stopSequences: ['a', 'b', 'c', 'd', 'e', 'f'] }, flash, 'stopSequences value of 6'],
    [{ stopSequences: [''] }, flash, 'must not be empty'],
    [{ candidateCount: 2 }, flash, 'Multiple candidates is not enabled'],
    [{ candidateCount: 9 }, old, 'candidateCount value of 9'],
    [{ candidateCount: 0 }, old, 'candidateCount value of 0'],
    [{ presencePenalty: 0.5 }, old, 'Penalty is not enabled for this model'],
    [{ frequencyPenalty: 0.5 }, 'gemini-4-neon', 'Penalty is not enabled for this model'],
    [
      { frequencyPenalty: 2 },
      old,
      'frequencyPenalty value of 2 but the supported range is from -2 (inclusive) to 2 (exclusive)',
    ],
    [{ presencePenalty: -2.1 }, old, 'presencePenalty value of -2.1'],
    [{ logprobs: 2 }, old, 'only allowed when response_logprobs is true'],
    [{ responseLogprobs: true }, flash, 'Logprobs is not enabled'],
    [{ responseLogprobs: true, logprobs: 21 }, old, 'logprobs value of 21'],
    [{ responseLogprobs: true, logprobs: 0 }, old, 'logprobs value of 0'],
    [{ responseLogprobs: true }, 'gemini-2.5-flash-lite', 'Logprobs is not enabled'],
    [{ responseModalities: ['TEXT', 'IMAGE'] }, flash, 'combination of response modalities'],
    [{ responseMimeType: 'text/html' }, flash, 'allowed mimetypes'],
    [{ responseSchema: { type: 'STRING' } }, flash, 'only allowed when response_mime_type'],
    [{ responseJsonSchema: { type: 'string' } }, flash, 'only allowed when response_mime_type'],
    [
      {
        responseMimeType: 'application/json',
        responseSchema: { type: 'STRING' },
        responseJsonSchema: {},
      },
      flash,
      'response_schema must not be set as well',
    ],
  ])('refuses %j for %s', async (config, model, message) => {
    expect(await verdict(configured(config), model)).toContain(message);
  });

  it.each<[config: object, model: string, backend: Backend]>([
    [{ temperature: 2, topP: 1, topK: 40 }, 'gemini-3.5-flash', 'gemini'],
    [{ temperature: 0, topP: 0, topK: 1, seed: -2147483648 }, old, 'gemini'],
    [{ stopSequences: ['a', 'b', 'c', 'd', 'e'] }, flash, 'gemini'],
    [{ candidateCount: 1 }, 'gemini-4-neon', 'gemini'],
    [{ candidateCount: 8 }, old, 'vertex'],
    [{ presencePenalty: 0.5 }, old, 'vertex'],
    [{ presencePenalty: 1.9, frequencyPenalty: -2 }, old, 'vertex'],
    [{ maxOutputTokens: 65_536 }, 'gemini-4-neon', 'gemini'],
    [{ responseModalities: ['TEXT', 'IMAGE'] }, 'gemini-3.1-flash-image', 'gemini'],
  ])('takes %j for %s on %s', async (config, model, backend) => {
    expect(await verdict(configured(config), model, backend)).toBeNull();
  });

  it('lets a stream be longer than a whole answer', async () => {
    const body = configured({ maxOutputTokens: 65_536 });
    const stream = 'streamGenerateContent?alt=sse';
    expect(await verdict(body, 'gemini-4-carbon', 'gemini', stream)).toBeNull();
  });
});

describe('thinking', () => {
  const level = (thinkingLevel: string) => configured({ thinkingConfig: { thinkingLevel } });
  const budget = (thinkingBudget: number) => configured({ thinkingConfig: { thinkingBudget } });

  it.each<[model: string, body: object, message: string]>([
    ['gemini-2.5-pro', level('LOW'), 'Thinking level is not supported for this model.'],
    ['gemini-2.5-pro', budget(0), 'Budget 0 is invalid. This model only works in thinking mode.'],
    [
      'gemini-2.5-pro',
      budget(127),
      'The thinking budget 127 is invalid. Please choose a value between 128 and 32768.',
    ],
    ['gemini-2.5-pro', budget(32_769), 'The thinking budget 32769 is invalid'],
    [old, budget(24_577), 'The thinking budget 24577 is invalid'],
    ['gemini-2.5-flash-lite', budget(511), 'The thinking budget 511 is invalid'],
    ['gemini-3.1-pro-preview', level('MINIMAL'), 'Thinking level MINIMAL is not supported'],
    [flash, level('MINIMAL'), 'Thinking level MINIMAL is not supported'],
    [
      flash,
      budget(1024),
      'Thinking budget is not supported for this model. Use thinking level instead.',
    ],
    ['gemini-4-argon', level('XHIGH'), 'Thinking level XHIGH is not supported'],
    [
      'gemini-4-argon',
      budget(1024),
      'Thinking budget is not supported for this model. Use thinking level instead.',
    ],
    [
      flash,
      configured({ thinkingConfig: { thinkingLevel: 'LOW', thinkingBudget: 5 } }),
      'You can only set only one of thinking budget and thinking level.',
    ],
  ])('of %s is refused for %j', async (model, body, message) => {
    expect(await verdict(body, model)).toContain(message);
  });

  const including = (more: object) =>
    configured({ thinkingConfig: { includeThoughts: true, ...more } });
  const nothing = 'Thinking_config.include_thoughts is only enabled when thinking is enabled.';

  it('that is off shows no thoughts', async () => {
    expect(await verdict(including({ thinkingBudget: 0 }), old)).toContain(nothing);
    expect(await verdict(including({ thinkingBudget: 0 }), old, 'vertex')).toContain(nothing);
    expect(await verdict(including({}), 'gemini-2.5-flash-lite')).toContain(nothing);
    expect(await verdict(including({ thinkingBudget: -1 }), 'gemini-2.5-flash-lite')).toBeNull();
    expect(await verdict(including({}), old)).toBeNull();
  });

  it.each<[model: string, body: object]>([
    ['gemini-2.5-pro', budget(128)],
    ['gemini-2.5-pro', budget(-1)],
    [old, budget(0)],
    ['gemini-2.5-flash-lite', budget(512)],
    ['gemini-3-flash-preview', level('MINIMAL')],
    ['gemini-3-flash-preview', budget(1024)],
    ['gemini-3.6-flash', level('minimal')],
    [flash, level('LOW')],
    ['gemini-4-neon', level('XHIGH')],
  ])('of %s is taken for %j', async (model, body) => {
    expect(await verdict(body, model)).toBeNull();
  });
});

describe('tools', () => {
  const withParameters = (parameters: object) => declare({ name: 'f', parameters });
  const withJson = (parametersJsonSchema: unknown) => declare({ name: 'f', parametersJsonSchema });
  const object = (a: object, rest: object = {}) => ({ type: 'OBJECT', properties: { a }, ...rest });

  it.each<[fault: string, body: object, message: string]>([
    [
      'a name twice',
      declare({ name: 'f' }, { name: 'f' }),
      'Duplicate function declaration found: f',
    ],
    ['an empty tool', say('Hi', { tools: [{}] }), "required one_of 'tool_type'"],
    [
      'functions in two tools',
      say('Hi', {
        tools: [
          { functionDeclarations: [{ name: 'f' }] },
          { functionDeclarations: [{ name: 'g' }] },
        ],
      }),
      'Multiple tools are supported only when they are all search tools.',
    ],
    [
      'both kinds of schema',
      declare({
        name: 'f',
        parameters: object({ type: 'STRING' }),
        parametersJsonSchema: { type: 'object' },
      }),
      'are both set',
    ],
  ])('are refused with %s', async (_fault, body, message) => {
    expect(await verdict(body)).toContain(message);
  });

  it.each<[what: string, body: object]>([
    ['no parameters', declare({ name: 'f' })],
    ['a nullable anyOf', withParameters(object({ nullable: true, anyOf: [{ type: 'STRING' }] }))],
    ['an empty JSON Schema object', withJson({ type: 'object', properties: {} })],
  ])('are taken with %s', async (_what, body) => {
    expect(await verdict(body)).toBeNull();
  });

  const mixed = say('Hi', {
    tools: [{ functionDeclarations: [{ name: 'f' }] }, { googleSearch: {} }],
  });

  it('are not mixed with built-in tools or a JSON answer before Gemini 3', async () => {
    expect(await verdict(mixed, old)).toBe('Tool use with function calling is unsupported');
    expect(await verdict(mixed, old, 'vertex')).toBe(
      'Multiple tools are supported only when they are all search tools.',
    );
    const generationConfig = { responseMimeType: 'application/json' };
    const json = { ...declare({ name: 'f' }), generationConfig };
    expect(await verdict(json, old)).toContain('Function calling with a response mime type');
    expect(await verdict(json)).toBeNull();
  });

  it('are mixed with built-in tools on the Gemini API only when the request says so', async () => {
    expect(await verdict(mixed)).toBe(
      'Please enable tool_config.include_server_side_tool_invocations to use Built-in tools with ' +
        'Function calling.',
    );
    const said = (toolConfig: object) => verdict({ ...mixed, toolConfig });
    expect(await said({ functionCallingConfig: { mode: 'AUTO' } })).toContain('Please enable');
    expect(await said({ includeServerSideToolInvocations: true })).toBeNull();
    expect(await verdict(mixed, flash, 'vertex')).toBeNull();
  });

  it('have no JSON schemas before Gemini 2.5', async () => {
    const stub = await start({ models: [{ id: 'gemini-2.0-flash', task: 'generate' }] });
    const call = 'gemini-2.0-flash:generateContent';
    const body = withJson({ type: 'object' });
    const answer = await read(await askGemini(stub, stub.addApiKey(), call, { body }));
    expect(errorOf(answer).message).toContain('not supported for this model');
  });
});
