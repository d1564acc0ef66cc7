// Before the first byte a request goes on elsewhere; after it, never.
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../scripts/googlestub/faults.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, askTimes, callsOf, failed, served, tokenCalls, told } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { choiceOf, modes, tell } from '../support/told.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';
const three = 'sim-account-3';
const streamed = ask('Hello', { stream: true });

let google: GoogleStub;
let rondo: Rondo;

async function start(accounts: number, vars: Record<string, string> = {}): Promise<void> {
  google = await startGoogle();
  google.addServiceAccounts(accounts);
  rondo = await startRondo({ vars: { ...google.vars(), ...vars } });
}

const changes = () =>
  ['credential_cooling', 'model_resting', 'credential_quarantined'].flatMap((event) =>
    rondo.events(event),
  );

describe.each(modes)('another credential serves, %s,', (mode) => {
  const lost: [string, Fault][] = [
    ['an error of the server', { kind: 'stream-error', after: 0, error: 'unavailable' }],
    ['an error without `data:`', { kind: 'stream-error', after: 0, error: 'internal', bare: true }],
    ['nothing', { kind: 'empty' }],
    ['no candidates', { kind: 'no-candidates' }],
    ['the end of the connection', { kind: 'cut', after: 0 }],
    ['a reset', { kind: 'reset' }],
  ];

  test.for(lost)('when the answer is %s, and nothing cools', async ([, fault]) => {
    await start(2);
    google.fault({ credential: one }, fault);
    const answer = await tell(rondo, mode, ask());
    expect(choiceOf(answer).message.content).toBe('You said: Hello');
    expect(answer.headers.get('x-rondo-attempts')).toBe('2');
    await askTimes(rondo, 1);
    expect(served(google)).toEqual([one, two, one]);
    expect(changes()).toEqual([]);
  });

  const refused: [string, Fault['error']][] = [
    ['a spent minute', 'minute'],
    ['a spent day', 'day'],
    ['a suspended project', 'suspended'],
  ];

  test.for(refused)('when the answer is 200 and %s, which is remembered', async ([, error]) => {
    await start(2);
    google.fault({ credential: one }, { kind: 'stream-error', after: 0, ...(error && { error }) });
    await tell(rondo, mode, ask());
    await askTimes(rondo, 2);
    expect(served(google)).toEqual([one, two, two, two]);
    expect(changes()).toHaveLength(1);
  });
});

test('a stream that is refused by its first event everywhere is refused by status', async () => {
  await start(2);
  google.fault({}, { kind: 'stream-error', after: 0, error: 'minute' }, 2);
  const { status, headers, error } = await failed(rondo.chat(streamed));
  expect(status).toBe(429);
  expect(error.code).toBe('rate_limit_exceeded');
  expect(headers.get('content-type')).toBe('application/json');
});

test('the connection of a lost attempt is closed, though Google holds it open', async () => {
  await start(2);
  google.fault({ credential: one }, { kind: 'stream-error', after: 0, error: 'unavailable' });
  const gate = google.holdNext({ credential: one }, 1);
  const answered = rondo.chat(streamed);
  const lost = await gate.reached;
  await lost.closed;
  expect(lost.end).toBe('aborted');
  expect(await (await answered).text()).toContain('[DONE]');
  expect(served(google)).toEqual([one, two]);
});

describe('a stream of which something has gone out', () => {
  const broken: [string, Fault][] = [
    ['is cut', { kind: 'cut', after: 1 }],
    ['is cut inside an event', { kind: 'cut', after: 1, partial: true }],
    ['ends in an error', { kind: 'stream-error', after: 1, error: 'unavailable' }],
  ];

  test.for(broken)('and that %s ends with one error event, without a second try', async (it) => {
    await start(2);
    google.fault({ credential: one }, it[1]);
    const answer = await rondo.chat(ask('Hello, world', { stream: true }));
    expect(answer.status).toBe(200);
    const events = (await answer.text()).trimEnd().split('\n\n');
    expect(events[0]).toContain('"delta"');
    expect(events.filter((event) => event.startsWith('data: {"error"'))).toEqual(events.slice(-1));
    await askTimes(rondo, 1);
    expect(served(google)).toEqual([one, two]);
    expect(changes()).toEqual([]);
  });
});

