// `rondo doctor`: looks for what is wrong, on this machine or with a running Rondo, and says it.
import { readSwitch } from '../../worker/core/settings.ts';
import { makeAdminRing, makeKeyRing } from '../../worker/middleware/keyring.ts';
import { variableProblems } from '../../worker/operator.ts';
import { type JsonObject, textIn } from '../googlestub/json.ts';
import { type Operator, operatorOf } from './admin.ts';
import { binding, kvFault } from './cloud.ts';
import { testLocal } from './credentials.ts';
import { defaultModel } from './google.ts';
import { readLedger } from './ledger.ts';
import { varsOf } from './settings.ts';
import { objectsIn, problemsOf, problemText, text } from './status.ts';
import { messageOf, Stop } from './stop.ts';
import type { World } from './world.ts';

export interface DoctorOptions {
  readonly address?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly models: readonly string[];
}

type Step = readonly [name: string, look: () => Promise<void>];

/** Looks at everything, also when something failed before. */
export async function doctor(world: World, options: DoctorOptions): Promise<void> {
  const models = options.models.length > 0 ? options.models : [defaultModel];
  const steps: readonly Step[] = [
    ['tools', () => tools(world)],
    ...stepsOf(world, options, models),
  ];
  let failed = 0;
  for (const [name, step] of steps) {
    world.screen.line(world.screen.paint('bold', name));
    try {
      await step();
    } catch (error) {
      failed += 1;
      world.screen.bad(messageOf(error));
      if (error instanceof Stop && error.advice) world.screen.line(`      ${error.advice}`);
    }
  }
  if (failed > 0) throw new Stop('Something is wrong: see above.');
}

function stepsOf(
  world: World,
  { address, keyFile }: DoctorOptions,
  models: readonly string[],
): Step[] {
  if (address !== undefined)
    return [['deployment', () => deployment(world, operatorOf(world, address, keyFile), models)]];
  return [
    ['configuration', async () => configuration(world)],
    ['KV', () => kv(world)],
    ...models.map(
      (model): Step => [`credentials with ${model}`, () => testLocal(world, undefined, model)],
    ),
  ];
}

async function tools(world: World): Promise<void> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new Stop(`Node ${process.versions.node} is too old.`, 'Install Node 24.');
  world.screen.good(`Node ${process.versions.node}`);
  const { code, out } = await world.wrangler(['--version']);
  if (code !== 0) throw new Stop('Wrangler does not start, or is not installed.', 'Run npm ci.');
  world.screen.good(`Wrangler ${out.trim()}`);
}

function configuration(world: World): void {
  const { screen } = world;
  const vars = varsOf(world);
  const problems = variableProblems(vars);
  for (const { variable, fault } of problems) screen.bad(`${variable} ${fault}`);
  const admin = makeAdminRing(vars);
  if (admin.keys.length > 0) screen.good('admin key');
  else if (!admin.fault) screen.warn('ADMIN_API_KEY is not set: /admin is closed');
  clientKeys(world, vars);
  if (problems.length > 0)
    throw new Stop(`${problems.length} settings are wrong.`, 'Mend them in .dev.vars.');
}

function clientKeys({ screen }: World, vars: ReturnType<typeof varsOf>): void {
  const { keys, anonymous, fault } = makeKeyRing(vars);
  if (fault) return;
  const mayLieInKv = readSwitch(vars, 'CLIENT_KEYS_IN_KV').isOn;
  if (anonymous) screen.warn('ALLOW_ANONYMOUS is true: everybody may call');
  else if (keys.length > 0) screen.good('client keys');
  else if (mayLieInKv) screen.good('client keys are looked for in KV');
  else throw new Stop('.dev.vars has no client key.', 'npm run rondo -- keys add NAME');
}

async function kv(world: World): Promise<void> {
  const { screen } = world;
  const here = await kvFault(world, 'local');
  if (here !== undefined) {
    throw new Stop(
      `Wrangler can’t read the KV binding ${binding}${here === 'signed out' ? '.' : `: ${here.fault}`}`,
      `wrangler.toml needs a section [[kv_namespaces]] with binding = "${binding}".`,
    );
  }
  screen.good(`${binding} is bound, and can be read on this machine`);
  const { url, credentials } = readLedger(world);
  if (url === undefined && credentials.length === 0) return;
  const away = await kvFault(world, 'remote');
  if (away === undefined) screen.good(`${binding} of the deployment can be read`);
  else if (away === 'signed out')
    screen.warn(`${binding} of the deployment was not looked at: npx wrangler login`);
  else throw new Stop(`${binding} of the deployment can’t be read: ${away.fault}`);
}

async function deployment(
  world: World,
  operator: Operator,
  models: readonly string[],
): Promise<void> {
  const { screen } = world;
  const pool = await operator.ask('/admin/api/pool');
  const problems = await problemsOf(operator);
  let failed = problems.length;
  for (const each of problems) screen.bad(problemText(each));
  if (!problems.some(({ variable }) => variable === binding)) {
    screen.good(`the KV binding ${binding}`);
  }
  for (const model of models) {
    const why = await operator.ask(`/admin/api/explain?model=${encodeURIComponent(model)}`);
    screen.line(`${model} is served as ${text(why.model)}: ${text(why.state)}`);
    for (const each of objectsIn(pool.credentials))
      failed += await tested(world, operator, each, text(why.model));
  }
  if (failed > 0) throw new Stop(`${failed} things are wrong with ${operator.url}.`);
}

async function tested(
  { screen }: World,
  operator: Operator,
  credential: JsonObject,
  model: string,
): Promise<0 | 1> {
  const alias = text(credential.alias);
  // Two may have one alias; their ids differ.
  const id = encodeURIComponent(text(credential.id));
  const path = `/admin/api/credentials/${id}/test?model=${encodeURIComponent(model)}`;
  const result = await operator.ask(path, 'POST');
  if (result.ok === true) {
    screen.good(`${alias} answers in ${text(result.ms)} ms`);
    return 0;
  }
  screen.bad(`${alias}: ${text(result.status)} ${text(result.class)}: ${text(result.message)}`);
  const help = [textIn(result, 'remedy'), textIn(result, 'link')].filter(Boolean).join(' ');
  if (help) screen.line(`      ${help}`);
  return 1;
}
