import { describe, expect, test } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { HeldBody } from '../../worker/core/heldbody.ts';
import { UsageTail } from '../../worker/core/usagetail.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (body: BodyInit): Promise<string> => new Response(body).text();

describe('a body that is held', () => {
  test('is given for each attempt, until it is let go', async () => {
    const held = new HeldBody([bytesOf('one '), bytesOf('two')]);
    expect(await textOf(held.take())).toBe('one two');
    expect(await textOf(held.take())).toBe('one two');
    expect(held.bytes).toEqual(bytesOf('one two'));
    held.letGo();
    expect(() => held.take()).toThrow('gone');
  });

  test('that still comes is given once, behind what has come', async () => {
    const held = new HeldBody([bytesOf('one ')], new Blob(['two']).stream());
    expect(held.isPiped).toBe(true);
    expect(held.beginning).toEqual(bytesOf('one '));
    expect(held.bytes).toBeUndefined();
    expect(await textOf(held.take())).toBe('one two');
    expect(() => held.take()).toThrow('gone');
  });
});

describe('the end of an answer', () => {
  const tokensOf = (...pieces: string[]): number | undefined => {
    const tail = new UsageTail();
    for (const piece of pieces) tail.keep(bytesOf(piece));
    return tail.tokens;
  };

  test('tells what it has cost, the last that was said', () => {
    expect(
      tokensOf('data: {"usageMetadata":{"totalTokenCount":3}}\n', '{"totalTokenCount": 9}'),
    ).toBe(9);
    expect(tokensOf('{"totalToken', 'Count":12}')).toBe(12);
    expect(tokensOf('{"usageMetadata":{"promptTokenCount":4}}')).toBe(4);
    expect(tokensOf('{"embedding":{}}')).toBeUndefined();
  });

  test('is not taken in by what a model says', () => {
    expect(tokensOf('{"text":"{\\"totalTokenCount\\": 5}"}')).toBeUndefined();
  });

  test('is all that is kept', () => {
    const filler = 'x'.repeat(bounds.usageTailBytes);
    expect(tokensOf('{"totalTokenCount":1}', filler)).toBeUndefined();
    expect(tokensOf(`${filler}${filler}{"totalTokenCount":2}`)).toBe(2);
  });
});
