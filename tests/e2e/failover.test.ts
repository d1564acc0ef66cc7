// Before the first byte a request goes on elsewhere; after it, never.
import { beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../scripts/simulator/faults.ts';
import type { Simulator } from '../../scripts/simulator/simulator.ts';
import { ask, callsOf, failed, served, tokenCalls, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';

let google: Simulator;
let rondo: Rondo;

beforeEach(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  rondo = await startRondo({ vars: google.vars() });
});

describe('another credential serves', () => {
  const lost: Fault[] = [
    { kind: 'stream-error', after: 0, error: 'unavailable' },
    { kind: 'stream-error', after: 0, error: 'minute' },
    { kind: 'empty' },
    { kind: 'no-candidates' },
    { kind: 'reset' },
  ];

  test.for(lost)('after a stream that begins with %o', async (fault) => {
    google.fault({ credential: one }, fault);
    const answer = await rondo.chat(ask('Hello', { stream: true }));
    expect(answer.headers.get('x-rondo-attempts')).toBe('2');
    const text = await answer.text();
    expect(text).toContain('You said');
    expect(text).toContain('[DONE]');
    expect(served(google)).toEqual([one, two]);
  });

  test('and the lost connection is closed', async () => {
    google.fault({ credential: one }, { kind: 'stream-error', after: 0, error: 'unavailable' });
    await (await rondo.chat(ask('Hello', { stream: true }))).text();
    const lost = callsOf(google)[0];
    await expect.poll(() => lost?.end).toBeDefined();
  });
});

test('a stream that is cut after its first byte ends with one error event, and is not tried again', async () => {
  google.fault({ credential: one }, { kind: 'cut', after: 1 });
  const text = await (await rondo.chat(ask('Hello', { stream: true }))).text();
  expect(text.match(/"error"/g)).toHaveLength(1);
  expect(text).not.toContain('[DONE]');
  expect(served(google)).toEqual([one]);
});

test('requests that come while the token endpoint is slow share one mint', async () => {
  const gate = google.holdNext({ backend: 'oauth' });
  const asked = [1, 2, 3].map(() => rondo.chat(ask()));
  await gate.reached;
  gate.release();
  for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
  expect(tokenCalls(google, one)).toBe(1);
});

describe('when the only credential is out, the answer says what to mend', () => {
  const cases = [
    ['service-disabled', 'service_disabled', /Enable the API in the project `.+`\. https:/],
    ['iam-denied', 'iam_permission_denied', /roles\/aiplatform\.user\) on the project `.+`/],
    ['scope', 'access_token_scope_insufficient', /cloud-platform/],
    ['suspended', 'consumer_suspended', /suspended the project/],
  ] as const;

  test.for(cases)('"%s"', async ([kind, reason, remedy]) => {
    const single = await startGoogle();
    single.addServiceAccount();
    const fresh = await startRondo({ vars: single.vars() });
    single.fault({}, kind, 3);
    const { status, error } = await failed(fresh.chat(ask()));
    expect(status).toBe(503);
    expect(error.code).toBe('credentials_unavailable');
    expect(error.details).toEqual([
      expect.objectContaining({
        state: 'quarantined',
        reason,
        remedy: expect.stringMatching(remedy),
      }),
    ]);
    expect(fresh.events('credential_quarantined')).toHaveLength(1);
  });
});

test('the one line of a request tells each attempt, and what it cost', async () => {
  google.fault({ credential: one }, { kind: 'minute', seconds: 90 });
  expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
  await expect.poll(() => rondo.events('request')).toHaveLength(1);
  expect(rondo.events('request')[0]).toMatchObject({
    request: expect.stringMatching(/^req_/),
    model: 'gemini-3.8-flash',
    status: 200,
    attempts: [
      { class: 'minute', status: 429, reset: expect.stringMatching(/Z$/) },
      { class: 'ok', status: 200 },
    ],
    upstream_ms: expect.any(Number),
    prompt_tokens: expect.any(Number),
    completion_tokens: expect.any(Number),
  });
});
