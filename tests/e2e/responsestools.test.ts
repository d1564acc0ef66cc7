// The tools of Responses: each comes back as its own kind of item, and that goes back to Google.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { answer, declarationsOf, partsOf, said, stop, turnsOf } from '../support/asked.ts';
import { callsOf, failed, lastRequest, model } from '../support/chat.ts';
import {
  contentOf,
  type Item,
  itemsOf,
  modes,
  post,
  type Responded,
  type ResponseBody,
  respond,
  responded,
  textOf,
  typesOf,
} from '../support/responses.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.add('service_account');
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const imageModel = 'gemini-3.1-flash-image';
const dummy = 'skip_thought_signature_validator';
const parameters = { type: 'object', properties: { a: { type: 'string' } } };
const named = (name: string) => ({ type: 'function', name, parameters });
const user = (content: string) => ({ role: 'user', content });

const namesOf = (): unknown[] => declarationsOf(google).map(({ name }) => name);

const callIn = ({ response }: Responded): Item => {
  const call = response.output.find(({ type }) => type.endsWith('_call'));
  if (!call) throw new Error(`no call among ${typesOf(response)}`);
  return call;
};

interface ToolCase {
  readonly title: string;
  readonly tool: JsonObject;
  /** What the user says: the stub calls what it is named. */
  readonly says: string;
  /** The item of the call, without what is the same for all. */
  readonly item: JsonObject;
  /** The item of the result, without `call_id`. */
  readonly output: JsonObject;
  /** How the two stand in the next request to Google. */
  readonly functionCall: JsonObject;
  readonly told: string;
}

const crm = {
  type: 'namespace',
  name: 'crm',
  description: 'Customers.',
  tools: [named('find'), { type: 'custom', name: 'note', description: 'Notes.' }],
};
const grammar = { type: 'grammar', syntax: 'lark', definition: 'start: WORD' };

const cases: ToolCase[] = [
  {
    title: 'a function of a namespace',
    tool: crm,
    says: 'crm__find({"a":"x"})',
    item: { type: 'function_call', namespace: 'crm', name: 'find', arguments: '{"a":"x"}' },
    output: { type: 'function_call_output', output: 'found' },
    functionCall: { name: 'crm__find', args: { a: 'x' } },
    told: 'found',
  },
  {
    title: 'a custom tool of a namespace',
    tool: crm,
    says: 'crm__note({"input":"x y"})',
    item: { type: 'custom_tool_call', namespace: 'crm', name: 'note', input: 'x y' },
    output: { type: 'custom_tool_call_output', output: 'noted' },
    functionCall: { name: 'crm__note', args: { input: 'x y' } },
    told: 'noted',
  },
  {
    title: 'a custom tool',
    tool: { type: 'custom', name: 'patch', description: 'Patches.', format: grammar },
    says: 'patch({"input":"*** Begin\\n"})',
    item: { type: 'custom_tool_call', name: 'patch', input: '*** Begin\n' },
    output: {
      type: 'custom_tool_call_output',
      output: [{ type: 'input_text', text: 'patched' }],
    },
    functionCall: { name: 'patch', args: { input: '*** Begin\n' } },
    told: 'patched',
  },
  {
    title: 'a local shell',
    tool: { type: 'local_shell' },
    says: 'local_shell({"command":["ls","-l"]})',
    item: {
      type: 'local_shell_call',
      action: { type: 'exec', command: ['ls', '-l'], env: {} },
    },
    output: { type: 'local_shell_call_output', output: 'a.txt' },
    functionCall: { name: 'local_shell', args: { command: ['ls', '-l'] } },
    told: 'a.txt',
  },
  {
    title: 'a shell',
    tool: { type: 'shell', environment: { type: 'local' } },
    says: 'shell({"commands":["ls"],"timeout_ms":500})',
    item: {
      type: 'shell_call',
      action: { commands: ['ls'], timeout_ms: 500, max_output_length: null },
      environment: { type: 'local' },
    },
    output: {
      type: 'shell_call_output',
      output: [{ stdout: 'b.txt', stderr: '', outcome: { type: 'exit', exit_code: 0 } }],
    },
    functionCall: { name: 'shell', args: { commands: ['ls'], timeout_ms: 500 } },
    told: 'b.txt',
  },
  {
    title: 'patches',
    tool: { type: 'apply_patch' },
    says: 'apply_patch({"type":"update_file","path":"a","diff":"@@\\n-x\\n+y\\n"})',
    item: {
      type: 'apply_patch_call',
      operation: { type: 'update_file', path: 'a', diff: '@@\n-x\n+y\n' },
    },
    output: { type: 'apply_patch_call_output', status: 'failed', output: 'no such file' },
    functionCall: {
      name: 'apply_patch',
      args: { type: 'update_file', path: 'a', diff: '@@\n-x\n+y\n' },
    },
    told: 'no such file',
  },
  {
    title: 'a search for tools',
    tool: { type: 'tool_search', execution: 'client' },
    says: 'tool_search({"query":"mail"})',
    item: { type: 'tool_search_call', execution: 'client', arguments: { query: 'mail' } },
    output: { type: 'tool_search_output', tools: [crm, named('send_mail')] },
    functionCall: { name: 'tool_search', args: { query: 'mail' } },
    told: 'send_mail',
  },
];

