import { describe, expect, test } from 'vitest';
import {
  misplacedField,
  nativeRouteOf,
  queryKeyOf,
  speaksGoogle,
  wantsArray,
} from '../../worker/google/address.ts';

const at = (path: string, headers: Record<string, string> = {}, method = 'POST') => ({
  method,
  url: `https://rondo.example${path}`,
  headers: new Headers(headers),
});
const withKey = { 'x-goog-api-key': 'k' };
const paramsOf = (path: string, headers = {}) => nativeRouteOf(at(path, headers))?.params;

describe('a call', () => {
  test.each([
    ['/v1beta/models/gemini-3.8-flash:generateContent', 'v1beta'],
    ['/v1/models/gemini-3.8-flash:generateContent', 'v1'],
    ['/v1alpha/models/gemini-3.8-flash%3AgenerateContent', 'v1alpha'],
    ['/v1/projects/p/locations/us/publishers/google/models/gemini-3.8-flash:generateContent', 'v1'],
    ['/v1beta1/publishers/google/models/gemini-3.8-flash:generateContent', 'v1beta1'],
  ])('is found at %s', (path, version) => {
    const route = nativeRouteOf(at(path));
    expect(route).toMatchObject({ operation: 'native', takesBody: 'held body' });
    expect(route?.params).toMatchObject({
      id: 'gemini-3.8-flash',
      verb: 'generateContent',
      version,
    });
  });

  test.each([
    '/v1/chat/completions',
    '/v1beta/models/gemini:fly',
    '/v1beta/models/a/b:generateContent',
    '/v1beta/models/a%2Fb:generateContent',
    '/v1beta/tunedModels/mine:generateContent',
    '/v2/models/gemini:generateContent',
    '/v1beta/models/:generateContent',
    '/v1beta/projects/p/publishers/google/models/g:generateContent',
  ])('is not at %s', (path) => {
    expect(nativeRouteOf(at(path))).toBeUndefined();
  });

  test('has a model whose name is spelled with escapes', () => {
    expect(paramsOf('/v1beta/models/my%20model:countTokens')).toMatchObject({ id: 'my model' });
  });

  test('keeps its query but for what says who asks, however that is spelled', () => {
    const path = '/v1beta/models/g:predict';
    for (const [query, passed] of [
      ['?alt=sse&key=secret', 'alt=sse'],
      ['?%6Bey=secret&alt=sse&fields=a%2Cb', 'alt=sse&fields=a%2Cb'],
      ['?access_token=t&oauth_token=t&bearer_token=t', ''],
      ['?keyring=1', 'keyring=1'],
      ['?%24httpMethod=DELETE&$req=a&$ct=b&$userProject=c&userProject=d&callback=e', ''],
      [
        '?$alt=sse&$fields=a&$prettyPrint=1&$.xgafv=2',
        '$alt=sse&$fields=a&$prettyPrint=1&$.xgafv=2',
      ],
      ['?fields=a?b&key=c', 'fields=a?b'],
      ['', ''],
    ]) {
      expect(paramsOf(path + query)).toMatchObject({ query: passed });
    }
  });

  test('brings along the header fields that Google is to have', () => {
    const params = paramsOf('/v1beta/models/g:predict', {
      ...withKey,
      'content-type': 'application/json',
      'x-other': '1',
    });
    expect(Object.keys(params ?? {}).filter((name) => name.startsWith('field:'))).toEqual([
      'field:content-type',
    ]);
  });
});

describe('the paths of models that OpenAI has too', () => {
  test('are Google’s for a key in its field or in the query', () => {
    for (const path of ['/v1/models', '/v1/models/gemini-3.8-flash']) {
      expect(speaksGoogle(at(path, withKey, 'GET'))).toBe(true);
      expect(speaksGoogle(at(`${path}?key=k`, {}, 'GET'))).toBe(true);
      expect(speaksGoogle(at(path, { authorization: 'Bearer k' }, 'GET'))).toBe(false);
      const anthropic = { ...withKey, 'anthropic-version': '2023-06-01' };
      expect(speaksGoogle(at(path, anthropic, 'GET'))).toBe(false);
    }
  });

  test('ask for a page by Google’s names', () => {
    const route = nativeRouteOf(at('/v1/models?pageSize=5&pageToken=a', withKey, 'GET'));
    expect(route?.params).toEqual({ limit: '5', after_id: 'a' });
  });
});

