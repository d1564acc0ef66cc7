// Whatever texts clients, Google and others bring along, they steer no operator's terminal.
import { expect, it } from 'vitest';
import { eventLines } from '../../scripts/rondo/logs.ts';
import { makeScreen, painter } from '../../scripts/rondo/screen.ts';
import { operatorStub, place } from './support.ts';

/** Sets the clipboard, clears the screen by C0 and by C1, reads backwards, and breaks the line. */
const hostile = '\u001b]52;c;aGk=\u0007\u001b[2J\u009b2J\u202e\u2028\r\n\u007f';
const steering = /[^\P{Cc}\n]|[\u2028-\u202e]/u;

const request = {
  event: 'request',
  request: `req_1${hostile}`,
  operation: `${hostile}chat_completions`,
  client: `${hostile}alice`,
  model: `${hostile}200  1 ms  forged`,
  client_left: hostile,
  status: 404,
  ms: 9,
  attempts: [{ credential: hostile, class: hostile, status: 404, ms: 1, reason: hostile }],
};

const paint = painter({}, { isTTY: true });
const tail = (record: object) =>
  JSON.stringify({
    logs: [{ message: [JSON.stringify(record)] }],
    exceptions: [{ message: hostile }],
  });
const colours = /\p{Cc}\[\d+m/gu;

it.each([
  ['a request', request],
  ['another event', { event: hostile, message: hostile, more: { deeper: hostile } }],
])('the log tells of %s on one line and in our colours alone', (_, record) => {
  const lines = eventLines(tail(record), paint);
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line.startsWith('\u001b[')).toBe(true);
    expect(line.replace(colours, '')).not.toMatch(/\n|\p{Cc}|[\u2028-\u202e]/u);
  }
});

it('nothing that the operator’s API tells steers a terminal', async () => {
  const here = await place();
  here.env.RONDO_ADMIN_KEY = 'admin';
  const credential = {
    alias: 'main',
    id: '0011223344556677',
    state: hostile,
    kind: hostile,
    project: hostile,
    remedy: hostile,
    link: hostile,
    token: { state: hostile },
    attempts: 1,
    failures: 1,
    last_error: { status: 403, class: hostile, model: hostile },
  };
  const { url } = await operatorStub({
    'GET /admin/api/pool': {
      scope: hostile,
      scope_since: hostile,
      strategy: hostile,
      bindings: { kv: true },
      credentials: [credential],
      cooling: [{ credential: hostile, model: hostile, reason: hostile, until: hostile }],
    },
    'GET /admin/api/settings': { problems: [{ variable: hostile, fault: hostile }] },
    'GET /admin/api/explain?model=x': { model: 'x', state: hostile },
    'POST /admin/api/credentials/0011223344556677/test?model=x': {
      ok: false,
      status: 403,
      class: hostile,
      message: hostile,
      remedy: hostile,
      link: hostile,
    },
  });
  for (const args of [
    ['status', url],
    ['doctor', url, '--model', 'x'],
  ]) {
    const { out, err } = await here.rondo(...args);
    expect(out).toContain('main');
    expect(out + err).not.toMatch(steering);
  }
});

it('a screen prints our own colours, and no other sequence', () => {
  let out = '';
  const screen = makeScreen((text) => {
    out += text;
  }, paint);
  screen.line(`${paint('red', 'a')}${hostile}b`);
  expect(out).toBe('\u001b[31ma\u001b[0m]52;c;aGk=[2J2J\nb\n');
});