describe.each(modes)('%s,', (mode) => {
  test.for(cases)('$title comes back as its own item, and goes back to Google', async (each) => {
    const tools = [each.tool];
    const first = await responded(rondo, mode, respond([user(each.says)], { tools }));
    const call = callIn(first);
    const { id, call_id, status, ...rest } = call;
    expect(rest).toEqual(each.item);
    expect([typeof id, typeof call_id, status]).toEqual(['string', 'string', 'completed']);

    const result = { ...each.output, call_id: call_id ?? '' };
    const input = [user(each.says), ...first.response.output, result];
    const { response } = await responded(rondo, mode, respond(input, { tools }));
    expect(textOf(response)).toMatch(/^The tools said: /);
    expect(turnsOf(google)).toEqual([
      'user: text',
      'model: functionCall',
      'user: functionResponse',
    ]);
    expect(partsOf(google, 1)[0]).toMatchObject({ functionCall: each.functionCall });
    expect(partsOf(google, 2)[0]).toMatchObject({
      functionResponse: { name: each.functionCall.name },
    });
    expect(JSON.stringify(partsOf(google, 2))).toContain(each.told);
  });

  test('a search tells its queries, its sources when asked, and what they are cited for', async () => {
    const grounding = {
      webSearchQueries: ['gulls', 'south'],
      groundingChunks: [{ web: { uri: 'https://birds.example/gulls', title: 'birds.example' } }],
      groundingSupports: [
        { segment: { endIndex: 6, text: 'Möwen' }, groundingChunkIndices: [0] },
        {
          segment: { startIndex: 12, endIndex: 21, text: 'fly south' },
          groundingChunkIndices: [0],
        },
      ],
    };
    const pieces = [said([{ text: 'Möwen 🐦 ' }]), said([{ text: 'fly south.' }])];
    const end = { content: { parts: [] }, ...stop, groundingMetadata: grounding };
    const ask = async (more: object): Promise<ResponseBody> => {
      answer(google, [...pieces, end]);
      const tools = [{ type: 'web_search' }];
      return (await responded(rondo, mode, respond('gulls?', { tools, ...more }))).response;
    };
    const response = await ask({ include: ['web_search_call.action.sources'] });
    expect(lastRequest(google).tools).toEqual([{ googleSearch: {} }]);
    const source = { url: 'https://birds.example/gulls' };
    expect(itemsOf(response, 'web_search_call')).toMatchObject([
      {
        status: 'completed',
        action: { queries: ['gulls', 'south'], sources: [{ type: 'url', ...source }] },
      },
    ]);
    const cited = { type: 'url_citation', ...source, title: 'birds.example' };
    expect(contentOf(response)).toMatchObject([
      {
        text: 'Möwen 🐦 fly south.',
        annotations: [
          { ...cited, start_index: 0, end_index: 5 },
          { ...cited, start_index: 8, end_index: 17 },
        ],
      },
    ]);
    const plain = await ask({});
    expect(itemsOf(plain, 'web_search_call')[0]?.action).not.toHaveProperty('sources');
  });

  test.for([
    ['OUTCOME_OK', 'completed'],
    ['OUTCOME_FAILED', 'failed'],
  ] as const)(
    'code that ran with %s is an item, with what it printed when asked',
    async ([outcome, status]) => {
      const ran = [
        { text: 'Counting.' },
        { executableCode: { language: 'PYTHON', code: 'print(2 + 3)\n' } },
        { codeExecutionResult: { outcome, output: '5\n' } },
        { text: 'It is 5.' },
      ];
      const ask = async (more: object): Promise<ResponseBody> => {
        answer(google, [said(ran, stop)]);
        const tools = [{ type: 'code_interpreter', container: { type: 'auto' } }];
        return (await responded(rondo, mode, respond('2 + 3?', { tools, ...more }))).response;
      };
      const response = await ask({ include: ['code_interpreter_call.outputs'] });
      expect(lastRequest(google).tools).toEqual([{ codeExecution: {} }]);
      const known = ({ type }: Item) => type === 'message' || type === 'code_interpreter_call';
      expect(response.output.filter(known)).toMatchObject([
        { type: 'message', content: [{ text: 'Counting.' }] },
        {
          type: 'code_interpreter_call',
          status,
          code: 'print(2 + 3)\n',
          outputs: [{ type: 'logs', logs: '5\n' }],
        },
        { type: 'message', content: [{ text: 'It is 5.' }] },
      ]);
      // What is to be sent back is told unasked.
      for (const [store, outputs] of [
        [false, [{ type: 'logs', logs: '5\n' }]],
        [true, null],
      ] as const) {
        const plain = await ask({ store });
        expect(itemsOf(plain, 'code_interpreter_call')).toMatchObject([{ outputs }]);
      }
    },
  );

  test('an image is an item that goes back to the model', async () => {
    const data = 'iVBORw0KGgo=';
    const drawn = [{ text: 'Here: ' }, { inlineData: { mimeType: 'image/png', data } }];
    const body = respond([user('Draw.')], {
      model: imageModel,
      tools: [{ type: 'image_generation' }],
    });
    answer(google, [said(drawn, stop)]);
    const { response } = await responded(rondo, mode, body);
    expect(lastRequest(google)).toMatchObject({
      generationConfig: { responseModalities: ['TEXT', 'IMAGE'] },
    });
    expect(itemsOf(response, 'image_generation_call')).toMatchObject([
      { status: 'completed', result: data, output_format: 'png' },
    ]);
    answer(google, [said([{ text: 'Bluer.' }], stop)]);
    await responded(rondo, mode, {
      ...body,
      input: [...(body.input as []), ...response.output, user('Bluer')],
    });
    expect(turnsOf(google)).toEqual(['user: text', 'model: text inlineData', 'user: text']);
    expect(partsOf(google, 1)[1]).toMatchObject({ inlineData: { mimeType: 'image/png', data } });
  });
});

