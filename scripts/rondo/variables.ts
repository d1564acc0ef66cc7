// Which variables hold which credentials.
import {
  type Credential,
  type Defaults,
  readCredential,
  textOf,
  variableBytes,
} from './credential.ts';
import type { Changes, Vars } from './devvars.ts';
import { isNumbered, numberOf } from './slots.ts';

export const arrayVariable = 'GCP_SERVICE_ACCOUNTS';

export interface Held {
  readonly variable: string;
  /** Where it stands in an array. */
  readonly place?: number;
  readonly credential: Credential;
}

export interface Holding {
  readonly held: readonly Held[];
  readonly faults: readonly { readonly variable: string; readonly fault: string }[];
}

/** The credentials among these variables, in the order in which the worker takes them. */
export function credentialsIn(vars: Vars, defaults: Defaults = {}): Holding {
  const held: Held[] = [];
  const faults: { variable: string; fault: string }[] = [];
  const take = (variable: string, text: string, place?: number): void => {
    const read = readCredential(text, defaults);
    if ('fault' in read) faults.push({ variable, fault: read.fault });
    else
      held.push({ variable, credential: read.credential, ...(place !== undefined && { place }) });
  };
  const numbered = Object.keys(vars).filter((name) => isNumbered(name) && vars[name]?.trim());
  for (const name of numbered.sort((a, b) => numberOf(a) - numberOf(b)))
    take(name, vars[name] ?? '');
  const array = vars[arrayVariable]?.trim();
  if (!array) return { held, faults };
  const elements = arrayOf(array);
  if (!elements) faults.push({ variable: arrayVariable, fault: 'is not a JSON array' });
  for (const [place, element] of (elements ?? []).entries()) {
    take(
      `${arrayVariable}[${place}]`,
      typeof element === 'string' ? element : JSON.stringify(element),
      place,
    );
  }
  return { held, faults };
}

export function arrayOf(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export interface Placed {
  readonly changes: Changes;
  readonly where: readonly { readonly variable: string; readonly credential: Credential }[];
  /** For these there is no room. */
  readonly left: readonly Credential[];
}

/** The most variables that a Worker may have on Cloudflare's free plan. */
const mostVariables = 64;
/** Of those, the ones that stay free for settings, which Wrangler's list of secrets doesn't tell of. */
const leftForSettings = 8;

/** How many further credentials may have a variable of their own beside these secrets. */
export const roomBeside = (secrets: Iterable<string>): number =>
  mostVariables - leftForSettings - new Set(secrets).size;

export const roomIsLimited = `A Worker has ${mostVariables} variables on the free plan, of which ${leftForSettings} stay free for settings.`;

/**
 * Gives each credential a numbered variable of its own while `room` lasts, and packs the smallest
 * into the array when there are more. An array that is `taken` already stays as it is.
 */
export function place(
  credentials: readonly Credential[],
  taken: readonly string[],
  room: number,
): Placed {
  const arrayIsFree = !taken.includes(arrayVariable);
  const bySize = [...credentials].sort((a, b) => textOf(b).length - textOf(a).length);
  const fits = credentials.length <= room;
  const numbered = fits ? credentials : bySize.slice(0, Math.max(0, room - (arrayIsFree ? 1 : 0)));
  const where = withNumbers(numbered, taken);
  const changes: Record<string, string> = {};
  for (const { variable, credential } of where) changes[variable] = textOf(credential);
  if (fits) return { changes, where, left: [] };
  const rest = bySize.slice(numbered.length).reverse();
  const packed = arrayIsFree && room > 0 ? packable(rest) : [];
  if (packed.length > 0) changes[arrayVariable] = `[${packed.map(textOf).join(',')}]`;
  const inArray = packed.map((credential) => ({ variable: arrayVariable, credential }));
  return { changes, where: [...where, ...inArray], left: rest.slice(packed.length) };
}

function withNumbers(credentials: readonly Credential[], taken: readonly string[]) {
  const used = new Set(taken.filter(isNumbered).map(numberOf));
  let number = 0;
  return credentials.map((credential) => {
    do number += 1;
    while (used.has(number));
    return { variable: `GCP_SERVICE_ACCOUNT_${number}`, credential };
  });
}

function packable(smallestFirst: readonly Credential[]): Credential[] {
  let bytes = 1;
  const most = smallestFirst.findIndex((credential) => {
    bytes += Buffer.byteLength(textOf(credential)) + 1;
    return bytes > variableBytes;
  });
  return smallestFirst.slice(0, most < 0 ? smallestFirst.length : most);
}
