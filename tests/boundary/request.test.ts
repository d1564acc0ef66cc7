import { verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { allBytes, OpStatus } from '../../worker/core/abi.ts';
import {
  event,
  grantToken,
  hello,
  model,
  signed,
  spoken,
  startWarm,
  startWithAccount,
} from '../support/conversation.ts';
import { type Asked, jsonOf, startMachine, textOf } from '../support/machine.ts';
import { credentialId, keyFile, privateDer, publicKey } from '../support/serviceaccount.ts';

const id = credentialId('service_account', 'one@rondo.example', 'k1');

/** The secret, and what is sealed with it. */
const partsOf = ({ frame }: Asked): [secret: Uint8Array, rest: Uint8Array] => {
  const length = frame.head.secretLength as number;
  return [frame.body.subarray(0, length), frame.body.subarray(length)];
};

const expiry = 1_795_000_000_000 + 3_599_000;
const record = (token: string): string => JSON.stringify({ token, expiry });
const vars = { GCP_SERVICE_ACCOUNT_1: keyFile() };

test("a first request reads the pool's state before anything else", async () => {
  const machine = await startMachine({ vars, answered: [] });
  machine.chat(1, hello);
  const [asked, ...others] = machine.asked;
  expect(others).toEqual([]);
  expect(asked).toMatchObject({ name: 'kv', frame: { head: { do: 'get', key: 'state:v1' } } });
  expect(asked?.op).not.toBe(0);
  machine.answerState(1);
  expect(machine.next('kv', 1).frame.head.key).toBe(`token:v1:${id}`);
});

test.for([
  ['fails', OpStatus.Failed, 'KV is down'],
  ['is no JSON', OpStatus.Ok, '[["cool'],
  ['is of another shape', OpStatus.Ok, '{"cool":[[1]]}'],
] as const)('a state that %s is no reason to fail', async ([, status, text]) => {
  const machine = await startMachine({ vars, answered: [] });
  machine.chat(1, hello);
  machine.complete(machine.next('kv').op, status, text);
  expect(machine.next('kv', 1).frame.head.key).toBe(`token:v1:${id}`);
  expect(machine.openOps).toBe(1);
});

test('the state is read again behind an answer, a minute after it was', async () => {
  let now = 1_795_000_000_000;
  const machine = await startMachine({ vars, now: () => now });
  machine.chat(1, hello);
  grantToken(machine, 1);
  const serve = (req: number): void => {
    machine.chat(req, hello);
    machine.answerFetch(machine.next('fetch', req), 200, JSON.stringify(spoken('Hi')));
  };
  now += 59_999;
  serve(2);
  expect(machine.allOf('kv', 2)).toEqual([]);
  now += 1;
  serve(3);
  const names = machine.asked.filter(({ req }) => req === 3).map(({ name }) => name);
  expect(names.filter((name) => name !== 'read' && name !== 'abort')).toEqual([
    'fetch',
    'respond',
    'kv',
    'done',
  ]);
  serve(4);
  expect(machine.allOf('kv', 4)).toEqual([]);
});

test('a token is renewed behind an answer by the one that minted it, before it expires', async () => {
  let now = 1_795_000_000_000;
  const machine = await startMachine({ vars, now: () => now });
  machine.chat(1, hello);
  grantToken(machine, 1);
  now = expiry - 240_000;
  machine.chat(2, hello);
  const fetch = machine.next('fetch', 2);
  expect(fetch.frame.head.headers).toMatchObject({ authorization: 'Bearer ya29.test' });
  machine.answerFetch(fetch, 200, JSON.stringify(spoken('Hi')));
  machine.next('respond', 2);
  machine.next('abort', 2);
  grantToken(machine, 2, 'ya29.renewed');
  machine.next('done', 2);
  machine.chat(3, hello);
  expect(machine.next('fetch', 3).frame.head.headers).toMatchObject({
    authorization: 'Bearer ya29.renewed',
  });
});

test('a first request asks KV for the token of its credential', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  const asked = machine.next('kv', 1);
  expect(asked.frame.head).toEqual({ do: 'get', key: `token:v1:${id}` });
  expect(asked.frame.body).toHaveLength(0);
  expect(asked.op).not.toBe(0);
  expect(machine.openOps).toBe(1);
});

test('a key goes to be signed with as PKCS#8, followed by what is to be signed', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  machine.answerKv();
  const asked = machine.next('crypto', 1);
  expect(asked.frame.head).toEqual({ do: 'sign_rs256', secretLength: privateDer.length });
  expect(Buffer.from(asked.frame.body.subarray(0, privateDer.length)).equals(privateDer)).toBe(
    true,
  );
  const message = textOf({ head: {}, body: asked.frame.body.subarray(privateDer.length) });
  const [head, claims] = message
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString());
  expect(JSON.parse(head ?? '')).toMatchObject({ alg: 'RS256', kid: 'k1' });
  expect(JSON.parse(claims ?? '')).toMatchObject({
    iss: 'one@rondo.example',
    aud: 'https://oauth2.googleapis.com/token',
    iat: 1_795_000_000,
  });
});