describe('paths of the version that others have too', () => {
  const none = [
    '/v1/batches',
    '/v1/fileSearchStores',
    '/v1/authTokens',
    '/v1/tunedModels/x:generateContent',
    '/v1/models/veo/operations/1',
    '/v1/none',
  ];

  test.each(none)('are Google’s for a key where Google’s clients have it: %s', (path) => {
    expect(speaksGoogle(at(path, withKey))).toBe(true);
    expect(speaksGoogle(at(`${path}?key=k`))).toBe(true);
    expect(speaksGoogle(at(path, { authorization: 'Bearer k' }))).toBe(false);
    expect(speaksGoogle(at(path, { ...withKey, 'anthropic-version': '2023-06-01' }))).toBe(false);
  });

  test.each([
    '/v1/chat/completions',
    '/v1/responses/resp_1',
    '/v1/embeddings',
    '/v1/conversations',
    '/v1/audio/speech',
    '/v1/images/none',
    '/v1/moderations',
    '/v1/messages/batches',
  ])('are nobody else’s than those who have them, wherever the key is: %s', (path) => {
    expect(speaksGoogle(at(path, withKey))).toBe(false);
    expect(speaksGoogle(at(`${path}?key=k`))).toBe(false);
  });
});

describe('a model with a colon in its name', () => {
  test('is OpenAI’s to delete or to look at, unless the key is where Google’s clients have it', () => {
    for (const method of ['GET', 'DELETE']) {
      expect(speaksGoogle(at('/v1/models/ft:x', { authorization: 'Bearer k' }, method))).toBe(
        false,
      );
      expect(speaksGoogle(at('/v1/models/ft:x', withKey, method))).toBe(true);
    }
  });

  test('is one of Google’s verbs to whoever posts, or asks by Vertex AI’s paths', () => {
    expect(speaksGoogle(at('/v1/models/gemini:fly'))).toBe(true);
    expect(speaksGoogle(at('/v1/publishers/google/models/gemini:fly', {}, 'GET'))).toBe(true);
  });
});

test('a path of Google’s that there is not asks for nothing', () => {
  expect(nativeRouteOf(at('/v1beta/none', withKey, 'GET'))).toBeUndefined();
  expect(nativeRouteOf(at('/v1beta/models', withKey, 'DELETE'))).toBeUndefined();
});

describe('what belongs to a credential', () => {
  test.each([
    ['GET', '/v1beta/files/a', 'files/a', 'no body'],
    ['POST', '/v1beta/cachedContents', 'cachedContents', 'held body'],
    ['PATCH', '/v1/cachedContents/a?updateMask=ttl', 'cachedContents/a', 'held body'],
    ['DELETE', '/v1beta/files/a', 'files/a', 'no body'],
    ['GET', '/v1beta/files/a:download?alt=media', 'files/a:download', 'no body'],
    ['POST', '/v1beta/openai/chat/completions', 'openai/chat/completions', 'held body'],
    ['POST', '/v1/projects/p/locations/l/cachedContents', 'cachedContents', 'held body'],
    [
      'POST',
      '/v1/projects/p/locations/l/endpoints/openapi/chat/completions',
      'endpoints/openapi/chat/completions',
      'held body',
    ],
  ])('is found: %s %s', (method, address, path, takesBody) => {
    const route = nativeRouteOf(at(address, withKey, method));
    expect(route).toMatchObject({ operation: 'native_resource', takesBody });
    expect(route?.params).toMatchObject({ method, path, origin: 'https://rondo.example' });
  });

  test.each([
    '/v1beta/files/../models/g:generateContent',
    '/v1beta/files/%2E%2e/models/g:generateContent',
    '/v1beta/files/..%2Fmodels',
    '/v1beta/files/a%5Cb',
    '/v1beta/files/a\\b',
    '/v1beta/files//a',
    '/v1beta/files/a b',
    '/upload/v1beta/files/./a',
    '/v1/projects/p/locations/l/cachedContents/..%2f..%2fa',
  ])('is not at %s, which can be read in two ways', (path) => {
    expect(nativeRouteOf(at(path, withKey))).toBeUndefined();
  });

  test('is uploaded by an address of its own, with the fields that tell of it', () => {
    const fields = { ...withKey, 'x-goog-upload-command': 'start' };
    const route = nativeRouteOf(at('/upload/v1beta/files', fields));
    expect(route?.params).toMatchObject({
      upload: '/upload',
      path: 'files',
      'field:x-goog-upload-command': 'start',
    });
  });

  test.each([
    ['start', 'held body'],
    ['start, upload, finalize', 'held body'],
    ['upload', 'unread body'],
    ['upload, finalize', 'unread body'],
  ])('has a body that may be read, but for the bytes of an upload: %s', (command, takesBody) => {
    const fields = { ...withKey, 'x-goog-upload-command': command };
    expect(nativeRouteOf(at('/upload/v1beta/files?upload_id=a', fields))).toMatchObject({
      takesBody,
    });
  });

  test('has a body that may be read by a path that is no upload’s', () => {
    const fields = { ...withKey, 'x-goog-upload-command': 'upload' };
    expect(nativeRouteOf(at('/v1beta/cachedContents', fields))).toMatchObject({
      takesBody: 'held body',
    });
  });

  test.each([
    ['POST', '/v1/cachedContents'],
    ['GET', '/v1/interactions/a'],
    ['POST', '/v1/openai/chat/completions'],
  ])('is Google’s by a path that nobody else has, wherever the key is: %s %s', (method, path) => {
    for (const fields of [{ authorization: 'Bearer k' }, { 'x-api-key': 'k' }]) {
      expect(speaksGoogle(at(path, fields, method))).toBe(true);
      expect(nativeRouteOf(at(path, fields, method))).toBeDefined();
    }
  });

  test('by a path that OpenAI has too is Google’s for a key in Google’s field', () => {
    expect(nativeRouteOf(at('/v1/files', withKey, 'GET'))).toBeDefined();
    expect(nativeRouteOf(at('/v1/files', { authorization: 'Bearer k' }, 'GET'))).toBeUndefined();
  });
});

