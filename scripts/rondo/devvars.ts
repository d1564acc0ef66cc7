// The variables of the worker on this machine, in `.dev.vars`.
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Stop } from './stop.ts';

export type Vars = Readonly<NodeJS.Dict<string>>;
/** `null` takes a variable away. */
export type Changes = Readonly<Record<string, string | null>>;

export const readVars = (path: string): Vars =>
  existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};

/** Changes variables and leaves the rest of the file as it is, comments too. Only its owner may read it. */
export function writeVars(path: string, changes: Changes): void {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const after = withChanges(before, changes);
  // Written beside it first: a full disk must not cost what was there.
  const draft = `${path}.new`;
  writeFileSync(draft, after, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, path);
}

export function withChanges(text: string, changes: Changes): string {
  let rest = text;
  for (const name of Object.keys(changes)) rest = without(rest, name);
  if (rest !== '' && !rest.endsWith('\n')) rest += '\n';
  for (const [name, value] of Object.entries(changes)) {
    if (value !== null) rest += `${name}=${quoted(name, value)}\n`;
  }
  return rest;
}

/** A value may span lines between quotes, as a pasted key file does. */
function without(text: string, name: string): string {
  const value = `(?:'[^']*'|"[^"]*"|\`[^\`]*\`|[^\\n]*)[^\\n]*`;
  return text.replace(
    new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*${value}\\n?`, 'gm'),
    '',
  );
}

function quoted(name: string, value: string): string {
  if (/^[\w.,:/@+-]+$/.test(value)) return value;
  const quote = ["'", '`', '"'].find((mark) => !value.includes(mark));
  if (quote === "'" || quote === '`') return `${quote}${value}${quote}`;
  throw new Stop(`${name} holds both kinds of quotes and can’t be written to .dev.vars`);
}