test('the signed assertion goes to the token endpoint', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  machine.answerKv();
  const asked = machine.next('crypto');
  machine.complete(asked.op, OpStatus.Ok, signed(asked));
  const { frame } = machine.next('fetch', 1);
  expect(frame.head).toMatchObject({
    method: 'POST',
    url: 'https://oauth2.googleapis.com/token',
    headers: { 'content-type': expect.stringContaining('application/x-www-form-urlencoded') },
  });
  const form = new URLSearchParams(textOf(frame));
  expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
  const [head, claims, signature] = (form.get('assertion') ?? '').split('.');
  const text = Buffer.from(`${head}.${claims}`);
  const bytes = Buffer.from(signature ?? '', 'base64url');
  expect(verify('RSA-SHA256', text, publicKey, bytes)).toBe(true);
});

test('a new token is sealed, and put into KV for as long as it is used, by an op of nobody', async () => {
  const machine = await startMachine({ vars, answered: ['state'] });
  machine.chat(1, hello);
  machine.answerKv();
  const asked = machine.next('crypto');
  machine.complete(asked.op, OpStatus.Ok, signed(asked));
  const token = { access_token: 'ya29.test', expires_in: 3599, token_type: 'Bearer' };
  machine.answerFetch(machine.next('fetch'), 200, JSON.stringify(token));
  const seal = machine.next('crypto', 1);
  expect(seal.frame.head).toEqual({
    do: 'seal',
    secretLength: privateDer.length,
    purpose: `rondo token:v1:${id}`,
  });
  const [secret, plain] = partsOf(seal);
  expect(Buffer.from(secret).equals(privateDer)).toBe(true);
  expect(JSON.parse(Buffer.from(plain).toString())).toEqual(JSON.parse(record('ya29.test')));
  expect(machine.has('kv', 1)).toBe(false);
  const sealed = Uint8Array.from([0, 255, 128, 7]);
  machine.complete(seal.op, OpStatus.Ok, sealed);
  const put = machine.next('kv', 1);
  expect(put.op).toBe(0);
  // A minute before it expires it is used no more.
  expect(put.frame.head).toEqual({ do: 'put', key: `token:v1:${id}`, ttl: 3599 - 60 });
  expect(textOf(put.frame)).toBe(Buffer.from(sealed).toString('base64'));
});

test('a token that cannot be sealed is used, and not put anywhere', async () => {
  const machine = await startMachine({ vars, answered: ['state'] });
  machine.chat(1, hello);
  machine.answerKv();
  const asked = machine.next('crypto');
  machine.complete(asked.op, OpStatus.Ok, signed(asked));
  const token = { access_token: 'ya29.test', expires_in: 3599, token_type: 'Bearer' };
  machine.answerFetch(machine.next('fetch'), 200, JSON.stringify(token));
  machine.complete(machine.next('crypto').op, OpStatus.Failed, 'no crypto today');
  expect(machine.next('fetch', 1).frame.head.headers).toMatchObject({
    authorization: 'Bearer ya29.test',
  });
  expect(machine.has('kv')).toBe(false);
});

test("a token of KV is opened with its credential's secret for the key it lay under", async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  machine.complete(machine.next('kv').op, OpStatus.Ok, btoa('sealed'));
  const open = machine.next('crypto', 1);
  expect(open.frame.head).toEqual({
    do: 'open',
    secretLength: privateDer.length,
    purpose: `rondo token:v1:${id}`,
  });
  const [secret, sealed] = partsOf(open);
  expect(Buffer.from(secret).equals(privateDer)).toBe(true);
  expect(Buffer.from(sealed).toString()).toBe('sealed');
  machine.complete(open.op, OpStatus.Ok, record('ya29.stored'));
  expect(machine.next('fetch', 1).frame.head.headers).toMatchObject({
    authorization: 'Bearer ya29.stored',
  });
});

test('a token of KV that does not open counts as not there', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  machine.complete(machine.next('kv').op, OpStatus.Ok, btoa('sealed'));
  machine.complete(machine.next('crypto').op, OpStatus.Failed, 'The operation failed.');
  expect(machine.next('crypto', 1).frame.head.do).toBe('sign_rs256');
});

