// `rondo status` and `rondo doctor`: what a running Rondo says of itself, in the terminal.
import { isObject, type Json, type JsonObject, objectIn, textIn } from '../googlestub/json.ts';
import { type Operator, operatorOf } from './admin.ts';
import { testLocal } from './credentials.ts';
import { defaultModel } from './google.ts';
import { varsOf } from './settings.ts';
import { messageOf, Stop } from './stop.ts';
import type { World } from './world.ts';

export const objectsIn = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const text = (value: Json | undefined): string =>
  value === null || value === undefined ? '-' : String(value);

export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

export async function status(world: World, address?: string, keyFile?: string): Promise<void> {
  const operator = operatorOf(world, address, keyFile);
  const pool = await operator.ask('/admin/api/pool');
  const credentials = objectsIn(pool.credentials);
  const { screen } = world;
  screen.line(
    `${operator.url}  ${text(pool.strategy)}, numbers of this ${text(pool.scope)} since ${text(pool.scope_since)}\n`,
  );
  screen.table(
    ['alias', 'state', 'kind', 'project', 'token', 'attempts', 'failures', 'last error'],
    credentials.map((each) => [
      text(each.alias),
      text(each.state),
      text(each.kind),
      text(each.project),
      text(objectIn(each, 'token')?.state),
      text(each.attempts),
      text(each.failures),
      lastError(each),
    ]),
  );
  const cooling = objectsIn(pool.cooling);
  if (cooling.length > 0) {
    screen.line();
    screen.table(
      ['resting', 'model', 'reason', 'left', 'until'],
      cooling.map((each) => [
        each.credential === null ? 'all' : text(each.credential),
        text(each.model),
        text(each.reason),
        span(Number(each.left_ms)),
        text(each.until),
      ]),
    );
  }
  for (const each of credentials) {
    const remedy = textIn(each, 'remedy');
    if (remedy)
      screen.warn(`${text(each.alias)}: ${remedy} ${textIn(each, 'link') ?? ''}`.trimEnd());
  }
  for (const each of objectsIn(pool.problems))
    screen.bad(`${text(each.variable)} ${text(each.fault)}`);
}

function lastError(credential: JsonObject): string {
  const last = objectIn(credential, 'last_error');
  return last ? `${text(last.status)} ${text(last.class)} ${text(last.model)}` : '-';
}

export interface DoctorOptions {
  readonly address?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly models: readonly string[];
}

/** Looks at everything, also when something failed before. */
export async function doctor(
  world: World,
  { address, keyFile, models }: DoctorOptions,
): Promise<void> {
  const asked = models.length > 0 ? models : [defaultModel];
  const steps: [string, () => Promise<void>][] = [
    ['tools', () => tools(world)],
    ...(address === undefined
      ? asked.map((model): [string, () => Promise<void>] => [
          `credentials with ${model}`,
          () => testLocal(world, undefined, model),
        ])
      : [
          ['deployment', () => deployment(world, operatorOf(world, address, keyFile), asked)] as [
            string,
            () => Promise<void>,
          ],
        ]),
    ...(address === undefined
      ? [['configuration', async () => configuration(world)] as [string, () => Promise<void>]]
      : []),
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

async function tools(world: World): Promise<void> {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new Stop(`Node ${process.versions.node} is too old.`, 'Install Node 24.');
  world.screen.good(`Node ${process.versions.node}`);
  const { code, out } = await world.wrangler(['--version']);
  if (code !== 0) throw new Stop('Wrangler does not start, or is not installed.', 'Run npm ci.');
  world.screen.good(`Wrangler ${out.trim()}`);
}

function configuration(world: World): void {
  const vars = varsOf(world);
  const open = vars.ALLOW_ANONYMOUS === 'true';
  if (open) world.screen.warn('ALLOW_ANONYMOUS is true: everybody may call');
  else if (!vars.CLIENT_API_KEYS && !vars.OPENAI_API_KEY)
    throw new Stop('.dev.vars has no client key.', 'npm run rondo -- keys add NAME');
  else world.screen.good('client keys');
  if (vars.ADMIN_API_KEY) world.screen.good('admin key');
  else world.screen.warn('ADMIN_API_KEY is not set: /admin is closed');
}

async function deployment(
  world: World,
  operator: Operator,
  models: readonly string[],
): Promise<void> {
  const { screen } = world;
  const pool = await operator.ask('/admin/api/pool');
  let failed = objectsIn(pool.problems).length;
  for (const each of objectsIn(pool.problems))
    screen.bad(`${text(each.variable)} ${text(each.fault)}`);
  if (objectIn(pool, 'bindings')?.kv === true) screen.good('the KV binding GEMINI_CLI_KV');
  else {
    failed += 1;
    screen.bad('the KV binding GEMINI_CLI_KV is missing: it is in wrangler.toml');
  }
  for (const model of models) {
    const why = await operator.ask(`/admin/api/explain?model=${encodeURIComponent(model)}`);
    screen.line(`${model} is served as ${text(why.model)}: ${text(why.state)}`);
    for (const each of objectsIn(pool.credentials))
      failed += await tested(world, operator, text(each.alias), text(why.model));
  }
  if (failed > 0) throw new Stop(`${failed} things are wrong with ${operator.url}.`);
}

async function tested(
  { screen }: World,
  operator: Operator,
  alias: string,
  model: string,
): Promise<0 | 1> {
  const path = `/admin/api/credentials/${encodeURIComponent(alias)}/test?model=${encodeURIComponent(model)}`;
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