describe('a declaration', () => {
  const declared = async (tools: JsonObject[]): Promise<JsonObject[]> => {
    await responded(rondo, 'whole', respond('Hello', { tools }));
    return declarationsOf(google);
  };

  test('keeps the same name apart in several namespaces', async () => {
    const space = (name: string) => ({ ...crm, name, tools: [named('find')] });
    await declared([named('find'), space('crm'), space('erp')]);
    expect(namesOf()).toEqual(['find', 'crm__find', 'erp__find']);
  });

  test('keeps a name apart from the two that a namespace makes one of', async () => {
    await declared([named('crm__find'), { ...crm, tools: [named('find')] }]);
    expect(new Set(namesOf()).size).toBe(2);
    const says = String(namesOf()[1]);
    const called = await responded(
      rondo,
      'whole',
      respond(says, { tools: [named('crm__find'), { ...crm, tools: [named('find')] }] }),
    );
    expect(callIn(called)).toMatchObject({ namespace: 'crm', name: 'find' });
  });

  test('of a custom tool has its grammar', async () => {
    const [tool] = await declared([{ type: 'custom', name: 'patch', format: grammar }]);
    expect(tool?.description).toContain('lark');
    expect(tool?.description).toContain('start: WORD');
  });

  test('of a namespace has its description', async () => {
    const [tool] = await declared([crm]);
    expect(tool?.description).toContain('Customers.');
  });

  test('of what a search has found can be called with its namespace', async () => {
    const says = 'tool_search({"query":"crm"}) then crm__find({"a":"x"})';
    const input = [
      user(says),
      {
        type: 'tool_search_call',
        call_id: 'search_1',
        execution: 'client',
        status: 'completed',
        arguments: { query: 'crm' },
      },
      { type: 'tool_search_output', call_id: 'search_1', execution: 'client', tools: [crm] },
    ];
    const tools = [{ type: 'tool_search', execution: 'client' }];
    const called = await responded(rondo, 'whole', respond(input, { tools }));
    expect(callIn(called)).toMatchObject({ type: 'function_call', namespace: 'crm', name: 'find' });
  });

  test('of a search for tools that the client does not run is not needed', async () => {
    await declared([{ type: 'tool_search' }, { ...named('find'), defer_loading: true }]);
    expect(namesOf()).toEqual(['find']);
  });
});

