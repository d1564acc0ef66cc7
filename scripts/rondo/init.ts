// `rondo init`: from credential files to a pool that answers.

import { entriesIn, entryOf, makeKey } from './clientkeys.ts';
import { deploy, secretNames, setSecrets } from './cloud.ts';
import { aliasFault, type Credential, distinct, named } from './credential.ts';
import { foundFiles, readFile } from './credentialfiles.ts';
import { type Changes, writeVars } from './devvars.ts';
import { defaultModel, tryCredential } from './google.ts';
import { deployedOf, type Ledger, readLedger, writeLedger } from './ledger.ts';
import { defaultsOf, endpointsOf, fileOf, varsOf, varsPath } from './settings.ts';
import { Stop, usageFault } from './stop.ts';
import { credentialsIn, place, roomBeside, roomIsLimited } from './variables.ts';
import type { World } from './world.ts';

export interface InitOptions {
  readonly files: readonly string[];
  readonly alias?: string | undefined;
  readonly project?: string | undefined;
  readonly model?: string | undefined;
  readonly target: 'local' | 'deployment';
  /** `replace`: client and admin keys that are set already are made anew. */
  readonly keys: 'keep' | 'replace';
  readonly key?: string | undefined;
}

export async function init(world: World, options: InitOptions): Promise<void> {
  const credentials = await gather(world, options);
  return options.target === 'local'
    ? initLocal(world, credentials, options)
    : initDeployment(world, credentials, options);
}

/** Reads and tries the files. Stops when none is good; says of each other one what is wrong. */
async function gather(world: World, options: InitOptions): Promise<Credential[]> {
  const good: Credential[] = [];
  for (const path of await chosenFiles(world, options)) {
    const credential = await checked(world, path, options);
    if (credential && !good.some(({ fingerprint }) => fingerprint === credential.fingerprint))
      good.push(credential);
  }
  if (good.length === 0) {
    throw new Stop(
      'No credential can be used.',
      'Mend what is said above, or make one: npm run rondo -- init --help',
    );
  }
  if (options.alias === undefined) return askAliases(world, good);
  const [first] = good;
  if (good.length > 1 || !first)
    throw usageFault('--alias names one credential; give one file with it.');
  const fault = aliasFault(options.alias);
  if (fault) throw usageFault(fault);
  return [named(first, options.alias)];
}

async function chosenFiles(world: World, { files }: InitOptions): Promise<string[]> {
  if (files.length > 0) return files.map((name) => fileOf(world, name));
  const found = foundFiles(world.env);
  if (found.length > 0) return world.ask.choose('Which credential files shall Rondo use?', found);
  if (!world.ask.possible) {
    throw new Stop('No credential file was found.', 'Name one: npm run rondo -- init FILE');
  }
  const name = await world.ask.text('Which credential file shall Rondo use?', '', (value) =>
    value.trim() === '' ? 'Give the path of a file.' : undefined,
  );
  return [fileOf(world, name.trim())];
}

/** The credential of a file that is well formed and that Google takes. */
export async function checked(
  world: World,
  path: string,
  { project, model }: Pick<InitOptions, 'project' | 'model'>,
): Promise<Credential | undefined> {
  const read = readFile(path, defaultsOf(world, project));
  if ('fault' in read) {
    world.screen.bad(`${path} ${read.fault}`);
    return undefined;
  }
  const { credential } = read;
  const trial = await tryCredential(credential, endpointsOf(world), model ?? defaultModel);
  if (trial.ok) {
    world.screen.good(
      `${path}: ${credential.alias}, ${credential.kind}, project ${credential.project || 'none'}`,
    );
    return credential;
  }
  world.screen.bad(`${path}: ${trial.fault}`);
  world.screen.line(`      ${trial.advice}`);
  return undefined;
}

async function askAliases(world: World, credentials: readonly Credential[]): Promise<Credential[]> {
  const out: Credential[] = [];
  for (const credential of distinct(credentials)) {
    const alias = await world.ask.text('What shall it be called?', credential.alias, aliasFault);
    out.push(named(credential, alias));
  }
  return distinct(out);
}

const ready = (url: string, key: string): string => `
  curl ${url}/v1/chat/completions \\
    -H 'authorization: Bearer ${key}' -H 'content-type: application/json' \\
    -d '{"model": "${defaultModel}", "messages": [{"role": "user", "content": "Hello!"}]}'
`;

interface NewKeys {
  readonly changes: Changes;
  readonly client?: string;
  readonly admin?: string;
}

function showKeys({ screen }: World, { client, admin }: NewKeys): void {
  if (client) screen.line(`\n  client key  ${client}`);
  if (admin) screen.line(`  admin key   ${admin}`);
  if (client || admin) screen.line('\nThese keys are shown this once. Keep them now.');
}

