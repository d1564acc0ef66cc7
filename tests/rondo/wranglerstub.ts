// Stands in for Wrangler: keeps a file as Cloudflare, and refuses arguments that Wrangler hasn't.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Cloud } from './support.ts';

const path = process.env.WRANGLER_STUB ?? '';
const cloud = JSON.parse(readFileSync(path, 'utf8')) as Cloud;
const args = process.argv.slice(2);
const input = readFileSync(0, 'utf8');
const command = args.join(' ');
const remote = '--binding GEMINI_CLI_KV --remote';

function answer(): string {
  if (command === '--version') return '4.164.0';
  if (command === 'deploy') return 'Uploaded rondo\n  https://rondo.someone.workers.dev\n';
  if (command === 'secret list --format json') {
    return JSON.stringify(
      Object.keys(cloud.secrets).map((name) => ({ name, type: 'secret_text' })),
      null,
      2,
    );
  }
  if (command === 'secret bulk') {
    for (const [name, value] of Object.entries(
      JSON.parse(input) as Record<string, string | null>,
    )) {
      if (value === null) delete cloud.secrets[name];
      else if (Buffer.byteLength(value) > 5120) return refuse('value too large');
      else cloud.secrets[name] = value;
    }
    if (Object.keys(cloud.secrets).length > 64) return refuse('too many variables');
    return 'done';
  }
  const [, , verb, key = '', value = ''] = args;
  if (command.startsWith('kv key put ') && command.includes(remote)) {
    cloud.kv[key] = { value, metadata: JSON.parse(args.at(-1) ?? 'null') };
    return 'written';
  }
  if (command === `kv key list ${remote} --prefix client-key:`) {
    const rows = Object.entries(cloud.kv).map(([name, { metadata }]) => ({ name, metadata }));
    return JSON.stringify(rows);
  }
  if (verb === 'get' && command.endsWith(`${remote} --text`)) return cloud.kv[key]?.value ?? '';
  if (verb === 'delete' && command.endsWith(remote)) {
    delete cloud.kv[key];
    return 'deleted';
  }
  if (args[0] === 'tail' && command.endsWith('--format json')) return cloud.tail ?? '';
  return refuse(`unknown arguments: ${command}`);
}

function refuse(words: string): string {
  process.stderr.write(`${words}\n`);
  process.exitCode = 1;
  return '';
}

cloud.calls.push({ args, input });
const failure = Object.entries(cloud.fail).find(([beginning]) => command.startsWith(beginning));
// A failing Wrangler that repeats what it was given is the worst case.
const said = failure ? refuse(`${failure[1]} ${input}`) : answer();
writeFileSync(path, JSON.stringify(cloud));
process.stdout.write(said);