describe('a tool that nobody can run here', () => {
  const container = { type: 'shell', environment: { type: 'container_auto' } };
  test.for<[string, JsonObject, string]>([
    ['file_search', { type: 'file_search', vector_store_ids: ['vs_1'] }, 'tools[0].type'],
    ['mcp', { type: 'mcp', server_label: 'x', server_url: 'https://x.example' }, 'tools[0].type'],
    ['computer_use_preview', { type: 'computer_use_preview' }, 'tools[0].type'],
    ['image_generation', { type: 'image_generation' }, 'tools[0].type'],
    ['shell', container, 'tools[0].environment.type'],
  ])('is refused by its name: %s', async ([name, tool, param]) => {
    const { status, error } = await failed(post(rondo, respond('Hello', { tools: [tool] })));
    expect([status, error.param, error.code]).toEqual([400, param, 'unsupported_tool']);
    expect(error.message).toContain(name);
    expect(callsOf(google)).toEqual([]);
  });

  test('is unknown when it is of a kind that nobody knows', async () => {
    const { status, error } = await failed(
      post(rondo, respond('Hello', { tools: [{ type: 'telepathy' }] })),
    );
    expect([status, error.param]).toEqual([400, 'tools[0].type']);
  });
});

describe('a choice of tools', () => {
  const tools = [
    named('one'),
    { type: 'custom', name: 'two' },
    { ...crm, tools: [named('find')] },
    { type: 'apply_patch' },
  ];
  const modeOf = (): unknown => lastRequest(google).toolConfig;
  const choosing = (tool_choice: unknown, more: object = {}) =>
    responded(rondo, 'whole', respond('Hello', { tools, tool_choice, ...more }));
  const any = (...allowedFunctionNames: string[]) => ({
    functionCallingConfig: { mode: 'ANY', allowedFunctionNames },
  });

  test.for<[unknown, JsonObject]>([
    ['required', { functionCallingConfig: { mode: 'ANY' } }],
    ['none', { functionCallingConfig: { mode: 'NONE' } }],
    [{ type: 'function', name: 'one' }, any('one')],
    [{ type: 'custom', name: 'two' }, any('two')],
    [{ type: 'function', namespace: 'crm', name: 'find' }, any('crm__find')],
    [{ type: 'apply_patch' }, any('apply_patch')],
    [
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'function', name: 'one' },
          { type: 'custom', name: 'two' },
        ],
      },
      any('one', 'two'),
    ],
  ])('is put in words of Google: %j', async ([choice, config]) => {
    await choosing(choice);
    expect(modeOf()).toEqual(config);
  });

  test('among some, without an obligation, declares those alone', async () => {
    const allowed = [
      { type: 'function', name: 'one' },
      { type: 'namespace', name: 'crm' },
    ];
    await choosing({ type: 'allowed_tools', mode: 'auto', tools: allowed });
    expect(namesOf()).toEqual(['one', 'crm__find']);
  });

  test("of a tool of Google's own leaves nothing else to choose", async () => {
    await choosing(
      { type: 'web_search' },
      { tools: [{ type: 'web_search' }, { type: 'code_interpreter' }] },
    );
    expect(lastRequest(google).tools).toEqual([{ googleSearch: {} }]);
  });

  test.for<[unknown, string]>([
    ['sometimes', 'tool_choice'],
    [7, 'tool_choice'],
    [{ type: 'function', name: 'three' }, 'tool_choice'],
    [{ type: 'function' }, 'tool_choice.name'],
    [{ type: 'web_search' }, 'tool_choice'],
    [{ type: 'file_search' }, 'tool_choice.type'],
    [{ type: 'allowed_tools', mode: 'never', tools: [] }, 'tool_choice.mode'],
    [
      { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'three' }] },
      'tool_choice.tools',
    ],
  ])('that cannot be made is 400: %j', async ([tool_choice, param]) => {
    const { status, error } = await failed(post(rondo, respond('Hello', { tools, tool_choice })));
    expect([status, error.param]).toEqual([400, param]);
    expect(callsOf(google)).toEqual([]);
  });

  test('without parallel calls is of one alone', async () => {
    const { response } = await responded(
      rondo,
      'whole',
      respond('one and crm__find', { tools, parallel_tool_calls: false }),
    );
    expect(itemsOf(response, 'function_call')).toHaveLength(1);
  });
});

