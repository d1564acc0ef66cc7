// What the core keeps in KV, opened and made by the tests' own means.
import type { Account } from '../../scripts/googlestub/accounts.ts';
import { textIn } from '../../scripts/googlestub/json.ts';
import { credentialId } from './serviceaccount.ts';

const ivBytes = 12;
const encoder = new TextEncoder();

interface Owner {
  readonly id: string;
  readonly secret: Uint8Array<ArrayBuffer>;
}

function ownerOf({ kind, email, keyId, clientId, refreshToken, json }: Account): Owner {
  if (kind !== 'service_account') {
    const id = credentialId(kind, clientId, refreshToken);
    return { id, secret: Uint8Array.from(encoder.encode(refreshToken)) };
  }
  const pem = textIn(json ?? {}, 'private_key') ?? '';
  const der = pem.replace(/-----[^-]+-----|\s/g, '');
  return { id: credentialId(kind, email, keyId), secret: bytesOf(der) };
}

export function tokenKeyOf(account: Account): string {
  return `token:v1:${ownerOf(account).id}`;
}

export function refreshKeyOf(account: Account): string {
  return `refresh:v1:${ownerOf(account).id}`;
}

/** The text of an entry. Fails for one that is not its account's, or lay under another key. */
export async function openEntry(account: Account, key: string, value: string): Promise<string> {
  const sealed = bytesOf(value);
  const { aes, algorithm } = await cipherOf(account, key, sealed.slice(0, ivBytes));
  const opened = await crypto.subtle.decrypt(algorithm, aes, sealed.slice(ivBytes));
  return new TextDecoder().decode(opened);
}

export async function sealEntry(account: Account, key: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
  const { aes, algorithm } = await cipherOf(account, key, iv);
  const sealed = await crypto.subtle.encrypt(algorithm, aes, encoder.encode(text));
  return Buffer.concat([iv, new Uint8Array(sealed)]).toString('base64');
}

/** AES-256-GCM under HKDF of the secret, for the one purpose that the key is. */
async function cipherOf(account: Account, key: string, iv: Uint8Array<ArrayBuffer>) {
  const info = encoder.encode(`rondo ${key}`);
  const { secret } = ownerOf(account);
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  const kind = { name: 'AES-GCM', length: 256 };
  const aes = await crypto.subtle.deriveKey(derivation, base, kind, false, ['encrypt', 'decrypt']);
  return { aes, algorithm: { name: 'AES-GCM', iv, additionalData: info } };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}
