// A module that breaks on purpose, put together byte by byte: it has the exports of the real one and
// answers every second request. https://webassembly.github.io/spec/core/binary/

import { writeTexts } from '../../worker/core/texts.ts';

/** Where odd requests stop the module. */
export type Fault =
  /** In the call that hands them over. */
  | 'request'
  /** When the first thing that they wait for is over. */
  | 'complete'
  /** When they are cancelled. */
  | 'cancel'
  /** Not: each waits for the next one, which wakes it and stops the module in the same call. */
  | 'others'
  /** Nowhere, but memory for more than 4096 bytes is never there. */
  | 'memory';

const i32 = 0x7f;
const f64 = 0x7c;

const op = {
  unreachable: [0x00],
  if: [0x04, 0x40],
  return: [0x0f],
  end: [0x0b],
  and: [0x71],
  greater: [0x4b],
  local: (index: number) => [0x20, index],
  number: (value: number) => [0x41, ...signed(value)],
  float: (value: number) => [0x44, ...Buffer.from(new Float64Array([value]).buffer)],
  call: (index: number) => [0x10, index],
} as const;

const ifOdd = (then: readonly number[]): number[] => [
  ...op.local(0),
  ...op.number(1),
  ...op.and,
  ...op.if,
  ...then,
  ...op.end,
];

const ifLarge = (then: readonly number[]): number[] => [
  ...op.local(0),
  ...op.number(4096),
  ...op.greater,
  ...op.if,
  ...then,
  ...op.end,
];

// Imports come first in the numbering of functions.
const respond = 0;
const done = 1;
const wait = 2;
const raise = 3;

const answerAt = 16;
const handedAt = 1024;
const answerHead = writeTexts(['200', '', 'content-type', 'application/json']);
const answerBody = [...Buffer.from('{"object":"list","data":[]}')];

const answerIt = [
  ...op.local(0),
  ...op.number(answerAt),
  ...op.number(answerHead.length),
  ...op.number(answerAt + answerHead.length),
  ...op.number(answerBody.length),
  ...op.call(respond),
  ...op.local(0),
  ...op.call(done),
];
/** The op is named like its request. */
const waitForIt = (ms: number): number[] => [
  ...op.local(0),
  ...op.local(0),
  ...op.number(0),
  ...op.float(ms),
  ...op.call(wait),
];
// Those that are to be cancelled must not be over before.
const waitForNextIfOdd = [
  ...ifOdd([
    ...op.local(0),
    ...op.local(0),
    ...op.number(1),
    ...op.float(600_000),
    ...op.call(wait),
    ...op.return,
  ]),
  ...op.number(1),
  ...op.call(raise),
  ...op.unreachable,
];
const waitLongIfOdd = [...ifOdd([...waitForIt(600_000), ...op.return]), ...waitForIt(0)];

interface Func {
  readonly name: string;
  readonly takes: readonly number[];
  readonly gives: readonly number[];
  readonly code: readonly number[];
}

function functions(fault: Fault): Func[] {
  const trap = (place: Fault): number[] => (fault === place ? ifOdd(op.unreachable) : []);
  const served = {
    request: answerIt,
    memory: answerIt,
    cancel: waitLongIfOdd,
    others: waitForNextIfOdd,
  };
  const request = fault === 'complete' ? waitForIt(0) : served[fault];
  const refuse = fault === 'memory' ? ifLarge([...op.number(0), ...op.return]) : [];
  const func = (
    name: string,
    takes: number,
    gives: number,
    code: readonly number[] = [],
  ): Func => ({
    name,
    takes: Array<number>(takes).fill(i32),
    gives: Array<number>(gives).fill(i32),
    code,
  });
  return [
    func('_initialize', 0, 0),
    func('rondo_abi_v5', 0, 0),
    func('rondo_alloc', 1, 1, [...refuse, ...op.number(handedAt)]),
    func('rondo_free', 1, 0),
    func('rondo_configure', 2, 0),
    func('rondo_request', 3, 0, [...trap('request'), ...request]),
    func('rondo_complete', 4, 0, [...trap('complete'), ...answerIt]),
    func('rondo_feed', 3, 1, op.number(0)),
    func('rondo_judge_items', 2, 1, op.number(0)),
    func('rondo_cancel', 1, 0, trap('cancel')),
    func('rondo_open_ops', 0, 1, op.number(0)),
  ];
}

export function faultyModule(fault: Fault): Uint8Array<ArrayBuffer> {
  const imports = [
    { name: 'respond', takes: [i32, i32, i32, i32, i32], gives: [] },
    { name: 'done', takes: [i32], gives: [] },
    { name: 'wait', takes: [i32, i32, i32, f64], gives: [] },
    { name: 'raise', takes: [i32], gives: [] },
  ];
  const own = functions(fault);
  const types = [...imports, ...own].map(({ takes, gives }) => [
    0x60,
    ...vector(takes.map((type) => [type])),
    ...vector(gives.map((type) => [type])),
  ]);
  const exported = own.map(({ name }, index) => [...text(name), 0x00, imports.length + index]);
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector(types)),
    ...section(
      2,
      vector(imports.map(({ name }, type) => [...text('rondo'), ...text(name), 0, type])),
    ),
    ...section(3, vector(own.map((_, index) => [imports.length + index]))),
    ...section(5, vector([[0x00, ...unsigned(16)]])),
    ...section(7, vector([[...text('memory'), 0x02, 0], ...exported])),
    ...section(10, vector(own.map(({ code }) => sized([0, ...code, ...op.end])))),
    ...section(
      11,
      vector([[0, ...op.number(answerAt), ...op.end, ...sized([...answerHead, ...answerBody])]]),
    ),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

function vector(entries: readonly (readonly number[])[]): number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

function text(value: string): number[] {
  return sized([...Buffer.from(value)]);
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  const fits = value >= -0x40 && value < 0x40;
  return fits ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
