// What the module asks of WebCrypto. abi.h says what goes in and comes out.

const ivBytes = 12;
const encoder = new TextEncoder();

const digest = 'SHA-256';

/** The key that `secret` gives for one purpose, and what it authenticates along with the text. */
const derive = async (
  secret: Uint8Array,
  purpose: string,
  usage: 'encrypt' | 'decrypt',
): Promise<{ key: CryptoKey; additionalData: Uint8Array }> => {
  const info = encoder.encode(purpose);
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: digest, salt: new Uint8Array(), info };
  const aes = { name: 'AES-GCM', length: 256 };
  const key = await crypto.subtle.deriveKey(derivation, base, aes, false, [usage]);
  return { key, additionalData: info };
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
  const { key, additionalData } = await derive(secret, purpose, 'encrypt');
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const algorithm = { name: 'AES-GCM', iv, additionalData };
  const text = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
  const sealed = new Uint8Array(ivBytes + text.length);
  sealed.set(iv);
  sealed.set(text, ivBytes);
  return sealed;
};

/** Rejects what `seal` has not made of the same secret for the same purpose. */
export const open = async (
  secret: Uint8Array,
  purpose: string,
  sealed: Uint8Array,
): Promise<Uint8Array> => {
  const { key, additionalData } = await derive(secret, purpose, 'decrypt');
  const iv = sealed.subarray(0, ivBytes);
  const algorithm = { name: 'AES-GCM', iv, additionalData };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.subarray(ivBytes)));
};
