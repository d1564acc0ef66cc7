import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

export interface KeyPair {
  readonly id: string;
  readonly publicKey: KeyObject;
  readonly privatePem: string;
}

// Making an RSA key takes a tenth of a second, so that every stub of a process shares them:
// its n-th service account has the n-th pair, and no two accounts of one stub have the same.
const pairs: KeyPair[] = [];

export function keyPair(index: number): KeyPair {
  for (;;) {
    const pair = pairs[index];
    if (pair) return pair;
    pairs.push(makeKeyPair());
  }
}

function makeKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return {
    id: createHash('sha1').update(der).digest('hex'),
    publicKey,
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

export function secretText(prefix: string, bytes = 24): string {
  return prefix + randomBytes(bytes).toString('base64url');
}