describe('the attempts of a request are bounded', () => {
  test('by distinct credentials, for what fails at Google', async () => {
    await start(3);
    google.fault({}, 'internal', 9);
    const { headers, error } = await failed(rondo.chat(ask()));
    expect(error.type).toBe('server_error');
    expect(headers.get('x-rondo-attempts')).toBe('3');
    expect(served(google)).toEqual([one, two, three]);
  });

  test.for([
    ['minute', {}, 4],
    ['minute', { MAX_ATTEMPTS: '1' }, 1],
    ['minute', { MAX_ATTEMPTS: '5' }, 5],
    ['unavailable', {}, 4],
    ['unavailable', { MAX_ATTEMPTS: '2' }, 2],
  ] as const)('for "%s" by %o: %i', async ([kind, vars, attempts]) => {
    await start(6, vars);
    google.fault({}, kind, 20);
    const { status, headers, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(503);
    expect(error.code).toBe(kind === 'minute' ? 'attempts_exhausted' : 'model_overloaded');
    expect(headers.get('retry-after')).toMatch(/^[12]$/);
    expect(headers.get('x-rondo-attempts')).toBe(String(attempts));
    expect(served(google)).toHaveLength(attempts);
  });

  test('by ATTEMPT_DEADLINE_MS: after it none begins', async () => {
    await start(3, { ATTEMPT_DEADLINE_MS: '300' });
    await rondo.stopClock();
    await askTimes(rondo, 3);
    google.fault({ credential: one }, 'internal');
    const gate = google.holdNext({ credential: one });
    const answered = failed(rondo.chat(ask()));
    await gate.reached;
    await rondo.advance(300);
    gate.release();
    expect((await answered).status).toBe(503);
    expect(served(google).slice(3)).toEqual([one]);
  });
});

describe('while all cool and one is free again in a moment', () => {
  const cool = (seconds: number): void => google.fault({}, { kind: 'minute', seconds }, 2);
  const openOps = async () => (await rondo.state()).openOps;
  /** Milliseconds after which nobody waits any more: who waits does so for up to a quarter more. */
  const waitedOut = (seconds: number): number => seconds * 1250;

  test('requests wait for it, stream or not, and Google is not asked meanwhile', async () => {
    await start(2);
    await rondo.stopClock();
    cool(1.5);
    const finder = rondo.chat(ask());
    await expect.poll(() => rondo.events('credential_cooling')).toHaveLength(2);
    const asked = [ask(), streamed, ask(), streamed].map((body) => rondo.chat(body));
    // All five wait; the question itself is the sixth.
    await expect.poll(openOps).toBe(6);
    expect(callsOf(google)).toHaveLength(2);
    await rondo.advance(waitedOut(1.5));
    for (const answer of await Promise.all([finder, ...asked])) {
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('You said');
    }
    expect(callsOf(google)).toHaveLength(7);
    const took = () => rondo.events('request').map(({ ms }) => ms);
    await expect.poll(took).toEqual(Array(5).fill(waitedOut(1.5)));
  });

  test('the one that found it out waits and tries the same credential again', async () => {
    await start(1);
    await rondo.stopClock();
    google.fault({}, { kind: 'minute', seconds: 1.2 });
    const answered = rondo.chat(ask());
    await expect.poll(() => rondo.events('credential_cooling')).toHaveLength(1);
    expect(callsOf(google)).toHaveLength(1);
    await rondo.advance(waitedOut(1.2));
    const answer = await answered;
    expect(answer.headers.get('x-rondo-attempts')).toBe('2');
    expect(await told(answer)).toBe('You said: Hello');
    expect(served(google)).toEqual([one, one]);
  });

  test('nobody waits for what is three seconds away', async () => {
    await start(2);
    cool(4);
    const { status, headers } = await failed(rondo.chat(ask()));
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after-ms'))).toBeGreaterThan(3000);
  });

  test('nobody waits beyond ATTEMPT_DEADLINE_MS', async () => {
    await start(2, { ATTEMPT_DEADLINE_MS: '1000' });
    cool(2.5);
    const { status } = await failed(rondo.chat(ask()));
    expect(status).toBe(429);
    expect(served(google)).toEqual([one, two]);
  });

  test('a client that leaves is not served any more, and the next one is', async () => {
    await start(1);
    await rondo.stopClock();
    google.fault({}, { kind: 'minute', seconds: 1.5 });
    const client = new LeavingClient(rondo, ask());
    await expect.poll(() => rondo.events('credential_cooling')).toHaveLength(1);
    client.leave();
    await expect.poll(openOps).toBe(0);
    await rondo.advance(waitedOut(1.5));
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    expect(served(google)).toEqual([one, one]);
  });
});

describe('a client that leaves', () => {
  test.for(modes)('has its call cancelled, %s, and cools nothing', async (mode) => {
    await start(2);
    const gate = google.holdNext();
    const client = new LeavingClient(rondo, ask('Hello', { stream: mode === 'streamed' }));
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
    await askTimes(rondo, 2);
    expect(served(google)).toEqual([one, two, one]);
    expect(changes()).toEqual([]);
  });

  test('leaves the token that others wait for to them', async () => {
    await start(1);
    const gate = google.holdNext({ backend: 'oauth' });
    const client = new LeavingClient(rondo, ask());
    await gate.reached;
    const others = [1, 2].map(() => told(rondo.chat(ask())));
    client.leave();
    gate.release();
    expect(await Promise.all(others)).toEqual(['You said: Hello', 'You said: Hello']);
    expect(tokenCalls(google)).toBeLessThanOrEqual(2);
  });
});

test('requests that come while the token endpoint is slow share one mint', async () => {
  await start(1);
  const gate = google.holdNext({ backend: 'oauth' });
  const asked = [1, 2, 3, 4].map(() => told(rondo.chat(ask())));
  await gate.reached;
  gate.release();
  expect(await Promise.all(asked)).toEqual(Array(4).fill('You said: Hello'));
  expect(tokenCalls(google, one)).toBe(1);
});