describe.each(modes)('signatures, %s,', (mode) => {
  const tools = ['get_time', 'get_weather', 'notify'].map(named);
  const rounds = 'get_time({"a":"x"}) and get_weather then notify';
  const resultsOf = ({ output }: ResponseBody): JsonObject[] =>
    output
      .filter(({ type }) => type === 'function_call')
      .map(({ call_id }) => ({
        type: 'function_call_output',
        call_id: call_id ?? '',
        output: 'ok',
      }));
  /** Asks a Rondo that has seen nothing of the conversation: all must come with the items. */
  const goOn = async (input: readonly object[], more: object = {}): Promise<ResponseBody> => {
    const stranger = await startRondo({ vars: google.vars() });
    return (await responded(stranger, mode, respond(input, { tools, ...more }))).response;
  };
  const sent = (turn: number): unknown[] =>
    partsOf(google, turn).map(({ thoughtSignature }) => thoughtSignature);
  const real = expect.stringMatching(/^(?!skip_).{40}/);

  test('go back with the items alone, those of every step', async () => {
    const input: object[] = [user(rounds)];
    for (const _ of ['first', 'second']) {
      const response = await goOn(input);
      input.push(...response.output, ...resultsOf(response));
    }
    const last = await goOn(input);
    expect(textOf(last)).toMatch(/^The tools said: /);
    expect([sent(1), sent(3)]).toEqual([[real, undefined], [real]]);
    expect(sent(1)[0]).not.toEqual(sent(3)[0]);
  });

  test('go back on the text that they were made for', async () => {
    const input: object[] = [user('Hello')];
    input.push(...(await goOn(input)).output, user('Go on'));
    await goOn(input);
    expect(sent(1)).toContainEqual(real);
  });

  test('go with the thoughts that are told', async () => {
    const response = await goOn([user(rounds)], { reasoning: { summary: 'auto' } });
    const [thoughts, call] = response.output;
    expect(thoughts).toMatchObject({
      type: 'reasoning',
      summary: [{ text: expect.stringContaining('Reading the request') }],
      encrypted_content: expect.stringMatching(/.{40}/),
    });
    expect(call).toMatchObject({ type: 'function_call' });
    await goOn([user(rounds), ...response.output, ...resultsOf(response)]);
    expect(sent(1)).toEqual([real, undefined]);
  });

  test('are told when they are asked for, though all be stored', async () => {
    const more = { store: true, include: ['reasoning.encrypted_content'] };
    const response = await goOn([user(rounds)], more);
    expect(response.output[0]).toHaveProperty('encrypted_content');
  });

  test('are not told, alone, to who believes that all is stored', async () => {
    const response = await goOn([user(rounds)], { store: true });
    expect(typesOf(response)).toEqual(['function_call', 'function_call']);
  });

  test('of several calls stay with theirs', async () => {
    const calls = ['get_time', 'get_weather'].map((name, index) => ({
      functionCall: { name, args: { a: String(index) } },
      thoughtSignature: ['context_engineering_is_the_way_to_go', dummy][index] ?? '',
    }));
    answer(google, [said(calls, stop)]);
    const response = await goOn([user('Go.')]);
    expect(typesOf(response)).toEqual(['reasoning', 'function_call', 'reasoning', 'function_call']);
    await goOn([user('Go.'), ...response.output, ...resultsOf(response)]);
    expect(sent(1)).toEqual(calls.map(({ thoughtSignature }) => thoughtSignature));
  });

  const spoils: [string, (sealed: string) => string][] = [
    ['damaged', (sealed) => sealed.replace(/.(?=.{20}$)/, (it) => (it === 'A' ? 'B' : 'A'))],
    ['cut', (sealed) => sealed.slice(0, -9)],
    ["somebody else's", () => 'gAAAA8pUm3DGcScIzMIdaj/nfQ+2K/+J9aQiMEh79b2WsJAiMlyR3TNFygGdpuf'],
  ];
  test.for(spoils)('that are %s are dropped without a word', async ([, spoil]) => {
    const response = await goOn([user(rounds)]);
    const spoilt = response.output.map((item) =>
      item.type === 'reasoning'
        ? { ...item, encrypted_content: spoil(String(item.encrypted_content)) }
        : item,
    );
    const last = await goOn([user(rounds), ...spoilt, ...resultsOf(response)]);
    expect(last.status).toBe('completed');
    expect(sent(1)).toEqual([dummy, undefined]);
  });

  test('of another kind of credential are dropped', async () => {
    const response = await goOn([user(rounds)]);
    const other = await startGoogle();
    other.add('api_key');
    const stranger = await startRondo({ vars: other.vars() });
    const input = [user(rounds), ...response.output, ...resultsOf(response)];
    await responded(stranger, mode, respond(input, { tools }));
    expect(partsOf(other, 1)[0]?.thoughtSignature).toBe(dummy);
  });

  test('of another model are dropped', async () => {
    const response = await goOn([user(rounds)]);
    const input = [user(rounds), ...response.output, ...resultsOf(response)];
    await goOn(input, { model: 'gemini-4-argon' });
    expect(sent(1)).not.toContainEqual(real);
  });
});

test('a call that stands in the input before its signature still gets it', async () => {
  const tools = [named('get_time')];
  const says = [user('get_time')];
  const { response } = await responded(rondo, 'whole', respond(says, { tools }));
  const call = itemsOf(response, 'function_call')[0];
  const result = { type: 'function_call_output', call_id: call?.call_id ?? '', output: 'ok' };
  const swapped = [...response.output].reverse();
  const stranger = await startRondo({ vars: google.vars() });
  await responded(stranger, 'whole', respond([...says, ...swapped, result], { tools, model }));
  expect(partsOf(google, 1)[0]?.thoughtSignature).toMatch(/^(?!skip_).{40}/);
});
