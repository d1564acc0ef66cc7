import { createCipheriv, hkdfSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { OpStatus } from '../../worker/core/abi.ts';
import { type Answered, Asking } from '../support/asking.ts';
import { privateDer, publicKey } from '../support/serviceaccount.ts';

const secret = 'the secret, as long as it likes to be';
const purpose = 'token|ä';
const plain = 'ya29.a0Grüße';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const ask = (what: 'seal' | 'open', { key = secret, of = purpose, rest = bytesOf(plain) } = {}) => {
  const secretLength = bytesOf(key).length;
  const body = Buffer.concat([bytesOf(key), rest]);
  return new Asking().ask('crypto', { do: what, secretLength, purpose: of }, body);
};

const sealed = async (): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array((await ask('seal')).bytes);

const expectClosed = ({ status, text }: Answered): void => {
  expect(status).toBe(OpStatus.Failed);
  expect(text).not.toContain(plain);
};

test('what was sealed opens with its secret for its purpose', async () => {
  const opened = await ask('open', { rest: await sealed() });
  expect(opened).toMatchObject({ status: OpStatus.Ok, text: plain });
});

test('nothing can be sealed too', async () => {
  const { bytes } = await ask('seal', { rest: new Uint8Array() });
  expect(bytes).toHaveLength(12 + 16);
  expect(await ask('open', { rest: new Uint8Array(bytes) })).toMatchObject({
    status: OpStatus.Ok,
    text: '',
  });
});

test('a seal is AES-256-GCM under a key by HKDF, with the purpose authenticated', async () => {
  const key = hkdfSync('sha256', secret, '', purpose, 32);
  const iv = Buffer.from('000102030405060708090a0b', 'hex');
  const cipher = createCipheriv('aes-256-gcm', new Uint8Array(key), iv);
  cipher.setAAD(bytesOf(purpose));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  const rest = new Uint8Array(Buffer.concat([iv, text, cipher.getAuthTag()]));
  expect(await ask('open', { rest })).toMatchObject({ status: OpStatus.Ok, text: plain });
});

test('the same text is sealed differently every time', async () => {
  const [first, second] = [await sealed(), await sealed()];
  expect(first.slice(0, 12)).not.toEqual(second.slice(0, 12));
  expect(first.slice(12)).not.toEqual(second.slice(12));
});

describe('what was sealed does not open', () => {
  test('with another secret', async () => {
    expectClosed(await ask('open', { key: 'another secret', rest: await sealed() }));
  });

  test('for another purpose', async () => {
    expectClosed(await ask('open', { of: 'token|o', rest: await sealed() }));
  });

  test.for([
    ['IV', 0],
    ['text', 12],
    ['tag', -1],
  ] as const)('with a bit of its %s turned', async ([, place]) => {
    const damaged = await sealed();
    const index = (place + damaged.length) % damaged.length;
    damaged[index] = (damaged[index] ?? 0) ^ 1;
    expectClosed(await ask('open', { rest: damaged }));
  });

  test.for([0, 11, 12, 27])('when %i bytes are left of it', async (length) => {
    expectClosed(await ask('open', { rest: (await sealed()).slice(0, length) }));
  });
});

test('a message is signed with the key that goes before it', async () => {
  const head = { do: 'sign_rs256', secretLength: privateDer.length };
  const body = Buffer.concat([privateDer, bytesOf('message')]);
  const { bytes } = await new Asking().ask('crypto', head, body);
  expect(verify('RSA-SHA256', bytesOf('message'), publicKey, bytes)).toBe(true);
});

test('what is asked by an unknown word is not signed, but fails', async () => {
  const head = { do: 'sign_es256', secretLength: privateDer.length };
  const body = Buffer.concat([privateDer, bytesOf('message')]);
  expect(await new Asking().ask('crypto', head, body)).toMatchObject({
    status: OpStatus.Failed,
    text: 'The worker can\'t do "sign_es256".',
  });
});
