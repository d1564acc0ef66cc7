import { bounds } from './bounds.ts';

const { usageTailBytes } = bounds;
const decoder = new TextDecoder();

/** A name within a text of the model has other quotes around it: they are escaped. */
const counts = (name: string): RegExp => new RegExp(`"${name}"\\s*:\\s*(\\d+)`, 'g');

const lastOf = (text: string, name: string): number | undefined => {
  const last = [...text.matchAll(counts(name))].at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
};

/**
 * The end of an answer that passes by, in which Google says what it has cost
 * (https://ai.google.dev/api/generate-content#UsageMetadata).
 */
export class UsageTail {
  #bytes = new Uint8Array();

  keep(bytes: Uint8Array): void {
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
    return names.map((name) => lastOf(text, name)).find((count) => count !== undefined);
  }
}
