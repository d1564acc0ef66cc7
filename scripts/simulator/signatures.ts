import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

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

/** Opaque thought signatures, bound to back-end, kind of credential, project and model family. */
export class Signatures {
  readonly #key = randomBytes(32);
  #made = 0;

  make(signer: Signer): string {
    // Google's are of odd lengths with padding, `+` and `/`: three lengths give all paddings.
    const nonce = Buffer.concat([Buffer.from([18, 200]), randomBytes(20 + (this.#made++ % 3))]);
    return Buffer.concat([nonce, this.#mac(nonce, signer)]).toString('base64');
  }

  /** Reads base64 of both alphabets, padded or not, as Google's JSON does for all bytes. */
  accepts(signature: string, signer: Signer): boolean {
    if (dummies.has(signature)) return true;
    const bytes = Buffer.from(signature, 'base64');
    if (bytes.length <= 32) return false;
    const nonce = bytes.subarray(0, -32);
    return timingSafeEqual(bytes.subarray(-32), this.#mac(nonce, signer));
  }

  #mac(nonce: Buffer, { backend, kind, project, group }: Signer): Buffer {
    const text = [backend, kind, project, group].join('\n');
    return createHmac('sha256', this.#key).update(nonce).update(text).digest();
  }
}
