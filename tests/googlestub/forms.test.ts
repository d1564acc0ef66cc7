import { describe, expect, it } from 'vitest';
import { configured, flash, old, say } from './samples.ts';
import { type Answered, type Backend, errorOf, post, read, start, verdict } from './support.ts';

const tool = (tools: object) => say('Hi', { tools: [tools] });
const part = (more: object) => ({ contents: [{ role: 'user', parts: [{ text: 'Hi' }, more] }] });
const image = { inlineData: { mimeType: 'image/png', data: 'iVBORw==' } };

describe('a value of an enumeration', () => {
  const response = { name: 'f', response: {}, scheduling: 'SOON' };
  it.each([
    ['FunctionResponse.Scheduling', part({ functionResponse: response })],
    ['Language', part({ executableCode: { language: 'RUBY', code: '' } })],
    ['Outcome', part({ codeExecutionResult: { outcome: 'FINE', output: '' } })],
    ['Behavior', tool({ functionDeclarations: [{ name: 'f', behavior: 'SLOW' }] })],
    ['Environment', tool({ computerUse: { environment: 'ENVIRONMENT_TOASTER' } })],
  ])('%s is one of its own', async (type, body) => {
    expect(await verdict(body)).toContain(`.${type.split('.').at(-1)}), "`);
  });

  it('may be Vertex’s alone', async () => {
    const body = say('Hi', {
      safetySettings: [{ category: 'HARM_CATEGORY_JAILBREAK', threshold: 'BLOCK_NONE' }],
    });
    expect(await verdict(body, flash, 'vertex')).toBeNull();
    expect(await verdict(body)).toContain("Invalid value at 'safety_settings[0].category'");
  });
});

describe('a tool of Google’s', () => {
  it.each<[name: string, tools: object, backend?: Backend]>([
    ['site', { googleSearch: { site: 'example.com' } }],
    ['excludeDomains', { googleSearch: { excludeDomains: ['example.com'] } }],
    ['timeRangeFilter', { googleSearch: { timeRangeFilter: {} } }, 'vertex'],
    ['urls', { urlContext: { urls: [] } }],
    ['language', { codeExecution: { language: 'PYTHON' } }],
    ['radius', { googleMaps: { radius: 1 } }],
  ])('has no field %s', async (name, tools, backend = 'gemini') => {
    expect(await verdict(tool(tools), flash, backend)).toContain(`Unknown name "${name}"`);
  });

  it('has what its back-end knows', async () => {
    const domains = { googleSearch: { excludeDomains: ['example.com'] } };
    expect(await verdict(tool(domains), flash, 'vertex')).toBeNull();
    expect(await verdict(tool({ googleSearch: { timeRangeFilter: {} } }))).toBeNull();
  });

  it('of the first generation is refused', async () => {
    expect(await verdict(tool({ googleSearchRetrieval: {} }))).toContain('google_search tool');
  });
});

describe('a text', () => {
  it('is of whole characters', async () => {
    const half = '{"contents":[{"role":"user","parts":[{"text":"a\\ud83d"}]}]}';
    expect(await verdict(half)).toContain('Invalid low surrogate');
    expect(await verdict(half.replace('ud83d', 'ud83d\\ude00'))).toBeNull();
  });

  it('is no longer than what a model takes', async () => {
    const long = say('word '.repeat(900_000));
    expect(await verdict(long)).toBe(
      'The input token count (1125000) exceeds the maximum number of tokens allowed (1048576).',
    );
    expect(await verdict(long, flash, 'vertex')).toContain('only supports up to 1048576');
  });
});