test.for([
  ['as plain JSON', record('ya29.plain')],
  ['as no base64', '%%%'],
] as const)(
  'a token that lies in KV %s counts as not there, and is not opened',
  async ([, text]) => {
    const machine = await startWithAccount();
    machine.chat(1, hello);
    machine.complete(machine.next('kv').op, OpStatus.Ok, text);
    expect(machine.next('crypto', 1).frame.head.do).toBe('sign_rs256');
  },
);

test('the model is asked with the token, and its answer goes to the client', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  grantToken(machine, 1);
  const fetch = machine.next('fetch', 1);
  expect(fetch.frame.head).toMatchObject({
    method: 'POST',
    url:
      'https://aiplatform.googleapis.com/v1/projects/rondo-project/locations/global/publishers/' +
      `google/models/${model}:generateContent`,
    headers: { authorization: 'Bearer ya29.test', 'content-type': 'application/json' },
  });
  expect(jsonOf(fetch.frame)).toMatchObject({
    contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
  });
  machine.answerFetch(fetch, 200, JSON.stringify(spoken('Hi')));
  const { head, ...answer } = machine.next('respond', 1).frame;
  expect(head).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-rondo-attempts': '1' },
  });
  expect(head.stream).not.toBe(true);
  expect(jsonOf({ head, ...answer })).toMatchObject({
    choices: [{ message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  });
});

test('a request is done once, after its answer, with nothing left open', async () => {
  const machine = await startWarm();
  const done = machine.asked.filter(({ name }) => name === 'done');
  expect(done.map(({ req }) => req)).toEqual([1]);
  const names = machine.asked.map(({ name }) => name);
  expect(names.indexOf('done')).toBeGreaterThan(names.indexOf('respond'));
  expect(machine.openOps).toBe(0);
});

test('every body of a fetch is let go of in the end', async () => {
  const machine = await startWarm();
  const fetched = machine.asked.filter(({ name }) => name === 'fetch').map(({ op }) => op);
  const aborted = machine.asked.filter(({ name }) => name === 'abort').map(({ op }) => op);
  expect(aborted.sort()).toEqual(fetched.sort());
});

test('a warm instance asks Google at once', async () => {
  const machine = await startWarm();
  machine.chat(2, hello);
  expect(machine.asked.filter(({ req }) => req === 2).map(({ name }) => name)).toEqual(['fetch']);
});

