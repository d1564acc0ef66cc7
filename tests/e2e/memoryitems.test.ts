// Which items a conversation takes: those that the module takes in a request.
import { beforeAll, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { failed, model } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars(), store: true });
});

const post = (path: string, body: object): Promise<Response> =>
  rondo.fetch(path, { method: 'POST', body: JSON.stringify(body) });

const idOf = async (answer: Response): Promise<string> => {
  const told = (await answer.json()) as { id: string; error?: unknown };
  expect(told.error ?? null).toBeNull();
  return told.id;
};

const hello = { role: 'user', content: 'Hello' };
const says = (content: unknown) => ({ role: 'user', content });
const part = (fields: object) => says([fields]);
const picture = 'data:image/png;base64,iVBORw0KGgo=';
const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'c', output: 'x' };
const tool = (fields: object) => ({ type: 'additional_tools', role: 'developer', tools: [fields] });
const image = (url: unknown) => part({ type: 'input_image', image_url: url });
const file = (fields: object) => part({ type: 'input_file', ...fields });
const sound = (data: string, format: string) =>
  part({ type: 'input_audio', input_audio: { data, format } });
const document = (source: object, title?: unknown) => part({ type: 'document', source, title });
const functions = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ type: 'function', name: `f${i}` }));
const space = (name: string, tools: readonly object[]) => ({ type: 'namespace', name, tools });
const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [i, 1]));

