import { describe, expect, it } from 'vitest';
import type { Speech } from '../../scripts/googlestub/calls.ts';
import { isObject, type JsonObject, objectsIn } from '../../scripts/googlestub/json.ts';
import { flash, hello, old, say, streamed, thoughtSignature } from './samples.ts';
import { askGemini, askVertex, errorOf, read, sseEvents, start } from './support.ts';

async function ask(body: unknown, model = flash, method = 'generateContent') {
  const stub = await start();
  return read(await askGemini(stub, stub.addApiKey(), `${model}:${method}`, { body }));
}

async function stream(body: unknown, model = flash): Promise<JsonObject[]> {
  return sseEvents((await ask(body, model, 'streamGenerateContent?alt=sse')).text);
}

function candidatesOf(answer: JsonObject): JsonObject[] {
  return objectsIn(answer, 'candidates');
}

function partsOf(answer: JsonObject): JsonObject[] {
  return candidatesOf(answer).flatMap(({ content }) =>
    isObject(content) ? objectsIn(content, 'parts') : [],
  );
}

function textOf(answers: JsonObject[], thought = false): string {
  return answers
    .flatMap(partsOf)
    .filter((part) => (part.thought ?? false) === thought)
    .map((part) => part.text ?? '')
    .join('');
}

describe('framing', () => {
  it('of a stream is one data line an event, ended by CR LF twice', async () => {
    const answer = await ask(say('A <tag>'), flash, 'streamGenerateContent?alt=sse');
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.text).toMatch(/^(data: \{"candidates": \[.*\}\r\n\r\n){3,}$/);
    expect(answer.text).toContain('\\u003ctag\\u003e');
    expect(answer.text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('of a stream without alt=sse is one array, element by element', async () => {
    const { text, headers } = await ask(hello, flash, 'streamGenerateContent');
    expect(headers.get('content-type')).toContain('application/json');
    expect(text).toMatch(/^\[\{\n {2}"/);
    expect(text).toContain('\n}\n,\r\n{\n');
    expect(JSON.parse(text)).toHaveLength((await stream(hello)).length);
  });

  it('of a whole answer is indented JSON', async () => {
    expect((await ask(hello)).text).toMatch(/^\{\n {2}"candidates": \[\n {4}\{/);
  });
});

describe('a text answer', () => {
  it('says the same in pieces as in one', async () => {
    const body = say('Emoji 👩‍🚀 and 世界, said in more than one piece');
    const events = await stream(body);
    expect(events.length).toBeGreaterThan(3);
    expect(textOf(events)).toBe('You said: Emoji 👩‍🚀 and 世界, said in more than one piece');
    expect(textOf([(await ask(body)).json])).toBe(textOf(events));
  });

  it('tells the finish reason in the last event alone', async () => {
    const reasons = (await stream(hello)).flatMap(candidatesOf).map((one) => one.finishReason);
    expect(reasons.at(-1)).toBe('STOP');
    expect(reasons.slice(0, -1).every((reason) => reason === undefined)).toBe(true);
  });

  it('ends from Gemini 3 on with a signature on an empty text', async () => {
    expect((await stream(hello)).at(-1)).toMatchObject({
      candidates: [{ content: { parts: [{ text: '', thoughtSignature: expect.any(String) }] } }],
    });
    expect(JSON.stringify(await stream(hello, old))).not.toContain('thoughtSignature');
  });

  it('has one response id over a stream, and another in the next', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const ids = async (): Promise<unknown[]> => {
      const events = sseEvents(await (await askGemini(stub, account, streamed)).text());
      return [...new Set(events.map(({ responseId }) => responseId))];
    };
    const [first, second] = [await ids(), await ids()];
    expect([first.length, second.length]).toEqual([1, 1]);
    expect(first).not.toEqual(second);
  });

  it('shows thoughts when they are asked for, and counts them anyway', async () => {
    const generationConfig = { thinkingConfig: { includeThoughts: true } };
    const [open, closed] = [
      await stream(say('Why?', { generationConfig })),
      await stream(say('Why?')),
    ];
    expect(textOf(open, true)).toContain('They said: Why?');
    expect(textOf(closed, true)).toBe('');
    for (const events of [open, closed]) {
      expect(events.at(-1)?.usageMetadata).toMatchObject({ thoughtsTokenCount: 8 });
    }
  });

  it('does not think when the budget is 0', async () => {
    const generationConfig = { thinkingConfig: { thinkingBudget: 0 } };
    const { json } = await ask(say('Why?', { generationConfig }), old);
    expect(json.usageMetadata).not.toHaveProperty('thoughtsTokenCount');
  });

  it('adds up its usage', async () => {
    const { usageMetadata } = (await ask(hello)).json;
    const usage = usageMetadata as Record<string, number>;
    const sum = usage.promptTokenCount! + usage.candidatesTokenCount! + usage.thoughtsTokenCount!;
    expect(usage.totalTokenCount).toBe(sum);
    expect(usage.promptTokensDetails).toEqual([{ modality: 'TEXT', tokenCount: 3 }]);
  });

  it('counts a long beginning that it has seen before as cached', async () => {
    const stub = await start();
    const [account, other] = [stub.addApiKey(), stub.addApiKey()];
    const body = say('x'.repeat(10_000));
    const cached = async (who: typeof account): Promise<unknown> => {
      const { json } = await read(await askGemini(stub, who, undefined, { body }));
      return (json.usageMetadata as JsonObject).cachedContentTokenCount;
    };
    expect(await cached(account)).toBeUndefined();
    expect(await cached(account)).toBe(2048);
    expect(await cached(account)).toBe(2048);
    expect(await cached(other)).toBeUndefined();
  });

  it('is cut by maxOutputTokens, thoughts included', async () => {
    const cut = say('Hello', { generationConfig: { maxOutputTokens: 10 } });
    const { json } = await ask(cut);
    expect(candidatesOf(json)[0]?.finishReason).toBe('MAX_TOKENS');
    expect(textOf([json])).toBe('You said');
  });

  it('has no text when thinking took all the tokens', async () => {
    const body = say('Hello', { generationConfig: { maxOutputTokens: 5 } });
    for (const answers of [[(await ask(body)).json], await stream(body)]) {
      expect(answers.flatMap(partsOf)).toEqual([]);
      expect(answers.flatMap(candidatesOf)).toMatchObject([{ finishReason: 'MAX_TOKENS' }]);
      expect(answers[0]?.usageMetadata).toMatchObject({ thoughtsTokenCount: 5 });
    }
  });

  it('ends before a stop sequence', async () => {
    const { json } = await ask(
      say('one two three', { generationConfig: { stopSequences: ['two'] } }),
    );
    expect(textOf([json])).toBe('You said: one ');
    expect(candidatesOf(json)[0]?.finishReason).toBe('STOP');
  });

  it('comes several times over where the family allows it', async () => {
    const body = say('Hi', { generationConfig: { candidateCount: 2 } });
    const { json } = await ask(body, old);
    expect(candidatesOf(json).map(({ index }) => index)).toEqual([0, 1]);
    const indices = (await stream(body, old)).flatMap(candidatesOf).map(({ index }) => index);
    expect(new Set(indices)).toEqual(new Set([0, 1]));
  });

  it('carries log probabilities for each of its tokens', async () => {
    const generationConfig = { responseLogprobs: true, logprobs: 2 };
    const { json } = await ask(say('Hi there', { generationConfig }), old);
    const result = candidatesOf(json)[0]?.logprobsResult as Record<string, JsonObject[]>;
    expect(result.chosenCandidates?.map(({ token }) => token).join('')).toBe('You said: Hi there');
    expect(result.chosenCandidates).toHaveLength(5);
    expect(result.topCandidates).toHaveLength(5);
    expect(result.topCandidates?.[0]?.candidates).toHaveLength(2);
  });

  it('describes media that came along, and counts them by kind', async () => {
    const data = Buffer.from('pixels').toString('base64');
    const media = ['image/png', 'audio/wav', 'video/mp4', 'application/pdf'];
    const parts = media.map((mimeType) => ({ inlineData: { mimeType, data } }));
    const { json } = await ask({
      contents: [{ role: 'user', parts: [{ text: 'See' }, ...parts] }],
    });
    expect(textOf([json])).toContain('You said: See [image/png, 6 bytes] [audio/wav, 6 bytes]');
    expect((json.usageMetadata as JsonObject).promptTokensDetails).toEqual([
      { modality: 'TEXT', tokenCount: 1 },
      { modality: 'IMAGE', tokenCount: 258 },
      { modality: 'AUDIO', tokenCount: 258 },
      { modality: 'VIDEO', tokenCount: 258 },
      { modality: 'DOCUMENT', tokenCount: 258 },
    ]);
  });
});

describe('a JSON answer', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 6 },
      kind: { enum: ['b', 'c'] },
      ages: { type: 'array', items: { type: 'integer', minimum: 3 }, minItems: 2 },
      other: { $ref: '#/$defs/other' },
      skipped: { type: 'string' },
    },
    required: ['name', 'kind', 'ages', 'other'],
    $defs: { other: { anyOf: [{ type: 'null' }, { type: 'boolean' }] } },
  };

  it('is an object when no schema is given', async () => {
    const generationConfig = { responseMimeType: 'application/json' };
    const { json } = await ask(say('Hi', { generationConfig }));
    expect(JSON.parse(textOf([json]))).toEqual({ answer: 'You said: Hi' });
  });

  it('obeys a JSON schema', async () => {
    const generationConfig = { responseMimeType: 'application/json', responseJsonSchema: schema };
    const text = textOf(await stream(say('Hi', { generationConfig })));
    expect(JSON.parse(text)).toEqual({ name: 'textxx', kind: 'b', ages: [3, 3], other: true });
  });

  it("obeys Google's own kind of schema", async () => {
    const responseSchema = {
      type: 'OBJECT',
      properties: { list: { type: 'ARRAY', items: { type: 'STRING' }, minItems: '2' } },
    };
    const generationConfig = { responseMimeType: 'application/json', responseSchema };
    const { json } = await ask(say('Hi', { generationConfig }));
    expect(JSON.parse(textOf([json]))).toEqual({ list: ['text', 'text'] });
  });

  it('is a bare word for an enum', async () => {
    const responseSchema = { type: 'STRING', enum: ['red', 'green'] };
    const generationConfig = { responseMimeType: 'text/x.enum', responseSchema };
    expect(textOf([(await ask(say('Hi', { generationConfig }))).json])).toBe('red');
  });
});

describe('function calls', () => {
  const time = {
    name: 'get_time',
    parametersJsonSchema: {
      type: 'object',
      properties: { tz: { type: 'string' } },
      required: ['tz'],
    },
  };
  const tools = [{ functionDeclarations: [time, { name: 'get_weather' }] }];

  function callsOf(answers: JsonObject[]): JsonObject[] {
    return answers.flatMap(partsOf).filter((part) => part.functionCall !== undefined);
  }

  it('are made for the functions that the user names, with his arguments', async () => {
    const body = say('Use get_time({"tz":"UTC (0)"}) and get_weather.', { tools });
    const calls = callsOf(await stream(body));
    expect(calls).toMatchObject([
      { functionCall: { name: 'get_time', args: { tz: 'UTC (0)' }, id: expect.any(String) } },
      { functionCall: { name: 'get_weather', args: {} } },
    ]);
  });

  it('have arguments that obey the schema when the user gives none', async () => {
    expect(callsOf([(await ask(say('get_time', { tools }))).json])).toMatchObject([
      { functionCall: { args: { tz: 'text' } } },
    ]);
  });

  it('carry a signature on the first of a round alone', async () => {
    const calls = callsOf(await stream(say('get_time and get_weather', { tools })));
    expect(calls.map(({ thoughtSignature }) => typeof thoughtSignature)).toEqual([
      'string',
      'undefined',
    ]);
  });

  it('end with STOP in an event after the calls', async () => {
    const events = await stream(say('get_time', { tools }));
    expect(callsOf(events.slice(-1))).toEqual([]);
    expect(candidatesOf(events.at(-1) ?? {})).toMatchObject([{ finishReason: 'STOP' }]);
  });

  it('stand alone in an answer that does not stream', async () => {
    const [part, ...others] = partsOf((await ask(say('get_time', { tools }))).json);
    expect([Object.keys(part ?? {}), others]).toEqual([['functionCall', 'thoughtSignature'], []]);
  });

  it('are not made when the user names no function', async () => {
    expect(callsOf([(await ask(say('What is the time?', { tools }))).json])).toEqual([]);
  });

  it('are forced by mode ANY and forbidden by NONE', async () => {
    const config = (functionCallingConfig: object) => ({
      tools,
      toolConfig: { functionCallingConfig },
    });
    const allowedFunctionNames = ['get_weather'];
    const any = await ask(say('Hi', config({ mode: 'ANY', allowedFunctionNames })));
    expect(callsOf([any.json])).toMatchObject([{ functionCall: { name: 'get_weather' } }]);
    const none = await ask(say('get_time', config({ mode: 'NONE' })));
    expect(callsOf([none.json])).toEqual([]);
  });

  it('go round by round, and end in a text about the last responses', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const contents: JsonObject[] = [
      { role: 'user', parts: [{ text: 'get_time and get_weather then get_time' }] },
    ];
    const names: string[][] = [];
    for (let round = 0; round < 2; round += 1) {
      const body = { contents, tools };
      const { json } = await read(await askGemini(stub, account, undefined, { body }));
      const calls = callsOf([json]);
      names.push(calls.map((part) => String((part.functionCall as JsonObject).name)));
      const responses = calls.map(({ functionCall }) => {
        const { name, id } = functionCall as JsonObject;
        return { functionResponse: { name: name ?? '', id: id ?? '', response: { output: 1 } } };
      });
      contents.push(
        { role: 'model', parts: [{ text: 'Well:' }, ...calls] },
        { role: 'user', parts: responses },
      );
    }
    expect(names).toEqual([['get_time', 'get_weather'], ['get_time']]);
    const body = { contents, tools };
    const { json } = await read(await askGemini(stub, account, undefined, { body }));
    expect(textOf([json])).toBe('The tools said: get_time {"output":1}');
  });

  it("have ids that look like any caller's", async () => {
    const calls = callsOf(await stream(say('get_time and get_weather', { tools })));
    const ids = calls.map(({ functionCall }) => (functionCall as JsonObject).id);
    expect(ids).toEqual([
      expect.stringMatching(/^call_\d{7}$/),
      expect.stringMatching(/^call_\d{7}$/),
    ]);
    expect(new Set(ids).size).toBe(2);
  });

  it('without ids in the current turn are answered with nothing by Vertex', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const ask = async (id: object, model: string, ...more: object[]): Promise<JsonObject> => {
      const contents = [
        { role: 'user', parts: [{ text: 'get_time' }] },
        { role: 'model', parts: [{ functionCall: { ...id, name: 'a' }, thoughtSignature }] },
        { role: 'user', parts: [{ functionResponse: { ...id, name: 'a', response: {} } }] },
        ...more,
      ];
      const call = `${model}:generateContent`;
      return (await read(await askVertex(stub, account, call, { body: { contents } }))).json;
    };
    const nothing = [{ content: { role: 'model' }, finishReason: 'STOP' }];
    expect(candidatesOf(await ask({}, flash))).toEqual(nothing);
    expect(textOf([await ask({ id: '1' }, flash)])).toContain('The tools said');
    expect(textOf([await ask({}, old)])).toContain('The tools said');
    const next = [
      { role: 'model', parts: [{ text: 'Noon' }] },
      { role: 'user', parts: [{ text: 'Thanks' }] },
    ];
    expect(textOf([await ask({}, flash, ...next)])).toBe('You said: Thanks');
  });

  it('have no id on Vertex before Gemini 3', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const idOf = async (model: string): Promise<unknown> => {
      const options = { body: say('get_time', { tools }) };
      const response = await askVertex(stub, account, `${model}:generateContent`, options);
      const [call] = callsOf([(await read(response)).json]);
      return isObject(call?.functionCall) ? call.functionCall.id : 'no call';
    };
    expect(await idOf(old)).toBeUndefined();
    expect(await idOf(flash)).toEqual(expect.any(String));
  });
});

describe('a scripted answer', () => {
  const piece = (text: string, rest: object = {}) => ({
    candidates: [{ content: { parts: [{ text }], role: 'model' }, ...rest }],
  });

  it('is streamed response by response', async () => {
    const stub = await start();
    const responses = [piece('a'), piece('b', { finishReason: 'SAFETY' })] as JsonObject[];
    stub.answerNext({ model: flash }, { responses });
    const { text } = await read(await askGemini(stub, stub.addApiKey(), streamed));
    expect(sseEvents(text)).toEqual(responses);
  });

  it('is merged for a call that does not stream', async () => {
    const stub = await start();
    const responses = [piece('a'), piece('b', { finishReason: 'SAFETY' })] as JsonObject[];
    stub.answerNext({}, { responses });
    const { json } = await read(await askGemini(stub, stub.addApiKey()));
    expect(json).toEqual(piece('ab', { finishReason: 'SAFETY' }));
  });

  it('waits for a call that fits it', async () => {
    const stub = await start();
    const [account, other] = [stub.addApiKey(), stub.addApiKey()];
    stub.answerNext({ credential: other.name }, { responses: [piece('scripted')] });
    const said = async (who: typeof account): Promise<string> =>
      textOf([(await read(await askGemini(stub, who))).json]);
    expect(await said(account)).toBe('You said: Hello, world');
    expect(await said(other)).toBe('scripted');
    expect(await said(other)).toBe('You said: Hello, world');
  });

  it('may be raw bytes of any status and type, cut anywhere', async () => {
    const stub = await start();
    const raw = { bytes: 'data: {"a"\r\n', cuts: [1, 7], status: 201, contentType: 'text/x' };
    stub.answerNext({}, raw);
    const answer = await read(await askGemini(stub, stub.addApiKey()));
    expect(answer).toMatchObject({ status: 201, text: raw.bytes });
    expect(answer.headers.get('content-type')).toBe('text/x');
  });

  it('may be made from the request', async () => {
    const stub = await start();
    stub.answerNext({}, (request, call) => ({
      responses: [piece(`${call.model}: ${objectsIn(request, 'contents').length}`)],
    }));
    const { json } = await read(await askGemini(stub, stub.addApiKey()));
    expect(textOf([json])).toBe(`${flash}: 1`);
  });
});

describe('a play', () => {
  const calls = [
    { name: 'get_time', args: { tz: 'UTC' } },
    { name: 'get_weather', args: {} },
  ];
  const playing = async (speech: Speech | undefined) => {
    const stub = await start();
    stub.setPlay(() => speech);
    return { stub, account: stub.addApiKey() };
  };

  it('makes the calls that the function tells, the first one signed', async () => {
    const { stub, account } = await playing({ calls, text: '' });
    const { json } = await read(await askGemini(stub, account));
    const [first, second] = partsOf(json);
    expect(first?.functionCall).toMatchObject({ name: 'get_time', args: { tz: 'UTC' } });
    expect(first?.thoughtSignature).toEqual(expect.any(String));
    expect(second?.functionCall).toMatchObject({ name: 'get_weather' });
    expect(second?.thoughtSignature).toBeUndefined();
  });

  it('says its text when it makes no call', async () => {
    const { stub, account } = await playing({ calls: [], text: 'The end.' });
    expect(textOf([(await read(await askGemini(stub, account))).json])).toBe('The end.');
  });

  it('leaves a request to the stub when it says nothing', async () => {
    const { stub, account } = await playing(undefined);
    const { json } = await read(await askGemini(stub, account));
    expect(textOf([json])).toBe('You said: Hello, world');
  });

  it('never sees a request that Google would refuse', async () => {
    const { stub, account } = await playing({ calls: [], text: 'The end.' });
    const body = { contents: [] };
    expect((await read(await askGemini(stub, account, undefined, { body }))).status).toBe(400);
  });

  it('ends with a reset', async () => {
    const { stub, account } = await playing({ calls: [], text: 'The end.' });
    stub.reset();
    const { json } = await read(await askGemini(stub, account));
    expect(textOf([json])).toBe('You said: Hello, world');
  });
});

describe('counting and embedding', () => {
  it('counts the tokens of a prompt', async () => {
    const { json } = await ask(hello, flash, 'countTokens');
    expect(json.totalTokens).toBe(3);
  });

  it('tells the tokens of each content, on Vertex AI alone', async () => {
    const stub = await start();
    const body = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };
    const call = `${flash}:computeTokens`;
    const { json } = await read(await askVertex(stub, stub.addServiceAccount(), call, { body }));
    expect(json.tokensInfo).toEqual([
      { role: 'user', tokens: ['SGVsbA==', 'bw=='], tokenIds: ['389', '111'] },
    ]);
    expect((await askGemini(stub, stub.addApiKey(), call, { body })).status).toBe(404);
  });

  it('gives the same text the same vector, of the length asked for', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const embed = async (text: string, outputDimensionality: number) => {
      const content = { parts: [{ text }] };
      const model = 'models/gemini-embedding-001';
      const body = { requests: [{ model, content, outputDimensionality }] };
      const call = 'gemini-embedding-001:batchEmbedContents';
      const { json } = await read(await askGemini(stub, account, call, { body }));
      return objectsIn(json, 'embeddings')[0]?.values as number[];
    };
    const vector = await embed('a', 768);
    expect(vector).toHaveLength(768);
    expect(await embed('a', 768)).toEqual(vector);
    expect(await embed('b', 768)).not.toEqual(vector);
    expect(Math.hypot(...(await embed('a', 3072)))).toBeCloseTo(1);
  });

  it('predicts embeddings on Vertex', async () => {
    const stub = await start();
    const body = { instances: [{ content: 'a' }, { content: 'b' }] };
    const call = 'text-embedding-005:predict';
    const response = await askVertex(stub, stub.addServiceAccount(), call, { body });
    expect((await read(response)).json.predictions).toHaveLength(2);
  });

  it('takes so many texts in one call as Google does', async () => {
    const stub = await start();
    const wordsFor = async (call: string, body: object) => {
      const isVertex = call.endsWith('predict');
      const account = isVertex ? stub.addServiceAccount() : stub.addApiKey();
      const ask = isVertex ? askVertex : askGemini;
      return errorOf(await read(await ask(stub, account, call, { body }))).message;
    };
    const instances = (count: number) => ({ instances: Array(count).fill({ content: 'a' }) });
    const request = {
      model: 'models/gemini-embedding-2',
      content: { parts: [{ text: 'a' }] },
    };
    const many = { requests: Array(101).fill(request) };
    expect(await wordsFor('gemini-embedding-2:batchEmbedContents', many)).toContain(
      'at most 100 requests can be in one batch',
    );
    expect(await wordsFor('gemini-embedding-001:predict', instances(2))).toContain(
      'batchSize must be 1 but the entered value was 2',
    );
    expect(await wordsFor('text-embedding-005:predict', instances(251))).toContain(
      '250 instance(s) is allowed per prediction. Actual: 251',
    );
    expect(await wordsFor('gemini-embedding-2:predict', instances(1))).toBe(
      'Precondition check failed.',
    );
    const long = { instances: Array(200).fill({ content: 'word '.repeat(100) }) };
    expect(await wordsFor('text-embedding-005:predict', long)).toContain('supports up to 20000');
  });

  it('refuses to embed with a model that talks', async () => {
    const body = { content: { parts: [{ text: 'a' }] } };
    expect((await ask(body, flash, 'embedContent')).status).toBe(404);
    expect((await ask(hello, 'gemini-embedding-001')).status).toBe(404);
  });
});
