// Whose words a client is answered in where the module has no part in it.
import { describe, expect, test } from 'vitest';
import { refusalOf, speaksAnthropic } from '../../worker/dialects.ts';
import { internalError, overloaded, timedOut, tooLarge } from '../../worker/errors.ts';

const asked = (path: string, headers: Record<string, string> = {}): Request =>
  new Request(`http://rondo.example${path}`, { headers });
const version = { 'anthropic-version': '2023-06-01' };

describe("Anthropic's clients", () => {
  test.for([
    ['/v1/messages', {}, true],
    ['/v1/messages?beta=true', {}, true],
    ['/v1/messages/count_tokens', {}, true],
    ['/v1/messagesx', {}, false],
    ['/v1/models', version, true],
    ['/v1/models/gemini', version, true],
    ['/v1/models', {}, false],
    ['/v1/skills?beta=true', version, true],
    ['/v1/complete', version, true],
    ['/none', version, true],
    ['/v1/skills', {}, false],
    ['/v1/chat/completions', version, false],
    ['/v1beta/models/gemini:generateContent', version, false],
  ] as const)('are known by %s with %o: %s', ([path, headers, isTheirs]) => {
    expect(speaksAnthropic(asked(path, headers))).toBe(isTheirs);
  });
});

describe('a failure', () => {
  test("is told to others in OpenAI's shape", async () => {
    const answer = refusalOf(asked('/v1/chat/completions'), 'req_1')(internalError);
    expect(await answer.json()).toHaveProperty('error.code', 'internal_error');
  });

  const told = { message: 'Why.', type: 'a_type', code: null };
  test.for([
    [{ ...told, status: 400 }, 400, 'invalid_request_error'],
    [{ ...told, status: 401 }, 401, 'authentication_error'],
    [{ ...told, status: 404 }, 404, 'not_found_error'],
    [{ ...told, status: 405 }, 405, 'invalid_request_error'],
    [timedOut(1000), 408, 'timeout_error'],
    [tooLarge(7), 413, 'request_too_large'],
    [internalError, 500, 'api_error'],
    [{ ...told, status: 503 }, 503, 'api_error'],
    [overloaded, 529, 'overloaded_error'],
  ] as const)("has Anthropic's type and status: $1 $2", async ([failure, status, type]) => {
    const answer = refusalOf(asked('/v1/messages'), 'req_1')(failure);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({
      type: 'error',
      error: { type, message: failure.message },
      request_id: 'req_1',
    });
  });

  test('brings its header fields along', () => {
    const answer = refusalOf(asked('/v1/messages'), 'req_1')(overloaded);
    expect(answer.headers.get('retry-after')).toBe('1');
  });
});