describe('an item that no request could go on from is refused, naming its field:', () => {
  const faults: readonly (readonly [string, unknown])[] = [
    ['', 5],
    ['', null],
    ['', []],
    ['.type', { type: 5 }],
    ['.role', {}],
    ['.role', { type: 'message', content: 'x' }],
    ['.role', { role: 'wizard', content: 'x' }],
    ['.role', { role: 5, content: 'x' }],
    ['.role', { type: 'message', role: '__proto__', content: 'x' }],
    ['.content', { role: 'user' }],
    ['.content', { role: 'user', content: null }],
    ['.content', says(5)],
    ['.content', says({ type: 'input_text', text: 'x' })],
    ['.content[0]', says(['text'])],
    ['.content[0].type', part({ text: 'x' })],
    ['.content[0].type', part({ type: 'constructor' })],
    ['.content[0].type', part({ type: 'sculpture' })],
    ['.content[1].text', says([{ type: 'input_text', text: 'x' }, { type: 'input_text' }])],
    ['.content[0].text', part({ type: 'output_text', text: {} })],
    ['.content[0].refusal', part({ type: 'refusal', refusal: 5 })],
    ['.content[0].image_url', part({ type: 'input_image' })],
    ['.content[0].image_url', part({ type: 'input_image', image_url: 5 })],
    ['.content[0].image_url', part({ type: 'image_url', image_url: [picture] })],
    ['.content[0].image_url.url', part({ type: 'image_url', image_url: {} })],
    ['.content[0].detail', part({ type: 'input_image', image_url: picture, detail: 1 })],
    ['.content[0].file_id', part({ type: 'input_image', file_id: 5 })],
    ['.content[0].file_data', part({ type: 'input_file', filename: 'a.pdf' })],
    ['.content[0].filename', part({ type: 'input_file', filename: 5, file_data: 'JVBERi0=' })],
    ['.content[0].file', part({ type: 'file' })],
    ['.content[0].file.file_data', part({ type: 'file', file: {} })],
    ['.content[0].input_audio', part({ type: 'input_audio' })],
    [
      '.content[0].input_audio.format',
      part({ type: 'input_audio', input_audio: { data: 'eA==' } }),
    ],
    ['.content[0].video_url', part({ type: 'video_url' })],
    ['.content[0].file.filename', part({ type: 'file', file: { file_id: 'a', filename: 5 } })],
    ['.content[0].source', part({ type: 'image' })],
    ['.content[0].source.media_type', part({ type: 'image', source: { data: 'eA==' } })],
    ['.summary', { type: 'reasoning', summary: 'x' }],
    ['.call_id', { ...call, call_id: undefined }],
    ['.name', { ...call, name: undefined }],
    ['.name', { ...call, name: '' }],
    ['.arguments', { ...call, arguments: 5 }],
    ['.namespace', { ...call, namespace: 5 }],
    ['.input', { type: 'custom_tool_call', call_id: 'c', name: 'f', input: [] }],
    ['.call_id', { type: 'shell_call', action: {} }],
    ['.call_id', { ...output, call_id: undefined }],
    ['.output', { ...output, output: 5 }],
    ['.output[0].type', { ...output, output: [{}] }],
    ['.call_id', { type: 'local_shell_call_output', output: 'x' }],
    ['.outputs', { type: 'code_interpreter_call', code: 'x', outputs: {} }],
    ['.result', { type: 'image_generation_call', result: 5 }],
    ['.call_id', { type: 'tool_search_call', call_id: '' }],
    ['.call_id', { type: 'tool_search_output', call_id: 5, tools: [] }],
    ['.status', { type: 'apply_patch_call_output', call_id: 'c', status: 5 }],
    ['.tools', { type: 'additional_tools', tools: {} }],
    ['.tools[0].type', tool({})],
    ['.tools[0].type', tool({ type: 'hammer' })],
    ['.tools[0].type', tool({ type: 'file_search' })],
    ['.tools[0].name', tool({ type: 'function' })],
    [
      '.tools[0].tools[0].name',
      tool({ type: 'namespace', name: 'n', tools: [{ type: 'custom' }] }),
    ],
    ['.tools[0].environment.type', tool({ type: 'shell', environment: { type: 'cloud' } })],
    ['.tools', { type: 'tool_search_output', call_id: 'c', tools: 5 }],
    ['.tools[0].parameters', tool({ type: 'function', name: 'f', parameters: 5 })],
    ['.tools[0].parameters', tool({ type: 'function', name: 'f', parameters: [] })],
    ['.tools[0].description', tool({ type: 'function', name: 'f', description: 5 })],
    ['.tools[0].format', tool({ type: 'custom', name: 'f', format: 5 })],
    ['.tools[0].format.type', tool({ type: 'custom', name: 'f', format: { type: 5 } })],
    [
      '.tools[0].format.syntax',
      tool({ type: 'custom', name: 'f', format: { type: 'grammar', syntax: 5 } }),
    ],
    [
      '.tools[0].format.grammar.definition',
      tool({
        type: 'custom',
        name: 'f',
        format: { type: 'grammar', grammar: { definition: 5 } },
      }),
    ],
    ['.tools[0].environment', tool({ type: 'shell', environment: 5 })],
    ['.tools[0].execution', tool({ type: 'tool_search', execution: 5 })],
    ['.tools[0].description', tool({ type: 'tool_search', execution: 'client', description: 5 })],
    ['.tools[0].parameters', tool({ type: 'tool_search', execution: 'client', parameters: 5 })],
    ['.tools[0].description', tool({ ...space('n', []), description: 5 })],
    [
      '.tools[0].tools[0].parameters',
      tool(space('n', [{ type: 'function', name: 'f', parameters: 5 }])),
    ],
  ];

  const media: readonly (readonly [string, unknown])[] = [
    ['.image_url', image('picture.png')],
    ['.image_url', image('data:image/png,x')],
    ['.image_url', image('data:image/png;base64')],
    ['.image_url', image('data:image/png;base64,!!')],
    ['.image_url', image('data:image/png;base64,A')],
    ['.image_url', image('data:image/png;base64, ==')],
    ['.image_url', image('data:application/msword;base64,AAAA')],
    ['.image_url', image(`\u00a0${picture}`)],
    ['.image_url', image('https:')],
    ['.image_url', image('https:///a.png')],
    ['.image_url', image('https://user:pw@h:99999/')],
    ['.image_url', image('https://a b')],
    ['.image_url', image('http://a b/x.png')],
    ['.image_url', image('https://localhost/')],
    ['.image_url', image('https://a.local/')],
    ['.image_url', image('https://192.168.0.1/')],
    ['.image_url', image('https://1.2.3/')],
    ['.image_url', image('https://[::1]/')],
    ['.image_url', image('https://example.com:8080/')],
    ['.image_url', image('https://example.com/\\a')],
    ['.image_url', image('https://example.com/a.docx')],
    ['.image_url', image('https://generativelanguage.googleapis.com/a.docx')],
    ['.image_url', image('gs://a/b.xlsx')],
    ['.image_url.url', image({ url: 'ftp://x' })],
    ['.image_url.detail', part({ type: 'image_url', image_url: { url: picture, detail: 5 } })],
    ['.file_id', part({ type: 'input_image', file_id: 'x' })],
    ['.file_id', file({ file_id: 'files/a', filename: 'a.docx' })],
    ['.file_data', file({ file_data: '!!' })],
    ['.file_data', file({ file_data: 'AAAA', filename: 'a.docx' })],
    ['.file_data', file({ file_data: 'data:application/pdf,x' })],
    ['.file_url', file({ file_url: 'file:///a' })],
    ['.file_url', file({ file_url: 'https://example.com/?a', filename: 'a.docx' })],
    ['.file.file_data', part({ type: 'file', file: { file_data: '!!' } })],
    ['.input_audio.data', sound('!!', 'wav')],
    ['.input_audio.data', sound('data:audio/wav,x', 'wav')],
    ['.input_audio.data', sound('DATA:audio/wav;base64,AAAA', 'wav')],
    ['.input_audio.data', sound('AAAA', 'application/msword')],
    ['.video_url', part({ type: 'video_url', video_url: 'https:' })],
    ['.source', part({ type: 'image', source: { url: 'ftp://x' } })],
    ['.source', part({ type: 'image', source: { media_type: 'image/png', data: '!!' } })],
    ['.source', part({ type: 'image', source: { media_type: 'a,b', data: 'AAAA' } })],
    ['.source', document({ media_type: 'text/plain', data: 'x' })],
    ['.source', document({ media_type: 'application/msword', data: 'AAAA' })],
    ['.source', document({ media_type: 'application/octet-stream', data: 'AAAA' }, 'a.odt')],
    ['.source', document({ url: 'ftp://x' })],
    ['.source.media_type', document({ type: 'text', data: 'x' })],
    ['.title', document({ media_type: 'application/pdf', data: 'AAAA' }, 5)],
  ];

  const made = (result: string) => ({ type: 'image_generation_call', result });
  const others: readonly (readonly [string, unknown])[] = [
    ...media.map(([field, item]) => [`.content[0]${field}`, item] as const),
    ['.output[0].image_url', { ...output, output: [{ type: 'input_image', image_url: 'x' }] }],
    ['.result', made('not base64 !!')],
    ['.result', made('ftp://a')],
    ['.result', made('data:text/plain,x')],
  ];

  test.for([...faults, ...others])('items[0]%s of %j', async ([field, item]) => {
    for (const path of ['/v1/conversations', `/v1/conversations/${await aConversation()}/items`]) {
      const { status, error } = await failed(post(path, { items: [item] }));
      expect([status, error.param]).toEqual([400, `items[0]${field}`]);
    }
    // As the module does, where it is in a request itself.
    const asked = await failed(post('/v1/responses', { model, input: [item, hello] }));
    expect([asked.status, asked.error.param]).toEqual([400, `input[0]${field}`]);
  });

  test.for([
    ['.tools', 'a list of many', functions(513)],
    ['.tools[0].tools', 'a namespace of many', [space('n', functions(513))]],
    [
      '.tools[1].tools[255]',
      'namespaces of many together',
      [space('a', functions(257)), space('b', functions(257))],
    ],
    [
      '.tools[0].parameters',
      'a schema of more than a megabyte',
      [{ type: 'function', name: 'f', parameters: { title: 'x'.repeat(1024 * 1024) } }],
    ],
    [
      '.tools[2].parameters',
      'schemas of more than two megabytes together',
      functions(3).map((each) => ({ ...each, parameters: { title: 'x'.repeat(700 * 1024) } })),
    ],
  ] as const)('items[0]%s of %s', async ([field, , tools]) => {
    const item = { type: 'additional_tools', tools };
    const { error } = await failed(post('/v1/conversations', { items: [item] }));
    expect(error.param).toBe(`items[0]${field}`);
    const asked = await failed(post('/v1/responses', { model, input: [item, hello] }));
    expect(asked.error.param).toBe(`input[0]${field}`);
  });

  // These the module tells by another place.
  test.for([
    ['.type', { type: 'item_reference', id: 'msg_1' }],
    ['.type', { id: 'msg_1' }],
  ] as const)('items[0]%s of %j', async ([field, item]) => {
    const { status, error } = await failed(post('/v1/conversations', { items: [hello, item] }));
    expect([status, error.param]).toEqual([400, `items[1]${field}`]);
  });

  test('items with more keys in one object than are read', async () => {
    const items = [hello, { ...hello, extra: keys(1001) }];
    const { status, error } = await failed(post('/v1/conversations', { items }));
    expect([status, error.param]).toEqual([400, 'items']);
    expect(error.message).toContain('1000 keys');
  });
});

