// What a client is told where the module has no part in it, and what the log is told beside.
import { describe, expect, test, vi } from 'vitest';
import { failureOf, messageOf } from '../../worker/core/failure.ts';
import { BrokenInstance, OutOfMemory } from '../../worker/core/instance.ts';
import { Log } from '../../worker/core/log.ts';
import {
  cutShort,
  errorResponse,
  internalError,
  overloaded,
  timedOut,
  tooLarge,
} from '../../worker/errors.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

describe('an error', () => {
  const failure = { status: 418, type: 'a_type', code: 'a_code', message: 'Why.' };

  test("is answered in OpenAI's shape", async () => {
    const answer = errorResponse(failure);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([418, 'application/json']);
    expect(await answer.json()).toEqual({
      error: { message: 'Why.', type: 'a_type', param: null, code: 'a_code' },
    });
  });

  test('may name a field, and bring header fields along', async () => {
    const headers = { 'retry-after': '7' };
    const answer = errorResponse({ ...failure, param: 'model', headers });
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(await answer.json()).toHaveProperty('error.param', 'model');
  });

  test.for([
    [
      () => internalError,
      500,
      'server_error',
      'internal_error',
      'The request failed inside the gateway. It is safe to try again.',
    ],
    [
      () => overloaded,
      503,
      'server_error',
      'overloaded',
      'The gateway holds too many large requests just now. Try again in a moment.',
    ],
    [
      () => tooLarge(7),
      413,
      'invalid_request_error',
      'request_too_large',
      'The request body is larger than the limit of 7 bytes.',
    ],
    [
      () => cutShort,
      400,
      'invalid_request_error',
      'incomplete_body',
      'The request body ended before it was complete.',
    ],
    [
      () => timedOut(1500),
      408,
      'invalid_request_error',
      'request_timeout',
      'No byte of the request body came for 1.5 s. Send the request again, and its whole body ' +
        'without a pause.',
    ],
  ] as const)('is told to clients as laid down: $3', ([told, status, type, code, message]) => {
    expect(told()).toMatchObject({ status, type, code, message });
  });

  test('of an overloaded gateway asks to come back in a second', () => {
    expect(overloaded.headers).toEqual({ 'retry-after': '1' });
  });
});

describe('a call into the module that throws', () => {
  const logged = () =>
    vi.mocked(console.error).mock.calls.map(([line]) => JSON.parse(String(line)));

  test('for want of memory is 503, and no line in the log', () => {
    expect(failureOf(new OutOfMemory(), new Log('debug'))).toBe(overloaded);
    expect(logged()).toEqual([]);
  });

  test.for([
    [new BrokenInstance('stopped', { cause: new Error('unreachable') }), 'Error: unreachable'],
    [new TypeError('no function'), 'TypeError: no function'],
    ['a text', 'a text'],
  ] as const)('is 500, and the log tells why: %s', ([thrown, message]) => {
    expect(failureOf(thrown, new Log('debug'))).toBe(internalError);
    expect(logged()).toEqual([
      expect.objectContaining({ level: 'error', event: 'module_failed', message }),
    ]);
  });
});

test('the message of what was thrown is its own, or all of it where it is no error', () => {
  expect([messageOf(new TypeError('why')), messageOf(7)]).toEqual(['why', '7']);
});
