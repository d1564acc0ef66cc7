import { bounds } from './bounds.ts';

const { usageCountChars, usageTailBytes } = bounds;
const decoder = new TextDecoder();

/** A name within a text of the model has other quotes around it: they are escaped. */
const counts = (name: string): RegExp => new RegExp(`"${name}"\\s*:\\s*(\\d+)`, 'g');

const lastOf = (text: string, name: string): number | undefined => {
  const last = [...text.matchAll(counts(name))].at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
};

/** What each prediction tells, wherever it stands, as long as its number has ended. */
const predicted = /"token_count"\s*:\s*(\d+)(?=\D)/g;

/** The counts of predictions in an answer that passes by, added up: no end of it tells their sum. */
class Predictions {
  #text = '';
  #tokens: number | undefined;

  keep(bytes: Uint8Array): void {
    const text = this.#text + decoder.decode(bytes);
    let end = 0;
    for (const { index, 0: found, 1: count } of text.matchAll(predicted)) {
      this.#tokens = (this.#tokens ?? 0) + Number(count);
      end = index + found.length;
    }
    this.#text = text.slice(Math.max(end, text.length - usageCountChars));
  }

  get tokens(): number | undefined {
    return this.#tokens;
  }
}

/**
 * The end of an answer that passes by, in which Google says what it has cost
 * (https://ai.google.dev/api/generate-content#UsageMetadata). Predictions say it all along.
 */
export class UsageTail {
  #bytes = new Uint8Array();
  readonly #predictions = new Predictions();

  keep(bytes: Uint8Array): void {
    this.#predictions.keep(bytes);
    const before = this.#bytes.subarray(
      Math.max(0, this.#bytes.length + bytes.length - usageTailBytes),
    );
    const last = bytes.subarray(Math.max(0, bytes.length - usageTailBytes));
    const all = new Uint8Array(before.length + last.length);
    all.set(before);
    all.set(last, before.length);
    this.#bytes = all;
  }

  /** Tokens, as far as they were told, perhaps in OpenAI's words. An embedding has but those of its prompt. */
  get tokens(): number | undefined {
    const text = decoder.decode(this.#bytes);
    const names = ['totalTokenCount', 'total_tokens', 'promptTokenCount'];
    const told = names.map((name) => lastOf(text, name)).find((count) => count !== undefined);
    return told ?? this.#predictions.tokens;
  }
}