function initLocal(world: World, credentials: readonly Credential[], { keys }: InitOptions): void {
  const vars = varsOf(world);
  const { held } = credentialsIn(vars, defaultsOf(world));
  const known = new Set(held.map(({ credential }) => credential.fingerprint));
  const fresh = credentials.filter(({ fingerprint }) => !known.has(fingerprint));
  const named = distinct(
    fresh,
    held.map(({ credential }) => credential.alias),
  );
  const placed = place(named, Object.keys(vars), Number.MAX_SAFE_INTEGER);
  const made = localKeys(vars.CLIENT_API_KEYS, vars.ADMIN_API_KEY, keys);
  writeVars(varsPath(world), { ...placed.changes, ...made.changes });
  const kept = credentials.length - fresh.length;
  world.screen.good(`.dev.vars: ${fresh.length} new, ${kept} that were there`);
  showKeys(world, made);
  world.screen.line('\nNext: npm run dev, and then');
  world.screen.line(ready('http://localhost:8787', made.client ?? 'YOUR-CLIENT-KEY'));
}

/** The admin key stays readable: on this machine `status` and `doctor` use it. */
function localKeys(
  clients: string | undefined,
  admin: string | undefined,
  keys: InitOptions['keys'],
): NewKeys {
  const client =
    keys === 'replace' || entriesIn(clients).length === 0 ? makeKey('client') : undefined;
  const adminKey = !admin || keys === 'replace' ? makeKey('admin') : undefined;
  return newKeys(client, adminKey);
}

function newKeys(client: string | undefined, admin: string | undefined): NewKeys {
  return {
    changes: {
      ...(client && { CLIENT_API_KEYS: JSON.stringify([entryOf('first', client)]) }),
      ...(admin && { ADMIN_API_KEY: admin }),
    },
    ...(client && { client }),
    ...(admin && { admin }),
  };
}

/** Deploys first: a secret needs a Worker to belong to, and a failed build must cost no key. */
async function initDeployment(
  world: World,
  credentials: readonly Credential[],
  options: InitOptions,
): Promise<void> {
  const { screen } = world;
  if (world.ask.possible && !(await world.ask.confirm('Deploy to Cloudflare now?'))) {
    throw new Stop('Not deployed.', 'Run the same again when you want to.');
  }
  const url = await deploy(world);
  screen.good(`deployed${url ? ` to ${url}` : ''}`);
  const ledger = readLedger(world);
  if (url) writeLedger(world, { ...ledger, url });
  const names = await secretNames(world);
  const known = new Set(
    ledger.credentials
      .filter(({ variable }) => names.includes(variable))
      .map((each) => each.fingerprint),
  );
  const fresh = distinct(
    credentials.filter(({ fingerprint }) => !known.has(fingerprint)),
    ledger.credentials.map(({ alias }) => alias),
  );
  const made = newKeys(
    !names.includes('CLIENT_API_KEYS') || options.keys === 'replace'
      ? makeKey('client')
      : undefined,
    !names.includes('ADMIN_API_KEY') || options.keys === 'replace' ? makeKey('admin') : undefined,
  );
  const room = roomBeside([...names, ...Object.keys(made.changes)]);
  const placed = place(fresh, names, room);
  await setSecrets(world, { ...placed.changes, ...made.changes });
  writeLedger(world, recorded({ ...ledger, ...(url && { url }) }, placed.where, made));
  screen.good(`secrets: ${placed.where.length} credentials new, ${known.size} that were there`);
  for (const { alias } of placed.left) screen.bad(`${alias}: no variable is left for it`);
  showKeys(world, made);
  await callDeployed(world, url ?? ledger.url, made.client ?? options.key);
  if (placed.left.length > 0) throw new Stop('Not every credential had room.', roomIsLimited);
}

function recorded(
  ledger: Ledger,
  where: ReturnType<typeof place>['where'],
  { client }: NewKeys,
): Ledger {
  const credentials = where.map(deployedOf);
  const keys = client ? [entryOf('first', client)] : ledger.keys;
  const replaced = new Set(credentials.map(({ variable }) => variable));
  const older = ledger.credentials.filter(({ variable }) => !replaced.has(variable));
  return { ...ledger, credentials: [...older, ...credentials], keys };
}

async function callDeployed(
  world: World,
  address: string | undefined,
  key: string | undefined,
): Promise<void> {
  const url = world.env.RONDO_DEPLOYED_URL ?? address;
  if (!url) {
    world.screen.warn(
      'Wrangler named no address of its own; try yours with: npm run rondo -- doctor URL',
    );
    return;
  }
  const fault = await (key ? chatFault(url, key) : healthFault(url));
  if (fault)
    throw new Stop(
      `${url} ${fault}`,
      'New secrets take some seconds. See: npm run rondo -- doctor URL',
    );
  world.screen.good(`${url} answers`);
  world.screen.line(ready(url, key ?? 'YOUR-CLIENT-KEY'));
}

const chatFault = (url: string, key: string): Promise<string | undefined> =>
  answerFault(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: defaultModel, messages: [{ role: 'user', content: 'Say OK.' }] }),
  });

const healthFault = (url: string): Promise<string | undefined> => answerFault(`${url}/health`, {});

async function answerFault(url: string, request: RequestInit): Promise<string | undefined> {
  try {
    const answer = await fetch(url, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.timeout(60_000),
    });
    await answer.body?.cancel();
    return answer.ok ? undefined : `answered ${answer.status}`;
  } catch {
    return 'can’t be reached';
  }
}
