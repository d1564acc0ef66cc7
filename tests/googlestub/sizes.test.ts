import { describe, expect, it } from 'vitest';
import { flash, old } from './samples.ts';
import { askGemini, type Backend, errorOf, refusedBy, start } from './support.ts';

const megabyte = 1024 ** 2;

/** So many bytes of a request, most of which are an image. */
function sized(bytes: number): string {
  const ask = (data: string): string =>
    JSON.stringify({
      contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data } }] }],
    });
  // Base64 comes in fours: blanks are the rest.
  return ask('A'.repeat((bytes - ask('').length - 3) & ~3)).padEnd(bytes);
}

async function said(bytes: number, model: string, backend?: Backend, method?: string) {
  const answer = await refusedBy(sized(bytes), model, backend, method);
  return answer.status === 200 ? null : errorOf(answer).message;
}

const tooLarge = (most: number): string => `Request payload size exceeds the limit: ${most} bytes.`;

describe('a request', () => {
  it.each<[backend: Backend]>([['gemini'], ['vertex']])(
    'is of 20 MB at most for models before Gemini 3, on %s',
    async (backend) => {
      expect(await said(20 * megabyte, old, backend)).toBeNull();
      expect(await said(20 * megabyte + 1, old, backend)).toBe(tooLarge(20_971_520));
    },
  );

  it('is of 100 MB at most for others', async () => {
    expect(await said(20 * megabyte + 1, flash)).toBeNull();
    expect(await said(100 * megabyte + 1, flash)).toBe(tooLarge(104_857_600));
  });

  it('is refused in an array where its answer would come in one', async () => {
    const body = sized(20 * megabyte + 1);
    const { text } = await refusedBy(body, old, 'gemini', 'streamGenerateContent');
    expect(JSON.parse(text)).toMatchObject([{ error: { message: tooLarge(20_971_520) } }]);
  });

  it('that is too large is recorded as any other', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    await askGemini(stub, account, `${old}:generateContent`, { body: sized(20 * megabyte + 1) });
    expect(stub.calls).toMatchObject([
      { kind: 'generate', credential: account.name, model: old, status: 400, end: 'finished' },
    ]);
  });
});
