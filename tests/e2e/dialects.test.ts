// One conversation in every dialect: Google gets the same request, and what it answers comes out
// the same.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { Json, JsonObject } from '../../scripts/googlestub/json.ts';
import { answer, said, stop } from '../support/asked.ts';
import { callsOf, model } from '../support/chat.ts';
import { type Dialect, dialects, type Start, type Turn } from '../support/dialects.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.add('service_account');
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const start: Start = {
  model,
  system: 'Be brief.',
  user: 'get_time({"tz":"UTC"}) and get_weather then notify',
  functions: ['get_time', 'get_weather', 'notify'].map((name) => ({
    name,
    description: `Does ${name}.`,
    parameters: { type: 'object', properties: { tz: { type: 'string' } } },
  })),
};

/** Values that are new in each conversation, each by the order in which it came. */
const nameless = (bodies: readonly JsonObject[]): Json => {
  const names = new Map<string, string>();
  const nameOf = (value: string, kind: string): string => {
    const known = names.get(value) ?? `${kind} ${names.size}`;
    names.set(value, known);
    return known;
  };
  const renamed = (value: Json, key = ''): Json => {
    if (Array.isArray(value)) return value.map((item) => renamed(item));
    if (typeof value === 'string') {
      if (key === 'thoughtSignature') return nameOf(value, 'signature');
      return key === 'id' ? nameOf(value, 'call') : value;
    }
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, renamed(item, name)]),
    );
  };
  return bodies.map((body) => renamed(body));
};

/** Messages alone must say how long an answer may be. */
const withoutLength = ({ generationConfig, ...body }: JsonObject): JsonObject => body;

const converse = async (dialect: Dialect, asked = start) => {
  google.reset();
  const turns = await dialect.converse(rondo, asked);
  return {
    turns,
    sent: nameless(callsOf(google).map(({ body }) => withoutLength(body as JsonObject))),
  };
};

const withoutIds = (turns: readonly Turn[]): unknown =>
  turns.map(({ calls, ...turn }) => ({
    ...turn,
    calls: calls.map(({ name, args }) => ({ name, args })),
  }));

const [chat, ...others] = dialects;
if (!chat) throw new Error('there are no dialects');

describe.each(others)('$name', (dialect) => {
  test('puts a conversation with tools to Google as chat completions do, signatures too', async () => {
    const { sent } = await converse(dialect);
    expect(sent).toEqual((await converse(chat)).sent);
    expect(JSON.stringify(sent)).toContain('"thoughtSignature":"signature');
    expect(JSON.stringify(sent)).not.toContain('skip_thought_signature_validator');
  });

  test('tells the same texts, calls and counts', async () => {
    const { turns } = await converse(dialect);
    expect(turns.length).toBeGreaterThan(2);
    expect(withoutIds(turns)).toEqual(withoutIds((await converse(chat)).turns));
  });

  test('tells the same thoughts and texts in pieces, in which nothing is lost', async () => {
    const pieces = [
      { text: 'First ', thought: true },
      { text: 'A é😀 ' },
      { text: 'then "this"\n', thought: true },
      { text: 'B.' },
    ];
    const told: Turn[][] = [];
    for (const each of [chat, dialect]) {
      google.reset();
      answer(google, [said(pieces, stop)]);
      told.push(await each.converse(rondo, { ...start, user: 'Well?' }));
    }
    expect(told[0]?.[0]).toMatchObject({ text: 'A é😀 B.', thoughts: 'First then "this"\n' });
    expect(told[1]).toEqual(told[0]);
  });
});
