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
  ];

  test.for(faults)('items[0]%s of %j', async ([field, item]) => {
    for (const path of ['/v1/conversations', `/v1/conversations/${await aConversation()}/items`]) {
      const { status, error } = await failed(post(path, { items: [item] }));
      expect([status, error.param]).toEqual([400, `items[0]${field}`]);
    }
    // As the module does, where it is in a request itself.
    const asked = await failed(post('/v1/responses', { model, input: [item, hello] }));
    expect([asked.status, asked.error.param]).toEqual([400, `input[0]${field}`]);
  });

  // These the module tells by another place.
  test.for([
    ['.content[0].image_url', part({ type: 'input_image', image_url: 'picture.png' })],
    ['.content[0].image_url', part({ type: 'input_image', image_url: 'data:image/png,x' })],
    ['.type', { type: 'item_reference', id: 'msg_1' }],
    ['.type', { id: 'msg_1' }],
    ['', { ...hello, extra: keys(1001) }],
  ] as const)('items[0]%s of %j', async ([field, item]) => {
    const { status, error } = await failed(post('/v1/conversations', { items: [hello, item] }));
    expect([status, error.param]).toEqual([400, `items[1]${field}`]);
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
    { ...output, output: null },
    { type: 'local_shell_call_output', id: 'l', output: { a: [1] } },
    { type: 'apply_patch_call_output', call_id: 'c', status: 'failed' },
    { type: 'tool_search_output', tools: [{ type: 'function', name: 'f' }] },
    { type: 'code_interpreter_call', code: '1', outputs: null },
    { type: 'image_generation_call', result: 'iVBORw0KGgo=' },
    { type: 'web_search_call', action: 5 },
    { type: 'a_kind_of_tomorrow', content: 5 },
    tool({ type: 'web_search_preview' }),
    tool({ type: 'tool_search', execution: 'client' }),
    tool({ type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }] }),
    { ...hello, extra: keys(1000) },
  ];

  test.for(items.map((item) => [item] as const))('%j', async ([item]) => {
    const conversation = await idOf(await post('/v1/conversations', { items: [item] }));
    await idOf(await post('/v1/responses', { model, conversation, input: 'Go on' }));
  });
});
