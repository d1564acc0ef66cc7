// Serves the worker on this machine, with Google behind it or, without credentials, the stub.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { root } from '../build/cmake.ts';
import { startGoogleStub } from '../googlestub/googlestub.ts';
import { greeting } from './greeting.ts';
import { isTaken, startServer } from './server.ts';
import { needsClientKey, needsGoogleStub } from './vars.ts';

const port = Number(process.env.PORT ?? 8787);
const localKey = 'rondo-dev';

async function ownVars(): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(join(root, '.dev.vars'), 'utf8'));
  } catch {
    return {};
  }
}

async function simulatedVars(): Promise<Record<string, string>> {
  const stub = await startGoogleStub({ pace: 30 });
  stub.addServiceAccounts(3);
  console.log(
    `dev: no credential in .dev.vars, so ANSWERS ARE SIMULATED, by a stand-in at ${stub.url}`,
  );
  return stub.vars();
}

/** Serves until a signal comes or wrangler ends. Gives the exit code. */
async function serve(): Promise<number> {
  const own = await ownVars();
  const added = needsGoogleStub(own) ? await simulatedVars() : {};
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
      greeting(`http://localhost:${port}`, needsClientKey(own) ? localKey : 'YOUR-CLIENT-KEY'),
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
