// What each command and each of its options leads to.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withoutTerminal } from './ask.ts';
import * as credentials from './credentials.ts';
import { doctor } from './doctor.ts';
import { help, initHelp } from './help.ts';
import { init } from './init.ts';
import { addKey, listKeys, type Place, revokeKey } from './keys.ts';
import { logs } from './logs.ts';
import { plain } from './screen.ts';
import { fileOf } from './settings.ts';
import { status } from './status.ts';
import { exitCodes, messageOf, Stop, usageFault } from './stop.ts';
import type { World } from './world.ts';

const options = {
  deploy: { type: 'boolean' },
  deployed: { type: 'boolean' },
  kv: { type: 'boolean' },
  alias: { type: 'string' },
  project: { type: 'string' },
  model: { type: 'string', multiple: true },
  models: { type: 'string', multiple: true },
  expires: { type: 'string' },
  'replace-keys': { type: 'boolean' },
  'client-key-file': { type: 'string' },
  'admin-key-file': { type: 'string' },
  yes: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const parse = (args: string[]) => {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw usageFault(messageOf(error));
  }
};
type Flags = ReturnType<typeof parse>['values'];

async function run(around: World, args: readonly string[]): Promise<void> {
  const { values: flags, positionals } = parse([...args]);
  const world = flags.yes ? { ...around, ask: withoutTerminal } : around;
  const [name, ...rest] = positionals;
  if (flags.help || name === undefined || name === 'help') {
    world.screen.line((name === 'init' ? initHelp : help).trimEnd());
    if (name === undefined && !flags.help) throw usageFault('No command.');
    return;
  }
  if (name === 'init') return runInit(world, flags, rest);
  if (name === 'credentials') return runCredentials(world, flags, rest);
  if (name === 'keys') return runKeys(world, flags, rest);
  const [first] = atMost(rest, 1);
  if (name === 'status') return status(world, first, flags['admin-key-file']);
  if (name === 'doctor') {
    return doctor(world, {
      address: first,
      keyFile: flags['admin-key-file'],
      models: flags.model ?? [],
    });
  }
  if (name === 'logs') return logs(world, first);
  throw usageFault(`There is no command ${name}.`);
}

function atMost(words: readonly string[], count: number): readonly string[] {
  if (words.length <= count) return words;
  throw usageFault(`That is one word too many: ${words[count]}`);
}

function needed(words: readonly string[], what: string): string {
  const [word] = atMost(words, 1);
  if (word === undefined) throw usageFault(`${what} is missing.`);
  return word;
}

function runInit(world: World, flags: Flags, files: readonly string[]): Promise<void> {
  const keyFile = flags['client-key-file'];
  const key = keyFile
    ? readFileSync(fileOf(world, keyFile), 'utf8').trim()
    : world.env.RONDO_CLIENT_KEY;
  return init(world, {
    ...tried(flags),
    files,
    target: flags.deploy ? 'deployment' : 'local',
    keys: flags['replace-keys'] ? 'replace' : 'keep',
    key,
  });
}

const tried = ({ alias, project, model }: Flags) => ({ alias, project, model: model?.[0] });

async function runCredentials(
  world: World,
  flags: Flags,
  [verb, ...rest]: readonly string[],
): Promise<void> {
  const away = flags.deployed === true;
  switch (verb) {
    case 'list':
      atMost(rest, 0);
      return away ? credentials.listDeployed(world) : credentials.listLocal(world);
    case 'add': {
      const file = needed(rest, 'The file');
      return away
        ? credentials.addDeployed(world, file, tried(flags))
        : credentials.addLocal(world, file, tried(flags));
    }
    case 'remove': {
      const alias = needed(rest, 'The alias');
      return away
        ? credentials.removeDeployed(world, alias)
        : credentials.removeLocal(world, alias);
    }
    case 'test':
      if (away) throw usageFault('A deployment’s credentials are tested by doctor URL.');
      return credentials.testLocal(world, atMost(rest, 1)[0], flags.model?.[0]);
    default:
      throw usageFault('credentials takes list, add FILE, remove ALIAS or test [ALIAS].');
  }
}

async function runKeys(
  world: World,
  flags: Flags,
  [verb, ...rest]: readonly string[],
): Promise<void> {
  if (flags.kv && flags.deployed) throw usageFault('Give --kv or --deployed, not both.');
  const place: Place = flags.kv ? 'kv' : flags.deployed ? 'deployment' : 'local';
  switch (verb) {
    case 'list':
      atMost(rest, 0);
      return listKeys(world, place);
    case 'add':
      return addKey(world, place, needed(rest, 'The name'), {
        models: flags.models,
        expires: flags.expires,
      });
    case 'revoke':
      return revokeKey(world, place, needed(rest, 'The name'));
    default:
      throw usageFault('keys takes add NAME, list or revoke NAME.');
  }
}

/** Runs a command. Gives its exit code; what went wrong it has said. */
export async function command(world: World, args: readonly string[]): Promise<number> {
  try {
    await run(world, args);
    return exitCodes.ok;
  } catch (error) {
    const stopped = error instanceof Stop ? error : new Stop(messageOf(error));
    world.complain(plain(stopped.message), plain(stopped.advice));
    return stopped.code;
  }
}
