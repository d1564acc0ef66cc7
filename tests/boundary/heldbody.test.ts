import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { HeldBody } from '../../worker/core/heldbody.ts';
import { idMark } from '../../worker/core/idmark.ts';
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

describe('the tools of a body that is held', () => {
  const held = (text: string) => new HeldBody([bytesOf(text)]);

  test('are seen as a member, and not in a text', () => {
    expect(held('{"contents":[],"tools":[]}').hasTools).toBe(true);
    expect(held(JSON.stringify({ text: 'a "tools" of yours, tools' })).hasTools).toBe(false);
  });

  test('have its turns looked at from the first one on, however far it lies', () => {
    const system = `{"systemInstruction":"${'x'.repeat(10_000)}",`;
    expect(new TextDecoder().decode(held(`${system}"contents":[1]}`).turns)).toBe(
      '"contents":[1]}',
    );
    expect(held(`${system}"tools":[]}`).turns).toEqual(bytesOf(`${system}"tools":[]}`));
  });
});

test('The turns of a body that is held are no property of a tool’s schema.', () => {
  const turns = '"contents" :\n[{"parts":[]}]}';
  for (const schema of ['{"contents":{"type":"string"}}', '{"required":["contents"]}']) {
    const held = new HeldBody([bytesOf(`{"tools":[${schema}],${turns}`)]);
    expect(new TextDecoder().decode(held.turns)).toBe(turns);
  }
});

describe('a signature in a body that is held', () => {
  const isSigned = (body: object) => new HeldBody([bytesOf(JSON.stringify(body))]).isSigned;

  test('is seen as a member, in both of Google’s spellings, and not in a text', () => {
    expect(isSigned({ parts: [{ text: '', thoughtSignature: 'c2ln' }] })).toBe(true);
    expect(isSigned({ parts: [{ text: '', thought_signature: 'c2ln' }] })).toBe(true);
    expect(isSigned({ parts: [{ text: 'a "thoughtSignature" of yours' }] })).toBe(false);
    expect(isSigned({ parts: [] })).toBe(false);
  });
});

describe('ids that carry a credential', () => {
  const isMarked = (...pieces: string[]) => new HeldBody(pieces.map(bytesOf)).isMarked;

  test('are seen wherever their mark stands, whatever pieces it came in', () => {
    for (const [before, behind] of [
      ['', ''],
      ['x'.repeat(1000), ''],
      ['', 'y'.repeat(1000)],
      ['rondo rondocred ', ' rondo'],
      [idMark.slice(0, -1), ''],
      ['l', 'l'],
    ] as const) {
      expect(isMarked(before + idMark + behind)).toBe(true);
      expect(isMarked(before + idMark.slice(0, 5), idMark.slice(5) + behind)).toBe(true);
    }
  });

  test('are not seen where it isn’t whole', () => {
    for (let at = 0; at < idMark.length; at += 1) {
      const text = `{"text":"${idMark.slice(0, at)}X${idMark.slice(at + 1)}"}`;
      expect(isMarked(text, text.slice(0, -3))).toBe(false);
    }
    expect(isMarked('')).toBe(false);
    expect(isMarked(idMark.slice(0, -1))).toBe(false);
    expect(isMarked(idMark.slice(1))).toBe(false);
  });

  test('are not looked for in a body that still comes', () => {
    expect(new HeldBody([bytesOf(idMark)], new Blob([idMark]).stream()).isMarked).toBe(false);
  });

  test('have the mark that the module gives them', () => {
    const header = readFileSync(join(import.meta.dirname, '../../cpp/gateway/marked_id.h'), 'utf8');
    expect(header).toContain(`kIdMark = "${idMark}"`);
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

  test('is told all along of predictions, and their counts are added up', () => {
    const prediction = (count: number): string =>
      `{"embeddings":{"values":[${Array(9000).fill(0.1)}],"statistics":{"token_count": ${count},"truncated":false}}}`;
    const answer = `{"predictions":[${[1, 20, 300].map(prediction)}]}`;
    expect(tokensOf(answer)).toBe(321);
    for (let size = 1; size < 60; size += 7) {
      const cut = answer.indexOf('"token_count": 300') + 18 - size;
      expect(tokensOf(answer.slice(0, cut), answer.slice(cut))).toBe(321);
    }
    expect(tokensOf(...prediction(12345))).toBe(12345);
    expect(tokensOf('{"text":"{\\"token_count\\": 5}"}')).toBeUndefined();
    expect(tokensOf('{"token_count":7}', '{"usageMetadata":{"totalTokenCount":3}}')).toBe(3);
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
