// `rondo keys`: the clients' keys, in `.dev.vars`, in secrets of the deployment, or in its KV.

import { Fault, holderOf } from '../../worker/middleware/keyholder.ts';
import { shownDigits } from '../../worker/middleware/kvkeys.ts';
import { type JsonObject, textIn } from '../googlestub/json.ts';
import {
  added,
  digestOf,
  entriesIn,
  entryOf,
  type KeyOptions,
  makeKey,
  nameOf,
  removed,
} from './clientkeys.ts';
import { deleteKvKey, kvPrefix, listKvKeys, putKvKey, secretNames, setSecrets } from './cloud.ts';
import { variableBytes } from './credential.ts';
import { writeVars } from './devvars.ts';
import { readLedger, writeLedger } from './ledger.ts';
import { varsOf, varsPath } from './settings.ts';
import { Stop, usageFault } from './stop.ts';
import type { World } from './world.ts';

export type Place = 'local' | 'deployment' | 'kv';
const variable = 'CLIENT_API_KEYS';
/** Holds one more key, which is called as the variable is. */
const single = 'OPENAI_API_KEY';

export async function addKey(
  world: World,
  where: Place,
  name: string,
  options: KeyOptions,
): Promise<void> {
  if (!/^[\x21-\x7e]{1,64}$/.test(name))
    throw usageFault('A key’s name has 1 to 64 characters of plain ASCII, without blanks.');
  if (name === single) throw usageFault(`${single} is the name of that variable’s own key.`);
  const key = makeKey('client');
  const entry = entryOf(name, key, options);
  const { sha256: _, ...holder } = entry;
  const fault = holderFault(holder);
  if (fault) throw usageFault(`This key ${fault}.`);
  if (where === 'kv') await addToKv(world, name, key, holder);
  else await store(world, where, added(await entries(world, where), entry));
  world.screen.good(`${name} may call`);
  if (where === 'kv')
    world.screen.warn('Keys in KV count where the variable CLIENT_KEYS_IN_KV is true.');
  world.screen.line(`\n  client key  ${key}\n\nIt is shown this once. Keep it now.`);
}

/** Why the worker would let nobody in by it. */
function holderFault(holder: JsonObject): string | undefined {
  try {
    const { expires } = holderOf(holder, '');
    return expires !== undefined && expires <= Date.now()
      ? 'has an "expires" that is over'
      : undefined;
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
}

async function addToKv(world: World, name: string, key: string, value: JsonObject): Promise<void> {
  const twin = (await listKvKeys(world)).some((other) => other.name === name);
  if (twin)
    throw new Stop(
      `There is a key named ${name} already.`,
      'Take another name, or revoke that one first.',
    );
  await putKvKey(world, digestOf(key), value);
}

export async function listKeys(world: World, where: Place): Promise<void> {
  if (where === 'kv') {
    const rows = (await listKvKeys(world)).map(({ name, key }) => [
      name,
      `${key.slice(kvPrefix.length).slice(0, shownDigits)}…`,
    ]);
    return tell(world, ['name', 'sha-256'], rows);
  }
  const rows = (await entries(world, where)).map((entry) => [
    nameOf(entry),
    Array.isArray(entry.models) ? entry.models.join(' ') : 'all',
    textIn(entry, 'expires') ?? 'never',
    variable,
  ]);
  if (await holdsSingle(world, where)) rows.push([single, 'all', 'never', single]);
  tell(world, ['name', 'models', 'expires', 'variable'], rows);
}

function tell({ screen }: World, head: readonly string[], rows: readonly string[][]): void {
  if (rows.length > 0) screen.table(head, rows);
  else screen.line('There is no client key here. Add one: npm run rondo -- keys add NAME');
}

async function holdsSingle(world: World, where: 'local' | 'deployment'): Promise<boolean> {
  if (where === 'local') return Boolean(varsOf(world)[single]?.trim());
  return (await secretNames(world)).includes(single);
}

export async function revokeKey(world: World, where: Place, name: string): Promise<void> {
  if (where === 'kv') await revokeInKv(world, name);
  else if (name === single) await removeSingle(world, where);
  else await store(world, where, removed(await entries(world, where), name));
  world.screen.good(`${name} may call no more`);
  if (where === 'kv')
    world.screen.line('An isolate that has served it may go on for up to two minutes.');
}

async function revokeInKv(world: World, name: string): Promise<void> {
  const found = (await listKvKeys(world)).filter((key) => key.name === name);
  if (found.length === 0)
    throw new Stop(`There is no key named ${name} in KV.`, 'See: npm run rondo -- keys list --kv');
  for (const { key } of found) await deleteKvKey(world, key);
}

async function removeSingle(world: World, where: 'local' | 'deployment'): Promise<void> {
  if (!(await holdsSingle(world, where))) throw new Stop(`${single} is not set.`);
  return setVariable(world, where, single, null);
}

async function entries(
  world: World,
  where: 'local' | 'deployment',
): Promise<readonly JsonObject[]> {
  if (where === 'local') return entriesIn(varsOf(world)[variable]);
  const { keys } = readLedger(world);
  const isSet = (await secretNames(world)).includes(variable);
  if (isSet && keys.length === 0) {
    throw new Stop(
      `${variable} was set from elsewhere, and Cloudflare gives no secret back.`,
      'Use --kv, which needs no list of all; or make all keys anew: npm run rondo -- init --deploy --replace-keys',
    );
  }
  return isSet ? keys : [];
}

async function store(
  world: World,
  where: 'local' | 'deployment',
  all: readonly JsonObject[],
): Promise<void> {
  const text = JSON.stringify(all);
  if (where === 'deployment' && Buffer.byteLength(text) > variableBytes)
    throw new Stop(`${variable} would be larger than Cloudflare takes.`, 'Use --kv.');
  await setVariable(world, where, variable, all.length > 0 ? text : null);
  if (where === 'deployment') writeLedger(world, { ...readLedger(world), keys: all });
}

async function setVariable(
  world: World,
  where: 'local' | 'deployment',
  name: string,
  value: string | null,
): Promise<void> {
  if (where === 'local') writeVars(varsPath(world), { [name]: value });
  else await setSecrets(world, { [name]: value });
}
