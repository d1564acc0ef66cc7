import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  type Credential,
  type Defaults,
  readCredential,
  textOf,
  variableBytes,
} from './credential.ts';
import { messageOf } from './stop.ts';

/** Where gcloud leaves a user's credentials on this system. */
function gcloudPath(env: NodeJS.Dict<string>): string {
  const windows = env.APPDATA ? join(env.APPDATA, 'gcloud') : undefined;
  const folder = env.CLOUDSDK_CONFIG ?? windows ?? join(env.HOME ?? homedir(), '.config', 'gcloud');
  return join(folder, 'application_default_credentials.json');
}

/** Credential files that lie where Google's own tools look for them. */
export function foundFiles(env: NodeJS.Dict<string>): string[] {
  const places = [env.GOOGLE_APPLICATION_CREDENTIALS ?? '', gcloudPath(env)];
  return [...new Set(places)].filter((path) => path !== '' && existsSync(path));
}

export type FileRead = { readonly credential: Credential } | { readonly fault: string };

/** Reads a credential's file; a fault says what is wrong and quotes nothing of it. */
export function readFile(path: string, defaults: Defaults): FileRead {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { fault: `can’t be read: ${messageOf(error)}` };
  }
  const read = readCredential(text, defaults);
  if ('fault' in read) return read;
  const bytes = Buffer.byteLength(textOf(read.credential));
  if (bytes <= variableBytes) return read;
  return {
    fault: `is too large: ${bytes} bytes of it are needed, and Cloudflare takes ${variableBytes}`,
  };
}
