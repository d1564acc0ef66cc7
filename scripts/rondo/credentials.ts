// `rondo credentials`: on this machine in `.dev.vars`, or as secrets of the deployment.
import { secretNames, setSecrets } from './cloud.ts';
import { aliasFault, type Credential, distinct, named } from './credential.ts';
import { writeVars } from './devvars.ts';
import { defaultModel, tryCredential } from './google.ts';
import { checked } from './init.ts';
import { deployedOf, readLedger, writeLedger } from './ledger.ts';
import { defaultsOf, endpointsOf, fileOf, varsOf, varsPath } from './settings.ts';
import { Stop, usageFault } from './stop.ts';
import {
  arrayOf,
  arrayVariable,
  credentialsIn,
  type Held,
  place,
  roomBeside,
  roomIsLimited,
} from './variables.ts';
import type { World } from './world.ts';

const noSuch = (alias: string): Stop =>
  new Stop(`There is no credential named ${alias}.`, 'See: npm run rondo -- credentials list');

const sayNone = ({ screen }: World, who: string): void =>
  screen.line(`${who} no credential. Add one: npm run rondo -- credentials add FILE`);

export function listLocal(world: World): void {
  const { held, faults } = credentialsIn(varsOf(world), defaultsOf(world));
  const rows = held.map(({ variable, credential: { alias, kind, project, backend } }) => [
    alias,
    kind,
    project || '-',
    backend,
    variable,
  ]);
  if (rows.length === 0) sayNone(world, '.dev.vars has');
  else world.screen.table(['alias', 'kind', 'project', 'back-end', 'variable'], rows);
  for (const { variable, fault } of faults) world.screen.bad(`${variable} ${fault}`);
}

/** Names come from Cloudflare, and what is known of them from what was put there from here. */
export async function listDeployed(world: World): Promise<void> {
  const { credentials } = readLedger(world);
  const names = (await secretNames(world)).filter((name) =>
    /^GCP_SERVICE_ACCOUNT(S|_\d+)?$/.test(name),
  );
  const rows = names.flatMap((name) => {
    const known = credentials.filter(({ variable }) => variable === name);
    return known.length > 0
      ? known.map(({ alias, kind, project }) => [alias, kind, project || '-', name])
      : [['?', '?', '?', name]];
  });
  if (rows.length === 0) sayNone(world, 'The deployment has');
  else world.screen.table(['alias', 'kind', 'project', 'variable'], rows);
}

export interface AddOptions {
  readonly alias?: string | undefined;
  readonly project?: string | undefined;
  readonly model?: string | undefined;
}

async function fromFile(world: World, file: string, options: AddOptions): Promise<Credential> {
  const fault = options.alias === undefined ? undefined : aliasFault(options.alias);
  if (fault) throw usageFault(fault);
  const credential = await checked(world, fileOf(world, file), options);
  if (!credential) throw new Stop('Nothing was added.');
  return options.alias === undefined ? credential : named(credential, options.alias);
}

export async function addLocal(world: World, file: string, options: AddOptions): Promise<void> {
  const credential = await fromFile(world, file, options);
  const vars = varsOf(world);
  const { held } = credentialsIn(vars, defaultsOf(world));
  const twin = held.find((each) => each.credential.fingerprint === credential.fingerprint);
  if (twin) throw new Stop(`It is there already, as ${twin.credential.alias}.`);
  const placed = place(
    distinct(
      [credential],
      held.map((each) => each.credential.alias),
    ),
    Object.keys(vars),
    1,
  );
  writeVars(varsPath(world), placed.changes);
  for (const {
    variable,
    credential: { alias },
  } of placed.where)
    world.screen.good(`${alias} is ${variable} in .dev.vars`);
}

export async function addDeployed(world: World, file: string, options: AddOptions): Promise<void> {
  const credential = await fromFile(world, file, options);
  const ledger = readLedger(world);
  const names = await secretNames(world);
  const twin = ledger.credentials.find(
    ({ fingerprint, variable }) =>
      fingerprint === credential.fingerprint && names.includes(variable),
  );
  if (twin) throw new Stop(`It is there already, as ${twin.alias}.`);
  const placed = place(
    distinct(
      [credential],
      ledger.credentials.map(({ alias }) => alias),
    ),
    names,
    roomBeside(names),
  );
  if (placed.left.length > 0) throw new Stop('No variable is left for it.', roomIsLimited);
  await setSecrets(world, placed.changes);
  const added = placed.where.map(deployedOf);
  writeLedger(world, { ...ledger, credentials: [...ledger.credentials, ...added] });
  for (const { variable, alias } of added) world.screen.good(`${alias} is the secret ${variable}`);
}

export function removeLocal(world: World, alias: string): void {
  const vars = varsOf(world);
  const found = credentialsIn(vars, defaultsOf(world)).held.find(
    ({ credential }) => credential.alias === alias,
  );
  if (!found) throw noSuch(alias);
  writeVars(varsPath(world), removal(found, vars[arrayVariable]));
  world.screen.good(`${alias} is gone from .dev.vars`);
}

function removal({ variable, place }: Held, array: string | undefined) {
  if (place === undefined) return { [variable]: null };
  const rest = (arrayOf(array ?? '') ?? []).filter((_, index) => index !== place);
  return { [arrayVariable]: rest.length > 0 ? JSON.stringify(rest) : null };
}

/** A packed one can't be taken out alone: its neighbours can't be read back. */
export async function removeDeployed(world: World, alias: string): Promise<void> {
  const ledger = readLedger(world);
  const byAlias = ledger.credentials.find(
    (each) => each.alias === alias || each.variable === alias,
  );
  const variable =
    byAlias?.variable ?? (/^GCP_SERVICE_ACCOUNT(S|_\d+)?$/.test(alias) ? alias : undefined);
  if (!variable) throw noSuch(alias);
  const neighbours = ledger.credentials.filter(
    (each) => each.variable === variable && each !== byAlias,
  );
  if (neighbours.length > 0 && alias !== variable) {
    const names = neighbours.map((each) => each.alias).join(', ');
    throw new Stop(
      `${alias} lies in ${variable} together with ${names}, and Cloudflare gives no secret back.`,
      `Remove them together: npm run rondo -- credentials remove ${variable} --deployed; then add the others again.`,
    );
  }
  await setSecrets(world, { [variable]: null });
  writeLedger(world, {
    ...ledger,
    credentials: ledger.credentials.filter((each) => each.variable !== variable),
  });
  world.screen.good(`${alias} is gone from the deployment`);
}

export async function testLocal(
  world: World,
  alias: string | undefined,
  model = defaultModel,
): Promise<void> {
  const { held, faults } = credentialsIn(varsOf(world), defaultsOf(world));
  const wanted = held.filter(({ credential }) => alias === undefined || credential.alias === alias);
  if (alias !== undefined && wanted.length === 0) throw noSuch(alias);
  let failed = faults.length;
  for (const { variable, fault } of faults) world.screen.bad(`${variable} ${fault}`);
  for (const { credential } of wanted) {
    const trial = await tryCredential(credential, endpointsOf(world), model);
    if (trial.ok) world.screen.good(`${credential.alias}: ${model} answers`);
    else {
      failed += 1;
      world.screen.bad(`${credential.alias}: ${trial.fault}`);
      world.screen.line(`      ${trial.advice}`);
    }
  }
  if (wanted.length + faults.length === 0)
    throw new Stop('.dev.vars holds no credential.', 'Add one: npm run rondo -- init FILE');
  if (failed > 0)
    throw new Stop(`${failed} of ${wanted.length + faults.length} credentials failed.`);
}