describe('a stream', () => {
  /** One that has begun with `Hel`, and what it has asked for by then. */
  async function startStream() {
    const machine = await startWarm();
    machine.chat(2, { ...hello, stream: true });
    const fetch = machine.next('fetch', 2);
    machine.answerHead(fetch, 200, { 'content-type': 'text/event-stream' });
    machine.complete(machine.next('read', 2).op, OpStatus.Ok, event('Hel'));
    return { machine, fetch };
  }

  test('begins with the first event, and then asks for a pipe', async () => {
    const { machine, fetch } = await startStream();
    expect(fetch.frame.head.url).toMatch(/:streamGenerateContent\?alt=sse$/);
    expect(machine.next('respond', 2).frame.head).toMatchObject({
      status: 200,
      stream: true,
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    });
    expect(textOf(machine.next('write', 2).frame)).toContain('"content":"Hel"');
    expect(machine.next('pipe', 2).rest).toEqual([fetch.op]);
    expect(machine.allOf('read', 2)).toHaveLength(1);
  });

  test('answers what is fed to its pipe, and ends with the body', async () => {
    const { machine } = await startStream();
    machine.next('write', 2);
    const { op } = machine.next('pipe', 2);
    expect(machine.feed(op, event('lo'))).toContain('"content":"lo"');
    expect(machine.feed(op, ': ping\n\n')).toBe('');
    expect(machine.feed(op, event(' you') + event('!', 'STOP'))).toMatch(/" you"[\s\S]*"!"/);
    machine.complete(op, OpStatus.None);
    expect(textOf(machine.next('write', 2).frame)).toMatch(/data: \[DONE\]\n\n$/);
    machine.next('end', 2);
    machine.next('done', 2);
    expect(machine.openOps).toBe(0);
  });

  test('asks for no I/O while its pipe is fed', async () => {
    const { machine } = await startStream();
    const { op } = machine.next('pipe', 2);
    const asked = machine.asked.length;
    for (let time = 0; time < 100; time += 1) machine.feed(op, event('lo'));
    expect(machine.asked).toHaveLength(asked);
  });

  test('waits for a client that has no room, and then pipes on', async () => {
    const { machine } = await startStream();
    const { op } = machine.next('pipe', 2);
    machine.complete(op, OpStatus.Ok);
    const ready = machine.next('ready', 2);
    expect(machine.has('pipe', 2)).toBe(false);
    machine.complete(ready.op, OpStatus.None);
    const next = machine.next('pipe', 2);
    expect(machine.feed(op, event('lo'))).toBeUndefined();
    expect(machine.feed(next.op, event('lo'))).toContain('"content":"lo"');
  });

  test('waits for a client that has no room for its beginning', async () => {
    const machine = await startWarm();
    machine.hasRoom = false;
    machine.chat(2, { ...hello, stream: true });
    machine.answerHead(machine.next('fetch', 2), 200);
    machine.complete(machine.next('read', 2).op, OpStatus.Ok, event('Hel'));
    expect(machine.has('pipe', 2)).toBe(false);
    machine.complete(machine.next('ready', 2).op, OpStatus.None);
    machine.next('pipe', 2);
  });

  test('wants no more behind a fault, and tells that with what came before it', async () => {
    const { machine, fetch } = await startStream();
    machine.next('write', 2);
    const { op } = machine.next('pipe', 2);
    expect(machine.feed(op, `${event('lo')}data: {"error":{"code":503}}\n\n`)).toBeUndefined();
    expect(machine.has('write', 2)).toBe(false);
    machine.complete(op, OpStatus.Ok);
    expect(textOf(machine.next('write', 2).frame)).toMatch(/"content":"lo"[\s\S]*data: \{"error":/);
    machine.next('end', 2);
    expect(machine.next('abort', 2).op).toBe(fetch.op);
    expect(machine.openOps).toBe(0);
  });

  test('whose connection to Google breaks says so', async () => {
    const { machine } = await startStream();
    machine.next('write', 2);
    machine.complete(machine.next('pipe', 2).op, OpStatus.Failed, 'reset');
    expect(textOf(machine.next('write', 2).frame)).toContain('"code":"upstream_incomplete"');
    machine.next('end', 2);
  });

  test('ends, and its fetch with it, when its client takes no more', async () => {
    const { machine, fetch } = await startStream();
    machine.complete(machine.next('pipe', 2).op, OpStatus.Ok);
    machine.complete(machine.next('ready', 2).op, OpStatus.Failed, 'The client is gone.');
    expect(machine.next('abort', 2).op).toBe(fetch.op);
    machine.next('done', 2);
    expect(machine.openOps).toBe(0);
  });

  test.for([
    ['nobody', 999],
    ['one that is no pipe', undefined],
  ] as const)('takes nothing that is fed to %s', async ([, named]) => {
    const machine = await startWithAccount();
    machine.chat(1, hello);
    expect(machine.feed(named ?? machine.next('kv', 1).op, event('Hi'))).toBeUndefined();
  });
});

test('a whole answer is read at once, and not again behind its last bytes', async () => {
  const machine = await startWarm();
  machine.chat(2, hello);
  const fetch = machine.next('fetch', 2);
  machine.answerHead(fetch, 200);
  const read = machine.next('read', 2);
  expect(read.rest).toEqual([fetch.op, allBytes]);
  machine.complete(read.op, OpStatus.Last, JSON.stringify(spoken('Hi')));
  expect(textOf(machine.next('respond', 2).frame)).toContain('"content":"Hi"');
  expect(machine.allOf('read', 2)).toHaveLength(1);
});

test('a stream is read as it comes, and its last bytes end it', async () => {
  const machine = await startWarm();
  machine.chat(2, { ...hello, stream: true });
  machine.answerHead(machine.next('fetch', 2), 200);
  const read = machine.next('read', 2);
  expect(read.rest[1]).toBe(0);
  machine.complete(read.op, OpStatus.Last, event('Hi', 'STOP'));
  const only = machine.next('write', 2);
  expect(textOf(only.frame)).toMatch(/"content":"Hi"[\s\S]*data: \[DONE\]\n\n$/);
  machine.next('end', 2);
  expect(machine.allOf('read', 2)).toHaveLength(1);
});

test('a KV that fails is no reason to fail', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  machine.complete(machine.next('kv').op, OpStatus.Failed, 'KV is down');
  machine.next('crypto', 1);
  expect(machine.logs.join('\n')).toContain('KV is down');
});

test('an answer to an op that nobody knows is ignored', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  const open = machine.openOps;
  for (const op of [0, 99, 0xffff_ffff]) machine.complete(op, OpStatus.Ok, 'late');
  expect(machine.openOps).toBe(open);
  machine.answerKv();
  machine.next('crypto', 1);
});

test('an op is answered once', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  const { op } = machine.next('kv');
  machine.complete(op, OpStatus.None);
  machine.complete(op, OpStatus.Ok, btoa('late'));
  const { frame } = machine.next('crypto');
  expect(frame.head).toMatchObject({ do: 'sign_rs256' });
  expect(machine.openOps).toBe(1);
});
