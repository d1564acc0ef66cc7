// What the module asks of WebCrypto. abi.h says what goes in and comes out.

const ivBytes = 12;
const encoder = new TextEncoder();

const digest = 'SHA-256';

/** The key that `secret` gives for one purpose. */
const derive = async (
  secret: Uint8Array,
  info: Uint8Array,
  usages: readonly ('encrypt' | 'decrypt')[],
): Promise<CryptoKey> => {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: digest, salt: new Uint8Array(), info };
  const aes = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(derivation, base, aes, false, [...usages]);
};

/** The text behind its IV. `additionalData` is authenticated along with it. */
const encrypt = async (
  key: CryptoKey,
  additionalData: Uint8Array,
  plain: Uint8Array,
): Promise<Uint8Array> => {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const algorithm = { name: 'AES-GCM', iv, additionalData };
  const text = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
  const sealed = new Uint8Array(ivBytes + text.length);
  sealed.set(iv);
  sealed.set(text, ivBytes);
  return sealed;
};

const decrypt = async (
  key: CryptoKey,
  additionalData: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array> => {
  const iv = sealed.subarray(0, ivBytes);
  const algorithm = { name: 'AES-GCM', iv, additionalData };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(ivBytes)));
};

export const signRs256 = async (key: Uint8Array, message: Uint8Array): Promise<Uint8Array> => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: digest };
  const imported = await crypto.subtle.importKey('pkcs8', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign(algorithm.name, imported, message));
};

export const seal = async (
  secret: Uint8Array,
  purpose: string,
  plain: Uint8Array,
): Promise<Uint8Array> => {
  const info = encoder.encode(purpose);
  return encrypt(await derive(secret, info, ['encrypt']), info, plain);
};

/** Rejects what `seal` has not made of the same secret for the same purpose. */
export const open = async (
  secret: Uint8Array,
  purpose: string,
  sealed: Uint8Array,
): Promise<Uint8Array> => {
  const info = encoder.encode(purpose);
  return decrypt(await derive(secret, info, ['decrypt']), info, sealed);
};

/** Seals things under one key, each by its name: what is sealed opens under no other. */
export class Sealer {
  readonly #key: Promise<CryptoKey>;

  constructor(secret: Uint8Array, purpose: string) {
    this.#key = derive(secret, encoder.encode(purpose), ['encrypt', 'decrypt']);
    // Whoever seals or opens hears of it.
    this.#key.catch(() => {});
  }

  async seal(name: string, plain: Uint8Array): Promise<Uint8Array> {
    return encrypt(await this.#key, encoder.encode(name), plain);
  }

  /** Rejects what was sealed under another key, or another name. */
  async open(name: string, sealed: Uint8Array): Promise<Uint8Array> {
    return decrypt(await this.#key, encoder.encode(name), sealed);
  }
}
