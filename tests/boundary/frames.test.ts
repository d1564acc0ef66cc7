import { describe, expect, test } from 'vitest';
import { OpStatus } from '../../worker/core/abi.ts';
import { readFrame, writeFrame } from '../../worker/core/frame.ts';
import {
  readFetchHead,
  readRespondHead,
  writeAnswerHead,
  writeRequestHead,
} from '../../worker/core/heads.ts';
import { readTexts, writeTexts } from '../../worker/core/texts.ts';
import { hello, startWarm } from '../support/conversation.ts';
import { jsonOf, startMachine } from '../support/machine.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

// All of these are written out by hand: both sides are held against them and not against each other.

interface Vector {
  readonly name: string;
  readonly head: Record<string, unknown>;
  readonly body: string;
  /** The whole frame, in hexadecimal digits. */
  readonly frame: string;
}

const vectors: readonly Vector[] = [
  { name: 'an empty head, no body', head: {}, body: '', frame: '020000007b7d' },
  {
    name: 'a head and a body',
    head: { kv: true },
    body: '00ff10',
    frame: '0b0000007b226b76223a747275657d00ff10',
  },
  {
    name: 'letters outside ASCII, counted in bytes',
    head: { a: 'ü€😀' },
    body: 'c3bc',
    frame: '110000007b2261223a22c3bce282acf09f9880227dc3bc',
  },
];

describe.for(vectors)('a frame of $name', ({ head, body, frame }) => {
  test('is written by the worker as laid down', () => {
    expect(hex(writeFrame(head, bytes(body)))).toBe(frame);
  });

  test('is read by the worker as laid down', () => {
    const read = readFrame(bytes(frame));
    expect(read.head).toEqual(head);
    expect(hex(read.body)).toBe(body);
  });

  test('is read by the module as laid down', async () => {
    const machine = await startMachine();
    machine.configure(bytes(frame));
    machine.request(1, { operation: 'health' });
    expect(jsonOf(machine.next('respond').frame)).toMatchObject({ kv: head.kv ?? false });
  });
});

test('the worker reads a frame that lies in the middle of other bytes', () => {
  const within = bytes(`ffff${vectors[1]?.frame}`).subarray(2);
  expect(readFrame(within)).toMatchObject({ head: { kv: true } });
});

const brokenFrames = [
  ['nothing', ''],
  ['a length alone', '02000000'],
  ['half a length', '0200'],
  ['a head shorter than its length', '0a0000007b7d'],
  ['a length of four gigabytes', 'ffffffff7b7d'],
  ['a head that is no JSON', '0200000078797a'],
  ['a head that is no object', '020000005b5d'],
  ['a head that is no UTF-8', '05000000227bff7d22'],
] as const;

test.for(brokenFrames)(
  'the module takes a configuration frame of %s for an empty one',
  async ([, frame]) => {
    const machine = await startMachine();
    machine.configure(bytes(frame));
    machine.request(1, { operation: 'health' });
    expect(jsonOf(machine.next('respond').frame)).toMatchObject({ kv: false });
  },
);

const rows = [
  ['none', [], '00000000'],
  ['one that is empty', [''], '0100000000000000'],
  ['two', ['ab', 'c'], '020000000200000001000000616263'],
  [
    'letters outside ASCII, counted in bytes',
    ['ü', 'x', '€😀'],
    '03000000020000000100000007000000c3bc78e282acf09f9880',
  ],
] as const;

describe.for(rows)('texts: %s', ([, texts, row]) => {
  test('are written by the worker as laid down', () => {
    expect(hex(writeTexts(texts))).toBe(row);
  });

  test('are read by the worker as laid down, wherever they lie', () => {
    expect(readTexts(bytes(`ffff${row}`).subarray(2))).toEqual(texts);
  });
});

const brokenTexts = [
  ['nothing', ''],
  ['half a number', '0100'],
  ['more lengths than there are', '0300000001000000'],
  ['four thousand millions', 'ffffffff00000000'],
  ['one that is longer than all', '010000000200000061'],
  ['one of four gigabytes', '01000000ffffffff61'],
] as const;

test.for(brokenTexts)('the worker reads no texts from %s', ([, row]) => {
  expect(() => readTexts(bytes(row))).toThrow(RangeError);
});

/** How the module tells of an operation that it doesn't know. */
const unknown = (operation: string) => ({
  error: { code: 'unknown_operation', message: expect.stringContaining(`\`${operation}\``) },
});

