import { createHash, generateKeyPairSync } from 'node:crypto';

/** A service account whose key file no token endpoint knows, and the key to check signatures with. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export { publicKey };
export const privateDer = privateKey.export({ type: 'pkcs8', format: 'der' });

export function keyFile(email = 'one@rondo.example'): string {
  return JSON.stringify({
    type: 'service_account',
    project_id: 'rondo-project',
    private_key_id: 'k1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: email,
    token_uri: 'https://oauth2.googleapis.com/token',
  });
}

/** The first 16 digits of SHA-256 over the kind and what the identity is made of. */
export function credentialId(kind: string, ...identity: string[]): string {
  return createHash('sha256')
    .update([kind, ...identity].join('\n'))
    .digest('hex')
    .slice(0, 16);
}
