import { describe, expect, it } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { type Answered, errorOf, read, start } from './support.ts';

const piece = 8 * 1024 ** 2;
const most = 2 * 1024 ** 3;

type Fields = Readonly<Record<string, string>>;

async function beginOf(stub: GoogleStub, fields: Fields, body = '{}'): Promise<Answered> {
  const headers = {
    'content-type': 'application/json',
    ...keyOf(stub),
    'x-goog-upload-protocol': 'resumable',
    'x-goog-upload-command': 'start',
    'x-goog-upload-header-content-type': 'text/plain',
    ...fields,
  };
  return read(await fetch(`${stub.url}/upload/v1beta/files`, { method: 'POST', headers, body }));
}

const sized = (size: number | string): Fields => ({
  'x-goog-upload-header-content-length': String(size),
});

const begin = async (size: number | string, body?: string): Promise<Answered> =>
  beginOf(await start(), sized(size), body);

const keyOf = (stub: GoogleStub): Fields => ({
  'x-goog-api-key': (stub.accounts[0] ?? stub.addApiKey()).apiKey,
});

/** An upload that has begun, and how its bytes are sent. */
async function begun(size: number) {
  const stub = await start();
  const { headers } = await beginOf(stub, sized(size));
  const url = headers.get('x-goog-upload-url') ?? '';
  return async (length: number, offset: number, command = 'upload, finalize') =>
    read(
      await fetch(url, {
        method: 'POST',
        headers: {
          ...keyOf(stub),
          'x-goog-upload-command': command,
          'x-goog-upload-offset': String(offset),
        },
        body: Buffer.alloc(length, 'x'),
      }),
    );
}

const messageOf = (answer: Answered): unknown => {
  expect(answer.status).toBe(400);
  return errorOf(answer).message;
};

describe('the declared size of a file', () => {
  it('is 2 GB at most', async () => {
    expect((await begin(most)).status).toBe(200);
    expect(messageOf(await begin(most + 1))).toBe(
      'File size of 2147483649 bytes exceeds the limit: 2147483648 bytes per file.',
    );
  });

  it.each(['', 'many', '-1', '1.5'])('is a number of bytes, not %j', async (size) => {
    expect(messageOf(await begin(size))).toContain('must be the number of bytes');
  });

  it('is never left out', async () => {
    expect(messageOf(await beginOf(await start(), {}))).toContain('must be the number of bytes');
  });
});

describe('what is said of a file', () => {
  it('has no fields but its own', async () => {
    expect(messageOf(await begin(1, '{"file":{"foo":1}}'))).toBe(
      'Invalid JSON payload received. Unknown name "foo" at \'file\': Cannot find field.',
    );
    expect(messageOf(await begin(1, '{"displayName":"a"}'))).toContain('Unknown name');
  });

  it('is JSON', async () => {
    expect(messageOf(await begin(1, 'a.txt'))).toContain('Invalid JSON payload received.');
  });

  it('may be written in snake case, and may be nothing', async () => {
    expect((await begin(1, '{"file":{"display_name":"a"}}')).status).toBe(200);
    expect((await begin(1, '')).status).toBe(200);
  });
});

describe('the bytes of a file', () => {
  it('are as many as were declared', async () => {
    const send = await begun(3);
    expect(messageOf(await send(2, 0))).toBe(
      'The upload is of 2 bytes, and 3 bytes were declared for it.',
    );
    expect(messageOf(await send(4, 0))).toBe(
      'The upload is of 4 bytes, and 3 bytes were declared for it.',
    );
    expect((await send(3, 0)).json).toMatchObject({ file: { sizeBytes: '3' } });
  });

  it('are refused where they are too many, before the last', async () => {
    const send = await begun(3);
    expect(messageOf(await send(piece, 0, 'upload'))).toContain('3 bytes were declared');
  });

  it('come in pieces of 8 MiB, the last aside', async () => {
    const send = await begun(piece + 3);
    expect((await send(piece, 0, 'upload')).status).toBe(200);
    expect((await send(3, piece)).json).toMatchObject({ file: { sizeBytes: String(piece + 3) } });
  });

  it.each([3, 0, piece - 1, piece + 1])('come in no piece of %i bytes', async (length) => {
    const send = await begun(2 * piece);
    expect(messageOf(await send(length, 0, 'upload'))).toBe(
      'Invalid request.  The number of bytes uploaded is required to be equal or greater than ' +
        "8388608, except for the final request (it's recommended to be the exact multiple of " +
        `8388608).  The received request contained ${length} bytes, which does not meet this ` +
        'requirement.',
    );
    const { headers } = await send(0, 0, 'query');
    expect(headers.get('x-goog-upload-size-received')).toBe('0');
  });
});
