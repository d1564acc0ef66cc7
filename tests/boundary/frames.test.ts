import { describe, expect, test } from 'vitest';
import { readFrame, writeFrame } from '../../worker/core/frame.ts';
import { jsonOf, startMachine } from '../support/machine.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

interface Vector {
  readonly name: string;
  readonly head: Record<string, unknown>;
  readonly body: string;
  /** The whole frame, in hexadecimal digits. */
  readonly frame: string;
}

// Written out by hand: both sides are held against these and not against each other.
const vectors: readonly Vector[] = [
  { name: 'an empty head, no body', head: {}, body: '', frame: '020000007b7d' },
  {
    name: 'a head and a body',
    head: { operation: 'a' },
    body: '00ff10',
    frame: `110000007b226f7065726174696f6e223a2261227d00ff10`,
  },
  {
    name: 'letters outside ASCII, counted in bytes',
    head: { operation: 'ü€😀' },
    body: 'c3bc',
    frame: `190000007b226f7065726174696f6e223a22c3bce282acf09f9880227dc3bc`,
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
    machine.requestBytes(7, bytes(frame));
    // It has no such operation, and says its name.
    const { frame: answer } = machine.next('respond', 7);
    const name = (head.operation as string | undefined) ?? '';
    expect(jsonOf(answer)).toMatchObject({
      error: { message: expect.stringContaining(`\`${name}\``) },
    });
    expect(machine.openOps).toBe(0);
  });
});

test('the worker reads a frame that lies in the middle of other bytes', () => {
  const within = bytes(`ffff${vectors[1]?.frame}`).subarray(2);
  expect(readFrame(within)).toMatchObject({ head: { operation: 'a' } });
});

test('the module writes frames whose length is that of the head in bytes', async () => {
  const machine = await startMachine();
  machine.request(1, { operation: '€' });
  const { head, body } = machine.next('respond').frame;
  expect(head).toMatchObject({ status: 500, headers: { 'content-type': 'application/json' } });
  expect(JSON.parse(Buffer.from(body).toString())).toHaveProperty(
    'error.code',
    'unknown_operation',
  );
});

const broken = [
  ['nothing', ''],
  ['a length alone', '02000000'],
  ['half a length', '0200'],
  ['a head shorter than its length', '0a0000007b7d'],
  ['a length of four gigabytes', 'ffffffff7b7d'],
  ['a head that is no JSON', '0200000078797a'],
  ['a head that is no object', '020000005b5d'],
  ['a head that is no UTF-8', '05000000227bff7d22'],
] as const;

test.for(broken)('the module outlives a request frame of %s', async ([, frame]) => {
  const machine = await startMachine();
  machine.requestBytes(1, bytes(frame));
  expect(machine.next('respond').frame.head).toMatchObject({ status: 500 });
  machine.request(2, { operation: 'health' });
  expect(machine.next('respond', 2).frame.head).toMatchObject({ status: 503 });
  expect(machine.openOps).toBe(0);
});

test.for(broken)(
  'the module takes a configuration frame of %s for an empty one',
  async ([, frame]) => {
    const machine = await startMachine();
    machine.configure(bytes(frame));
    machine.request(1, { operation: 'health' });
    expect(jsonOf(machine.next('respond').frame)).toMatchObject({ kv: false });
  },
);
