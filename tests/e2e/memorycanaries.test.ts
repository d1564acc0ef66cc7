// Words that nobody else says are planted in all that a client stores. Neither the objects' rows, in
// whatever spelling, nor logs, KV, metrics, the operator's answers and errors, nor what another client is
// told may hold them.
import { beforeAll, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { model } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { secretsOf } from '../support/secrets.ts';

let google: GoogleStub;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
});

const mark = 'canary93ce';
const canary = (place: string): string => `${mark}-${place}-5b1f7704`;

const keys = {
  owner: 'sk-owner-41f0c2d78a',
  other: 'sk-other-77d1e09b5c',
  admin: 'sk-admin-9ac3427ef0',
  metrics: 'sk-metrics-60be1d22f4',
} as const;

const metadata = { [canary('name')]: canary('value') };
const parameters = { type: 'object', properties: { tz: { type: 'string' } } };
const calling = `get_time({"tz":"${canary('argument')}"})`;
const responseTools = [{ type: 'function', name: 'get_time', strict: false, parameters }];
const chatTools = [{ type: 'function', function: { name: 'get_time', parameters } }];
const user = (place: string) => ({ role: 'user', content: canary(place) });

interface Told {
  readonly status: number;
  readonly text: string;
}

const ask = async (
  rondo: Rondo,
  key: string,
  path: string,
  body?: object,
  method = body ? 'POST' : 'GET',
): Promise<Told> => {
  const answer = await fetch(rondo.url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const { status } = answer;
  return { status, text: `${JSON.stringify([...answer.headers])}\n${await answer.text()}` };
};

/** The paths of what a client stores of every kind there is, and the ids of its calls. */
async function storeAll(rondo: Rondo): Promise<{ paths: string[]; ids: string[] }> {
  const ids: string[] = [];
  const make = async (path: string, body: object): Promise<string> => {
    const { status, text } = await ask(rondo, keys.owner, path, { model, ...body });
    expect(status, text).toBe(200);
    ids.push(...[...text.matchAll(/"(?:call_)?id":"(call_[^"]+)"/g)].map(([, id = '']) => id));
    return /"id":"((?:resp_|conv_|chatcmpl-)[^"]+)"/.exec(text)?.[1] ?? '';
  };
  const respond = (body: object) => make('/v1/responses', { metadata, ...body });
  const complete = (body: object) => make('/v1/chat/completions', { metadata, ...body });
  const one = await respond({ input: canary('input'), instructions: canary('instructions') });
  const two = await respond({ input: calling, tools: responseTools, previous_response_id: one });
  const three = await respond({ input: [user('streamed')], stream: true });
  const conversation = await make('/v1/conversations', { metadata, items: [user('item')] });
  await respond({ input: canary('talk'), conversation });
  const completion = await complete({ messages: [user('message')], store: true });
  const messages = [{ role: 'user', content: calling }];
  const stored = { store: true, stream: true };
  const streamed = await complete({ messages, tools: chatTools, ...stored });
  await make('/v1/messages', {
    max_tokens: 99,
    messages,
    tools: [{ name: 'get_time', input_schema: parameters }],
  });
  return {
    ids,
    paths: [
      ...[one, two, three].flatMap((id) => [
        `/v1/responses/${id}`,
        `/v1/responses/${id}/input_items`,
      ]),
      `/v1/conversations/${conversation}`,
      `/v1/conversations/${conversation}/items`,
      ...[completion, streamed].flatMap((id) => [
        `/v1/chat/completions/${id}`,
        `/v1/chat/completions/${id}/messages`,
      ]),
      '/v1/chat/completions',
    ],
  };
}

const lastOf = (path: string): string => path.split('/')[3] ?? '';

/** Everything that a client with another key can ask about it. */
async function askAsOther(rondo: Rondo, paths: readonly string[]): Promise<string> {
  const told: Told[] = [];
  for (const path of paths) {
    told.push(await ask(rondo, keys.other, path));
    told.push(await ask(rondo, keys.other, path, undefined, 'DELETE'));
    const id = lastOf(path);
    for (const body of [
      { input: 'Hi', previous_response_id: id },
      { input: 'Hi', conversation: id },
      { input: [{ type: 'item_reference', id: id.replace('resp_', 'msg_').concat('_0') }] },
    ]) {
      told.push(await ask(rondo, keys.other, '/v1/responses', { model, ...body }));
    }
  }
  return told.map(({ text }) => text).join('\n');
}