describe('the head of a request', () => {
  const client = { name: 'anna', models: ['a*', 'b'], stored: false };
  const head = {
    operation: 'aü',
    id: 'r1',
    params: { limit: '5' },
    client,
    fallback: 'off',
  } as const;
  const texts = ['aü', 'r1', 'off', 'anna', 'denied', '2', 'a*', 'b', 'limit', '5'];

  test('is written by the worker as laid down', () => {
    expect(readTexts(writeRequestHead(head))).toEqual(texts);
    const plain = { operation: 'a', id: 'r1', params: {}, client: { name: '' } };
    expect(readTexts(writeRequestHead(plain))).toEqual(['a', 'r1', '', '', '', '0']);
  });

  test('is read by the module as laid down, with what lies behind it as the body', async () => {
    const machine = await startMachine();
    machine.requestBytes(1, writeTexts(texts));
    expect(jsonOf(machine.next('respond', 1).frame)).toMatchObject(unknown('aü'));
    const chat = ['chat_completions', 'r2', '', 'anna', '', '1', 'gpt-*'];
    machine.requestBytes(2, Buffer.concat([writeTexts(chat), Buffer.from(JSON.stringify(hello))]));
    // The one model that the client may use is another.
    expect(jsonOf(machine.next('respond', 2).frame)).toMatchObject({
      error: { code: 'model_not_found' },
    });
  });

  test.for([
    ...brokenTexts,
    ['too few texts', hex(writeTexts(['health', 'r1', '', '', '']))],
    ['no number of models', hex(writeTexts(['health', 'r1', '', '', '', 'two', 'a', 'b']))],
    ['fewer models than it says', hex(writeTexts(['health', 'r1', '', '', '', '3', 'a', 'b']))],
    ['a parameter without a value', hex(writeTexts(['health', 'r1', '', '', '', '0', 'limit']))],
  ] as const)('is none to the module when it is %s', async ([, row]) => {
    const machine = await startMachine();
    machine.requestBytes(1, bytes(row));
    expect(jsonOf(machine.next('respond', 1).frame)).toMatchObject(unknown(''));
    machine.request(2, { operation: 'health' });
    expect(machine.next('respond', 2).frame.head).toMatchObject({ status: 503 });
    expect(machine.openOps).toBe(0);
  });
});

describe('the head of a fetch', () => {
  const url = 'https://google.example/ü';

  test('is read by the worker as laid down', () => {
    const plain = writeTexts(['GET', url, '', '', '', '', 'x-a', '1', 'x-b', '']);
    expect(readFetchHead(plain)).toEqual({
      method: 'GET',
      url,
      headers: { 'x-a': '1', 'x-b': '' },
    });
    const held = writeTexts(['POST', url, '', '', '', 'held']);
    expect(readFetchHead(held)).toEqual({ method: 'POST', url, headers: {}, isHeld: true });
    const judged = writeTexts(['GET', url, '250', 'judged', 'google.example', '']);
    expect(readFetchHead(judged)).toEqual({
      method: 'GET',
      url,
      headers: {},
      timeoutMs: 250,
      host: 'google.example',
    });
  });

  test('names a host that is judged also when that is nothing', () => {
    expect(readFetchHead(writeTexts(['GET', url, '', 'judged', '']))).toHaveProperty('host', '');
  });

  test('is written by the module as laid down', async () => {
    const machine = await startWarm();
    machine.chat(2, hello);
    expect(machine.next('fetch', 2).frame.head).toEqual({
      method: 'POST',
      url: expect.stringMatching(/^https:\/\/.*:generateContent$/),
      headers: { authorization: 'Bearer ya29.test', 'content-type': 'application/json' },
    });
  });
});

describe("the head of an answer of Google's", () => {
  test('is written by the worker as laid down', () => {
    const headers = { 'content-type': 'text/plain', 'retry-after': '7' };
    expect(readTexts(writeAnswerHead({ status: 429, headers }))).toEqual([
      '429',
      'content-type',
      'text/plain',
      'retry-after',
      '7',
    ]);
  });

  test('is read by the module as laid down', async () => {
    const machine = await startWarm();
    machine.chat(2, hello);
    const { op } = machine.next('fetch', 2);
    machine.complete(op, OpStatus.Ok, writeTexts(['401', 'retry-after', '7']));
    machine.complete(machine.next('read', 2).op, OpStatus.Last);
    // The token was refused: another is asked for.
    machine.next('kv', 2);
  });

  test.for([
    ...brokenTexts,
    ['no texts', '00000000'],
    ['a status that is no number', hex(writeTexts(['OK']))],
    ['a field without a value', hex(writeTexts(['200', 'retry-after']))],
  ] as const)('fails the call when it is %s', async ([, row]) => {
    const machine = await startWarm();
    machine.chat(2, hello);
    const { op } = machine.next('fetch', 2);
    machine.complete(op, OpStatus.Ok, bytes(row));
    expect(machine.next('respond', 2).frame.head.status).toBeGreaterThanOrEqual(500);
  });
});

describe('the head of an answer to the client', () => {
  test('is read by the worker as laid down', () => {
    const whole = writeTexts(['404', '', 'x-a', 'ü']);
    expect(readRespondHead(whole)).toEqual({ status: 404, headers: { 'x-a': 'ü' } });
    const stream = writeTexts(['200', 'stream']);
    expect(readRespondHead(stream)).toEqual({ status: 200, headers: {}, stream: true });
    const passed = { status: 200, headers: {}, stream: true, passed: true };
    expect(readRespondHead(writeTexts(['200', 'passed']))).toEqual(passed);
  });

  test('is written by the module as laid down, its body beside it', async () => {
    const machine = await startMachine();
    machine.request(1, { operation: '€' });
    const { frame } = machine.next('respond');
    expect(frame.head).toMatchObject({
      status: 500,
      headers: { 'content-type': 'application/json' },
    });
    expect(jsonOf(frame)).toMatchObject(unknown('€'));
  });
});