describe('what stands beside media', () => {
  it('stands beside nothing else', async () => {
    const resolution = { mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' } };
    expect(await verdict(part({ ...image, ...resolution }))).toBeNull();
    expect(await verdict(part({ text: 'a', ...resolution }))).toContain('media_resolution');
    expect(await verdict(part({ text: 'a', videoMetadata: { fps: 1 } }))).toContain(
      'video_metadata',
    );
  });

  it('is not known to older models', async () => {
    const resolution = { mediaResolution: { level: 'MEDIA_RESOLUTION_LOW' } };
    expect(await verdict(part({ ...image, ...resolution }), old)).toContain('not enabled');
  });

  it('tells durations as protobuf does', async () => {
    const from = (startOffset: string) =>
      verdict(part({ ...image, videoMetadata: { startOffset } }));
    expect(await from('3.5s')).toBeNull();
    expect(await from('00:03')).toContain('google.protobuf.Duration');
  });
});

describe('a voice', () => {
  it('has no fields but its own', async () => {
    const speaker = { speaker: 'Joe', voice: 'Kore' };
    const body = configured({
      speechConfig: { multiSpeakerVoiceConfig: { speakerVoiceConfigs: [speaker] } },
    });
    expect(await verdict(body)).toContain('Unknown name "voice"');
  });
});

describe('an address', () => {
  const ask = async (verb: string, path: string, body?: object): Promise<Answered> => {
    const stub = await start();
    const headers = {
      'x-goog-api-key': stub.addApiKey().apiKey,
      'content-type': 'application/json',
    };
    const init = { method: verb, headers, ...(body && { body: JSON.stringify(body) }) };
    return read(await fetch(stub.url + path, init));
  };

  it.each([
    ['PUT', '/v1beta/files'],
    ['DELETE', '/v1beta/cachedContents'],
    ['PATCH', '/v1beta/files/a'],
    ['POST', '/v1beta/cachedContents/a'],
    ['GET', `/v1beta/models/${flash}:generateContent`],
    ['GET', '/v1beta/interactions'],
  ])('has verbs of its own, not %s %s', async (verb, path) => {
    const { status, text } = await ask(verb, path);
    expect(status).toBe(404);
    expect(text).toContain('<!DOCTYPE html>');
  });

  it('names a model by its id', async () => {
    const { json } = await ask(
      'POST',
      '/v1beta/models/Gemini%203%20Flash:generateContent',
      say('Hi'),
    );
    expect(json.error).toMatchObject({
      code: 400,
      message: '* GenerateContentRequest.model: unexpected model name format\n',
    });
  });

  it('takes of an interaction what it has', async () => {
    const asked = { model: flash, input: 'Hi', temperature: 1 };
    const { status, text } = await ask('POST', '/v1beta/interactions', asked);
    expect(status).toBe(400);
    expect(text).toContain('temperature');
  });
});

describe('what a cache holds', () => {
  const make = async (more: object): Promise<Answered> => {
    const stub = await start();
    const headers = { 'x-goog-api-key': stub.addApiKey().apiKey };
    const contents = [{ role: 'user', parts: [{ text: 'Something long. '.repeat(400) }] }];
    const body = { model: `models/${flash}`, contents, ...more };
    return read(await post(`${stub.url}/v1beta/cachedContents`, { body, headers }));
  };

  it.each([
    ['a turn of nobody', { contents: [{ role: 'system', parts: [{ text: 'a' }] }] }],
    ['a tool without a name', { tools: [{ functionDeclarations: [{ name: '' }] }] }],
    ['two ends', { ttl: '60s', expireTime: '2030-01-01T00:00:00Z' }],
    ['a time of another form', { ttl: '5m' }],
    ['a day of another form', { expireTime: 'tomorrow' }],
    ['settings', { generationConfig: {} }],
  ])('is not %s', async (_, more) => {
    expect(errorOf(await make(more))).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
  });

  it('is for no model that has Google’s caches alone', async () => {
    const answer = await make({ model: 'models/gemini-4-argon' });
    expect(answer.status).toBe(404);
    expect(errorOf(answer).message).toContain('is not supported for createCachedContent');
    expect((await make({ model: 'models/gemini-4-carbon' })).status).toBe(200);
  });

  it('may end with any turn, or have none', async () => {
    const turns = [
      { role: 'user', parts: [{ text: 'Something long. '.repeat(400) }] },
      { role: 'model', parts: [{ text: 'Yes.' }] },
    ];
    expect((await make({ contents: turns })).status).toBe(200);
    const systemInstruction = { parts: [{ text: 'Something long. '.repeat(400) }] };
    expect((await make({ contents: [], systemInstruction })).status).toBe(200);
  });
});

describe('what lies in the Gemini API', () => {
  it('is counted where a model answers', async () => {
    const stub = await start({ quotas: { perMinute: 1 } });
    const headers = { 'x-goog-api-key': stub.addApiKey().apiKey };
    const ask = async () =>
      read(
        await post(`${stub.url}/v1beta/interactions`, {
          body: { model: flash, input: 'Hi' },
          headers,
        }),
      );
    expect((await ask()).status).toBe(200);
    expect(errorOf(await ask())).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
  });

  it('is a file for two days', async () => {
    const stub = await start();
    const headers = { 'x-goog-api-key': stub.addApiKey().apiKey };
    const begun = await post(`${stub.url}/upload/v1beta/files`, {
      body: {},
      headers: {
        ...headers,
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-length': '1',
        'x-goog-upload-header-content-type': 'text/plain',
      },
    });
    const url = begun.headers.get('x-goog-upload-url') ?? '';
    const done = await post(url, {
      body: 'x',
      headers: {
        ...headers,
        'x-goog-upload-command': 'upload, finalize',
        'x-goog-upload-offset': '0',
      },
    });
    const { file } = (await done.json()) as { file: { name: string; uri: string } };
    const show = () => {
      const fileData = { fileUri: file.uri, mimeType: 'text/plain' };
      const call = `${stub.url}/v1beta/models/${flash}:generateContent`;
      return post(call, { body: part({ fileData }), headers });
    };
    expect((await show()).status).toBe(200);
    stub.advance(48 * 3_600_000);
    expect((await show()).status).toBe(403);
    expect((await fetch(`${stub.url}/v1beta/${file.name}`, { headers })).status).toBe(403);
  });
});

describe('a continuation', () => {
  it('is of a token that Google gave', async () => {
    expect(await verdict(say('Hi', { continuationToken: 'AAAA' }))).toContain('continuation token');
  });
});

describe('a batch of embeddings', () => {
  const model = 'gemini-embedding-001';
  const batch = (requests: object[]) =>
    verdict({ requests }, model, 'gemini', 'batchEmbedContents');
  const content = { parts: [{ text: 'a' }] };

  it('is by the model of the address, and tells which isn’t', async () => {
    const one = { model: `models/${model}`, content };
    expect(await batch([one, one])).toBeNull();
    expect(await batch([one, { content }])).toBe(
      '* BatchEmbedContentsRequest.requests[1].model: model must match the model in the URL\n',
    );
  });

  it('is of something', async () => {
    expect(await batch([])).toContain('requests is not specified');
  });
});

describe('a single embedding', () => {
  const embed = (more: object) =>
    verdict(
      { content: { parts: [{ text: 'a' }] }, ...more },
      'gemini-embedding-001',
      'gemini',
      'embedContent',
    );

  it('is by the model of the address, and of a text', async () => {
    expect(await embed({ model: 'models/gemini-embedding-001' })).toBeNull();
    expect(await embed({ model: 'models/gemini-embedding-2' })).toContain('model');
    expect(await embed({ content: { parts: [{ text: '' }] } })).toContain(
      'EmbedContentRequest.content contains an empty Part.',
    );
  });

  it('has as many dimensions as its model can have', async () => {
    for (const outputDimensionality of [127, 3073]) {
      expect(await embed({ outputDimensionality })).toBe(
        '* EmbedContentRequest.output_dimensionality: output_dimensionality must be between 128 and ' +
          '3072\n',
      );
    }
    for (const outputDimensionality of [128, 3072]) {
      expect(await embed({ outputDimensionality })).toBeNull();
    }
  });
});
