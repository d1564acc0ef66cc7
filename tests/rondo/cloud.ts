import type { Json } from '../../scripts/googlestub/json.ts';
import type { Ran } from '../../scripts/rondo/wrangler.ts';

/** What Cloudflare holds. */
export interface Cloud {
  secrets: Record<string, string>;
  kv: Record<string, { value: string; metadata?: Json }>;
  calls: { args: readonly string[]; input: string }[];
  /** By the beginning of a command: what it says when it fails. */
  fail: Record<string, string>;
  tail: string;
}

export const emptyCloud = (): Cloud => ({ secrets: {}, kv: {}, calls: [], fail: {}, tail: '' });

const remote = '--binding GEMINI_CLI_KV --remote';
const refuse = (err: string): Ran => ({ code: 1, out: '', err });
const done = (out: string): Ran => ({ code: 0, out, err: '' });

/** Answers as Wrangler does, and refuses arguments that Wrangler hasn't. */
export function answer(cloud: Cloud, args: readonly string[], input: string): Ran {
  cloud.calls.push({ args, input });
  const command = args.join(' ');
  const failure = Object.entries(cloud.fail).find(([beginning]) => command.startsWith(beginning));
  // A failing Wrangler that repeats what it was given is the worst case.
  if (failure) return refuse(`${failure[1]} ${input}`);
  if (command === '--version') return done('4.164.0');
  if (command === 'deploy') return done('Uploaded rondo\n  https://rondo.someone.workers.dev\n');
  if (args[0] === 'secret') return secret(cloud, command, input);
  if (args[0] === 'kv') return kv(cloud, args, command);
  if (args[0] === 'tail' && command.endsWith('--format json')) return done(cloud.tail);
  return refuse(`unknown arguments: ${command}`);
}

function secret(cloud: Cloud, command: string, input: string): Ran {
  if (command === 'secret list --format json') {
    const rows = Object.keys(cloud.secrets).map((name) => ({ name, type: 'secret_text' }));
    return done(JSON.stringify(rows, null, 2));
  }
  if (command !== 'secret bulk') return refuse(`unknown arguments: ${command}`);
  const changes = Object.entries(JSON.parse(input) as Record<string, string | null>);
  for (const [name, value] of changes) {
    if (value === null) delete cloud.secrets[name];
    else if (Buffer.byteLength(value) > 5120) return refuse('value too large');
    else cloud.secrets[name] = value;
  }
  return Object.keys(cloud.secrets).length > 64 ? refuse('too many variables') : done('done');
}

function kv(cloud: Cloud, args: readonly string[], command: string): Ran {
  const [, , verb, key = '', value = ''] = args;
  if (verb === 'put' && command.includes(remote)) {
    cloud.kv[key] = { value, metadata: JSON.parse(args.at(-1) ?? 'null') as Json };
    return done('written');
  }
  // Nothing was put into the KV of this machine.
  if (command === 'kv key list --binding GEMINI_CLI_KV --local --prefix client-key:')
    return done('[]');
  if (command === `kv key list ${remote} --prefix client-key:`) {
    const rows = Object.entries(cloud.kv).map(([name, { metadata }]) => ({ name, metadata }));
    return done(JSON.stringify(rows));
  }
  if (verb === 'get' && command.endsWith(`${remote} --text`))
    return done(cloud.kv[key]?.value ?? '');
  if (verb !== 'delete' || !command.endsWith(remote))
    return refuse(`unknown arguments: ${command}`);
  delete cloud.kv[key];
  return done('deleted');
}
