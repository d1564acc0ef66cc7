// Serves the worker on this machine, with Google behind it or, without credentials, the stub.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { root } from '../build/cmake.ts';
import { startGoogleStub } from '../googlestub/googlestub.ts';
import { greeting } from './greeting.ts';
import { isTaken, startServer } from './server.ts';
import { needsAdminKey, needsClientKey, needsGoogleStub } from './vars.ts';

const port = portOf(process.env.PORT || '8787');
const localKey = 'rondo-dev';
// Known to everybody, so it stands before simulated credentials alone.
const simulatedAdminKey = 'rondo-admin';

function portOf(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  console.error(`dev: PORT is "${text}", which is no port. Choose one: PORT=8788 npm run dev`);
  process.exit(1);
}

async function ownVars(): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(join(root, '.dev.vars'), 'utf8'));
  } catch {
    return {};
  }
}

async function simulatedVars(own: NodeJS.Dict<string>): Promise<Record<string, string>> {
  const stub = await startGoogleStub({ pace: 30 });
  stub.addServiceAccounts(3);
  console.log(
    `dev: no credential in .dev.vars, so ANSWERS ARE SIMULATED, by a stand-in at ${stub.url}`,
  );
  return { ...stub.vars(), ...(needsAdminKey(own) && { ADMIN_API_KEY: simulatedAdminKey }) };
}

/** What opens the operator's page; nothing where nobody has set it. */
function adminKeyOf(own: NodeJS.Dict<string>, added: NodeJS.Dict<string>): string | undefined {
  return needsAdminKey(own) ? added.ADMIN_API_KEY : 'ADMIN_API_KEY of .dev.vars';
}

/** Serves until a signal comes or wrangler ends. Gives the exit code. */
async function serve(): Promise<number> {
  const own = await ownVars();
  const added = needsGoogleStub(own) ? await simulatedVars(own) : {};
  const key = needsClientKey(own) ? { CLIENT_API_KEYS: localKey } : {};
  const server = startServer(port, { ...added, ...key });
  let isStopped = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      isStopped = true;
      server.stop();
    });
  }
  void server.ready.then(() =>
    console.log(
      greeting(`http://localhost:${port}`, {
        client: needsClientKey(own) ? localKey : 'YOUR-CLIENT-KEY',
        admin: adminKeyOf(own, added),
      }),
    ),
  );
  const code = await server.ended;
  return isStopped ? 0 : code;
}

if (await isTaken(port)) {
  console.error(`dev: another server has port ${port}. Choose one: PORT=${port + 1} npm run dev`);
  process.exit(1);
}
process.exit(await serve());