describe('a query beside a body', () => {
  const misplaced = (path: string, method = 'POST') => {
    const asked = at(path, withKey, method);
    const route = nativeRouteOf(asked);
    return route && misplacedField(asked, route);
  };

  // Those of a fetch by hand, of @google/genai, @ai-sdk/google, LangChain, gemini-cli and Google's
  // clients in other languages.
  test.each([
    ['POST', '/v1beta/models/g:streamGenerateContent?alt=sse&key=k'],
    ['POST', '/v1beta/models/g:generateContent?%24alt=json%3Benum-encoding%3Dint&quotaUser=u'],
    ['POST', '/v1beta/models/g:predict?fields=a&$fields=a&prettyPrint=0&$prettyPrint=0&$.xgafv=2'],
    ['POST', '/upload/v1beta/files?uploadType=resumable&alt=json'],
    ['POST', '/upload/v1beta/files?upload_id=a&upload_protocol=resumable&x-rondo-credential=b'],
    ['PATCH', '/v1beta/cachedContents/a?updateMask=ttl'],
    ['PATCH', '/v1beta/cachedContents/a?update_mask=ttl'],
  ])(
    'may say how Google is to answer, what to change, and how an upload goes: %s %s',
    (method, path) => {
      expect(misplaced(path, method)).toBeUndefined();
    },
  );

  test.each([
    ['cachedContent', '/v1beta/models/g:generateContent?cachedContent=cachedContents/a'],
    ['model', '/v1beta/cachedContents?alt=json&model=models/g'],
    ['%6Dodel%', '/v1beta/cachedContents?%6Dodel%=models/g'],
    ['background', '/v1beta/interactions?b%61ckground=true'],
    ['previous_interaction_id', '/v1beta/interactions?%20previous_interaction_id=a'],
    ['generationConfig.seed', '/v1beta/models/g:generateContent?generationConfig.seed=1'],
    ['file.name', '/upload/v1beta/files?file.name=files/a'],
    ['updateMask', '/v1beta/cachedContents?updateMask=ttl'],
  ])('may not say %s: %s', (name, path) => {
    expect(misplaced(path)).toBe(name);
  });

  test('may say anything where there is no body', () => {
    expect(misplaced('/v1beta/files?pageSize=5&filter=a', 'GET')).toBeUndefined();
    expect(misplaced('/v1beta/fileSearchStores/a?force=true', 'DELETE')).toBeUndefined();
  });
});

test('a key in the query counts on Google’s paths alone', () => {
  expect(queryKeyOf(at('/v1beta/models/g:predict?key=k'))).toBe('k');
  expect(queryKeyOf(at('/v1beta/models/g:predict?key='))).toBeUndefined();
  expect(queryKeyOf(at('/v1/chat/completions?key=k'))).toBeUndefined();
});

test('a stream is told in an array unless it is asked for as events', () => {
  const path = '/v1beta/models/g:streamGenerateContent';
  expect(wantsArray(at(path))).toBe(true);
  expect(wantsArray(at(`${path}?alt=json`))).toBe(true);
  expect(wantsArray(at(`${path}?alt=sse`))).toBe(false);
  expect(wantsArray(at(`${path}?$alt=sse`))).toBe(false);
  expect(wantsArray(at('/v1beta/models/g:generateContent'))).toBe(false);
});