let known: string | undefined;
const aConversation = async (): Promise<string> => {
  known ??= await idOf(await post('/v1/conversations', {}));
  return known;
};

describe('an item that a request takes is taken, and gone on from:', () => {
  const items: readonly unknown[] = [
    hello,
    { type: 'message', id: 'msg_mine', status: 'completed', ...hello },
    { type: null, ...hello },
    { role: 'assistant' },
    { role: 'assistant', content: null },
    { role: 'developer', content: [] },
    { role: 'system', content: [{ type: 'text', text: '' }] },
    { role: 'assistant', content: [{ type: 'refusal' }, { type: 'output_text', text: 'x' }] },
    part({ type: 'input_image', image_url: picture, detail: null }),
    part({ type: 'input_image', image_url: { url: picture } }),
    part({ type: 'image_url', image_url: { url: ` ${picture}`, detail: 'low' } }),
    part({ type: 'input_image', image_url: `DATA${picture.slice(4)}` }),
    part({ type: 'input_file', file_data: 'JVBERi0xLjQK', filename: 'a.pdf' }),
    part({ type: 'input_file', file_data: '', file_url: 'https://youtu.be/x' }),
    part({ type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0xLjQK' } }),
    part({ type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } }),
    part({ type: 'video_url', video_url: { url: 'https://youtu.be/x' } }),
    part({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0K' } }),
    part({ type: 'document', source: { url: 'https://youtu.be/x' }, title: 'a' }),
    image({ url: picture, detail: 5 }),
    image('data:image/png;base64,a-_ b'),
    image('data:;base64,iVBORw0KGgo='),
    image('https://localhost/a.png'),
    image('https://www.youtube.com/watch?v=a'),
    image('https://youtu.be/a.docx'),
    { role: 'system', content: [{ type: 'input_image', image_url: 'picture.png' }] },
    file({ file_data: 'JVBERi0=', filename: 'a.docx' }),
    file({ file_url: 'JVBERi0=' }),
    file({ file_data: 'data:application/vnd.ms-excel;base64,AAAA', filename: 'a.csv' }),
    file({ file_data: 'data:application/vnd.ms-excel;base64,AAAA', filename: 'a.py' }),
    file({ file_id: 'https://example.com/a.png' }),
    sound(' AAAA', 'audio/x-wav'),
    sound('data:video/webm;codecs=opus;base64,AAAA', 'webm'),
    document({ url: 'JVBERi0=' }),
    document({ media_type: 'application/octet-stream', data: 'AAAA' }, 'a.txt'),
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'x' }, 5], content: null },
    { type: 'reasoning', encrypted_content: 5 },
    { type: 'compaction', encrypted_content: 'x' },
    call,
    { ...call, arguments: { a: 1 }, namespace: 'n' },
    { ...call, arguments: null },
    { type: 'custom_tool_call', call_id: 'c', name: 'f', input: 'x' },
    { type: 'tool_search_call' },
    { type: 'tool_search_call', call_id: 'c', arguments: {} },
    { type: 'local_shell_call', call_id: 'c', id: 'l', action: { command: ['ls'] } },
    { type: 'apply_patch_call', call_id: 'c', operation: {} },
    output,
    { type: 'function_call_output', name: 'f', output: [{ type: 'input_text', text: 'x' }] },
    { ...output, output: null, namespace: 5 },
    { type: 'local_shell_call_output', id: 'l', output: { a: [1] } },
    { type: 'apply_patch_call_output', call_id: 'c', status: 'failed' },
    { type: 'tool_search_output', tools: [{ type: 'function', name: 'f' }] },
    { type: 'code_interpreter_call', code: '1', outputs: null },
    { type: 'image_generation_call', result: 'iVBORw0KGgo=' },
    { type: 'image_generation_call', result: 'https://example.com/a.png' },
    { type: 'shell_call_output', call_id: 'c', status: 5 },
    { type: 'web_search_call', action: 5 },
    { type: 'a_kind_of_tomorrow', content: 5 },
    tool({ type: 'web_search_preview' }),
    tool({ type: 'tool_search', execution: 'client' }),
    tool({ type: 'tool_search', parameters: 5 }),
    tool({ type: 'shell', environment: { type: 5 } }),
    tool({ type: 'custom', name: 'f', parameters: 5, format: { type: 'text', grammar: 5 } }),
    tool({ type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }] }),
    { ...hello, extra: keys(1000) },
    // Those of one name are one tool.
    { type: 'additional_tools', tools: [space('n', functions(400)), space('n', functions(400))] },
  ];

  test.for(items.map((item) => [item] as const))('%j', async ([item]) => {
    const conversation = await idOf(await post('/v1/conversations', { items: [item] }));
    await idOf(await post('/v1/responses', { model, conversation, input: 'Go on' }));
  });

  test('what only models that make images take', async () => {
    const items = [tool({ type: 'image_generation' })];
    const conversation = await idOf(await post('/v1/conversations', { items }));
    const drawn = { model: 'gemini-3.1-flash-image', conversation, input: 'A cat' };
    await idOf(await post('/v1/responses', drawn));
  });
});