async function askAsOperator(rondo: Rondo): Promise<string> {
  const paths = ['pool', 'settings', 'requests', 'series?span=hour', `explain?model=${model}`];
  const told = [await ask(rondo, keys.metrics, '/metrics')];
  for (const path of paths) told.push(await ask(rondo, keys.admin, `/admin/api/${path}`));
  return told.map(({ text }) => text).join('\n');
}

/** What the owner is told while the object fails, of which anything may be logged. */
async function askWhileBroken(rondo: Rondo, paths: readonly string[]): Promise<string> {
  const methods = ['get', 'chain', 'whole', 'page', 'put', 'erase', 'signatures', 'keepSignatures'];
  await rondo.breakStore({ fault: 'throw', methods });
  const told: Told[] = [];
  for (const path of paths) told.push(await ask(rondo, keys.owner, path));
  for (const previous of paths.map(lastOf)) {
    const body = { model, input: 'Hi', previous_response_id: previous };
    told.push(await ask(rondo, keys.owner, '/v1/responses', body));
  }
  await rondo.breakStore(null);
  return told.map(({ text }) => text).join('\n');
}

/** A text as it would stand in base64, wherever it begins there, in hex, and as it is. */
function spellings(text: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from('x'.repeat(before) + text).toString('base64');
    // The first and the last digits depend on what stands beside it.
    return encoded.slice(before === 0 ? 0 : 4, -4);
  });
  return [text, ...inBase64, Buffer.from(text).toString('hex')];
}

const madeSignatures = (): string[] => {
  const answers = google.calls.map(({ answer }) => answer ?? '').join('\n');
  return [...answers.matchAll(/"thoughtSignature": ?"([^"]+)"/g)].map(([, made = '']) => made);
};

test('what a client stores is told to itself alone', async () => {
  const rondo = await startRondo({
    vars: {
      ...google.vars(),
      CLIENT_API_KEYS: [keys.owner, keys.other],
      ADMIN_API_KEY: keys.admin,
      METRICS_KEY: keys.metrics,
      LOG_LEVEL: 'debug',
    },
    pool: true,
    store: true,
  });
  const { paths, ids } = await storeAll(rondo);
  const rows = async (): Promise<string> => (await rondo.storedRows()).join('\n');
  // Signatures are kept behind their answers: those of the three calls.
  const kept = async (): Promise<number> => (await rondo.storedRows()).length;
  await expect.poll(kept).toBeGreaterThanOrEqual(2 * 7 + 3);
  const own: string[] = [];
  for (const path of paths) {
    const { status, text } = await ask(rondo, keys.owner, path);
    expect(status, path).toBe(200);
    own.push(text);
  }
  for (const place of ['input', 'streamed', 'item', 'talk', 'message', 'argument', 'value']) {
    expect(own.join('\n')).toContain(canary(place));
  }
  const stored = await rows();
  expect(stored.length).toBeGreaterThan(5000);
  const others = [
    await askAsOther(rondo, paths),
    await askAsOperator(rondo),
    await askWhileBroken(rondo, paths),
    JSON.stringify([await rondo.kv(), await rondo.pool('facts')]),
  ].join('\n');
  expect(others).toContain('not found');
  expect(others).toContain('store_unavailable');
  const all = [stored, await rows(), others, ...rondo.logs].join('\n');
  expect(ids.length).toBeGreaterThanOrEqual(3);
  expect(madeSignatures().length).toBeGreaterThanOrEqual(3);
  const signatures = madeSignatures().map((each) => each.slice(0, 40));
  const secrets = [mark, 'You said', ...signatures, ...ids, ...Object.values(keys)];
  const seen = secrets.flatMap(spellings).filter((each) => all.includes(each));
  expect(seen).toEqual([]);
  expect(secretsOf(google).filter((secret) => all.includes(secret))).toEqual([]);
  // Nobody but the owner has taken anything away.
  expect((await ask(rondo, keys.owner, paths[0] ?? '')).status).toBe(200);
});
