// Bodies that are long, slow, without end or without use, as a client sends them over its socket.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, callsOf, model, told } from '../support/chat.ts';
import { Uploading } from '../support/client.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const megabyte = 1024 * 1024;
const limit = 32 * megabyte;
const adminKey = 'admin-7c1f0e55d9';
const chatLine = 'POST /v1/chat/completions';
const withKey = `authorization: Bearer ${clientKey}`;

let google: GoogleStub;
let rondo: Rondo;
const uploads: Uploading[] = [];

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: { ...google.vars(), ADMIN_API_KEY: adminKey } });
});

afterEach(() => {
  for (const upload of uploads.splice(0)) upload.leave();
  google.reset();
});

const upload = (to: Rondo, line: string, headers: readonly string[], bytes = ''): Uploading => {
  const begun = new Uploading(to, line, headers, bytes);
  uploads.push(begun);
  return begun;
};

const bodyBytes = async (of: Rondo): Promise<number> => (await of.state()).bodyBytes;

const brief = {
  candidates: [{ content: { role: 'model', parts: [{ text: 'Long.' }] }, finishReason: 'STOP' }],
};

/** The body of a chat of just so many bytes, to which Google will answer briefly. */
function chatOf(size: number): string {
  google.changeModel(model, { inputTokens: Infinity });
  google.answerNext({}, { responses: [brief] });
  return JSON.stringify(ask('x'.repeat(size - JSON.stringify(ask('')).length)));
}

const inChunks = (body: string): RequestInit =>
  ({ body: new Blob([body]).stream(), duplex: 'half' }) as RequestInit;

const framings = [
  ['whose length is told', 'content-length: 14000000', ''],
  ['in chunks', 'transfer-encoding: chunked', '493e0\r\n'],
] as const;

describe.for(framings)('a client that breaks off in a body %s', ([, framing, chunk]) => {
  test('leaves nothing taken: neither a chat nor a large body is kept out after four of them', async () => {
    for (let time = 0; time < 4; time += 1) {
      const client = upload(rondo, chatLine, [withKey, framing], chunk + ' '.repeat(300_000));
      await expect.poll(() => bodyBytes(rondo)).toBeGreaterThan(300_000);
      client.leave();
      await expect.poll(() => bodyBytes(rondo)).toBe(0);
    }
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    expect(await told(rondo.chat(chatOf(31 * megabyte)))).toBe('Long.');
    expect(rondo.events('module_failed')).toEqual([]);
  });
});

describe('a body that an operation does not take', () => {
  const admin = `authorization: Bearer ${adminKey}`;
  const operations = [
    ['GET /health', 'x-nothing: 1', 200],
    ['GET /v1/models', withKey, 200],
    ['GET /v1/models/gemini-3.8-flash', withKey, 200],
    ['POST /admin/api/credentials/nobody/reset', admin, 404],
  ] as const;

  test.for(operations)('of %s may never come, and holds nothing', async ([line, key, status]) => {
    const waiting = framings.map(([, framing]) => upload(rondo, line, [key, framing]));
    for (const client of waiting) expect((await client.answer()).status).toBe(status);
    expect(await bodyBytes(rondo)).toBe(0);
  });

  test('is not waited for while it is sent either, nor by a chat beside it', async () => {
    for (let time = 0; time < 4; time += 1) {
      const client = upload(
        rondo,
        'GET /health',
        ['content-length: 14000000'],
        'x'.repeat(300_000),
      );
      expect((await client.answer()).status).toBe(200);
    }
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
  });
});

test.for(framings)(
  'one without a key is told so though nothing of it comes, %s',
  async ([, framing]) => {
    const { status, text } = await upload(rondo, chatLine, [framing]).answer();
    expect(status).toBe(401);
    expect(text).not.toContain('incomplete_body');
    expect(await bodyBytes(rondo)).toBe(0);
  },
);

describe('a body that stays silent', () => {
  const bodies = [
    ['small', 'content-length: 100', '{"model":'],
    ['large', 'content-length: 14000000', ' '.repeat(300_000)],
    ['in chunks', 'transfer-encoding: chunked', '5\r\n{"mod'],
    ['from the beginning', 'content-length: 100', ''],
  ] as const;
  let hasty: Rondo;

  beforeAll(async () => {
    hasty = await startRondo({ vars: { ...google.vars(), BODY_TIMEOUT_MS: '200' } });
  });

  test.for(bodies)(
    '(%s) is 408, says what to do, and gives all back',
    async ([, framing, bytes]) => {
      const client = upload(hasty, chatLine, [withKey, framing], bytes);
      const { status, text } = await client.answer();
      expect(status).toBe(408);
      const { error } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
      expect(error).toEqual({
        type: 'invalid_request_error',
        code: 'request_timeout',
        param: null,
        message:
          'No byte of the request body came for 0.2 s. Send the request again, and its whole body without a pause.',
      });
      expect(await bodyBytes(hasty)).toBe(0);
      expect(await told(hasty.chat(ask()))).toBe('You said: Hello');
    },
  );

  test('is not one that comes byte by byte', async () => {
    const body = JSON.stringify(ask());
    const client = upload(hasty, chatLine, [withKey, `content-length: ${body.length}`]);
    let sent = 0;
    const drip = setInterval(() => client.send(body[sent++] ?? ''), 5);
    const { status } = await client.answer();
    clearInterval(drip);
    expect(status).toBe(200);
  });
});

describe('a body of 32 MiB, the usual limit', () => {
  test('is taken when its length is told', async () => {
    expect(await told(rondo.chat(chatOf(limit)))).toBe('Long.');
  });

  test('is taken in chunks, beside another that comes', async () => {
    upload(rondo, chatLine, [withKey, `content-length: ${7 * megabyte}`], ' '.repeat(300_000));
    await expect.poll(() => bodyBytes(rondo)).toBe(7 * megabyte);
    expect(await told(rondo.chat('', inChunks(chatOf(limit))))).toBe('Long.');
  });

  test.for([
    ['told', `content-length: ${limit + 1}`, ''],
    [
      'in chunks',
      'transfer-encoding: chunked',
      `${(limit + 1).toString(16)}\r\n${' '.repeat(limit + 1)}`,
    ],
  ] as const)('and a byte is refused, %s, and gives all back', async ([, framing, bytes]) => {
    const { status, text } = await upload(rondo, chatLine, [withKey, framing], bytes).answer();
    expect(status).toBe(413);
    expect(text).toContain('request_too_large');
    expect(await bodyBytes(rondo)).toBe(0);
    expect(callsOf(google)).toEqual([]);
  });
});

test('broken limits are told in the log, and the usual ones hold', async () => {
  const broken = { MAX_BODY_BYTES: '32MB', MAX_BODY_BYTES_TOTAL: '-1', BODY_TIMEOUT_MS: '0' };
  const other = await startRondo({ vars: { ...google.vars(), ...broken } });
  expect(await told(other.chat(ask()))).toBe('You said: Hello');
  await expect
    .poll(() => other.events('setting_ignored'))
    .toEqual(
      Object.keys(broken).map((variable) => ({
        time: expect.any(String),
        level: 'warn',
        event: 'setting_ignored',
        variable,
        fault: expect.stringMatching(/^is not a whole number from \d+ to \d+$/),
      })),
    );
});
