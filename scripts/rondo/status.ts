// `rondo status`: what a running Rondo says of its pool, in the terminal.
import { isObject, type Json, type JsonObject, objectIn, textIn } from '../googlestub/json.ts';
import { type Operator, operatorOf } from './admin.ts';
import type { World } from './world.ts';

export const objectsIn = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
export const text = (value: Json | undefined): string =>
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
    if (remedy) screen.warn(`${text(each.alias)}: ${remedy} ${linkOf(each)}`.trimEnd());
  }
  for (const each of await problemsOf(operator)) screen.bad(problemText(each));
}

/** All that is wrong in its settings: what the pool tells of them is a part. */
export async function problemsOf(operator: Operator): Promise<JsonObject[]> {
  const { problems } = await operator.ask('/admin/api/settings');
  return objectsIn(problems);
}

export const problemText = ({ variable, fault }: JsonObject): string =>
  `${text(variable)} ${text(fault)}`;

function lastError(credential: JsonObject): string {
  const last = objectIn(credential, 'last_error');
  return last ? `${text(last.status)} ${text(last.class)} ${text(last.model)}` : '-';
}

/** Where the remedy can be had: what put a credential out may be told by its last error alone. */
function linkOf(credential: JsonObject): string {
  const last = objectIn(credential, 'last_error') ?? {};
  return textIn(credential, 'link') ?? textIn(last, 'link') ?? '';
}
