import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isObject, type Json, type JsonObject, textIn } from './json.ts';

/** For whom a signature was made. It is worth nothing to another. */
export interface Signer {
  readonly backend: string;
  readonly kind: string;
  readonly project: string;
  readonly group: string;
}

/**
 * Documented values that skip the check:
 * https://ai.google.dev/gemini-api/docs/thought-signatures
 */
const dummies: ReadonlySet<string> = new Set([
  'skip_thought_signature_validator',
  'context_engineering_is_the_way_to_go',
]);

const kinds = { call: 200, text: 201 };
const macBytes = 32;
const partBytes = 8;

/**
 * Opaque thought signatures, bound to back-end, kind of credential, project and model family, and
 * to the part that they were issued with: on another part they are corrupted.
 */
export class Signatures {
  readonly #key = randomBytes(macBytes);
  #made = 0;

  /** For a call by its name and arguments, for a text by the whole of it. */
  make(signer: Signer, part: JsonObject): string {
    // Google's are of odd lengths with padding, `+` and `/`: three lengths give all paddings.
    const random = randomBytes(12 + (this.#made++ % 3));
    const nonce = Buffer.concat([digestOf(part), Buffer.from([18, kindOf(part)]), random]);
    return Buffer.concat([nonce, this.#mac(nonce, signer)]).toString('base64');
  }

  /** Reads base64 of both alphabets, padded or not, as Google's JSON does for all bytes. */
  accepts(signature: string, signer: Signer, part: JsonObject): boolean {
    if (dummies.has(signature)) return true;
    const bytes = Buffer.from(signature, 'base64');
    if (bytes.length <= partBytes + macBytes) return false;
    const nonce = bytes.subarray(0, -macBytes);
    if (!timingSafeEqual(bytes.subarray(-macBytes), this.#mac(nonce, signer))) return false;
    const isForText = nonce[partBytes + 1] === kinds.text;
    return (isForText && isEnd(part)) || digestOf(part).equals(nonce.subarray(0, partBytes));
  }

  #mac(nonce: Buffer, { backend, kind, project, group }: Signer): Buffer {
    const text = [backend, kind, project, group].join('\n');
    return createHmac('sha256', this.#key).update(nonce).update(text).digest();
  }
}

function kindOf(part: JsonObject): number {
  return part.functionCall === undefined ? kinds.text : kinds.call;
}

/** A stream's text is signed at its end, on an empty one, which a caller may send back as it is. */
function isEnd(part: JsonObject): boolean {
  return part.text === '';
}

function digestOf(part: JsonObject): Buffer {
  const { functionCall } = part;
  const signed = isObject(functionCall)
    ? { name: functionCall.name ?? null, args: functionCall.args ?? {} }
    : (textIn(part, 'text') ?? null);
  const text = JSON.stringify(sorted(signed));
  return createHash('sha256').update(text).digest().subarray(0, partBytes);
}

/** The order of an object's members means nothing. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([key, item]): [string, Json] => [key, sorted(item)]);
  return Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}
