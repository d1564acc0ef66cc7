// docs/clients.md tells what `npm run agents` tries, and no other way to set an agent up.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents, versionOf } from '../../scripts/agents/catalog.ts';
import { sectionOf } from '../../scripts/agents/document.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const document = read('docs/clients.md');

describe('docs/clients.md', () => {
  test('has a row for each agent, at the version that is tried', () => {
    const rows = [...document.matchAll(/^\| (\w+) \| (\d\S+) \| ([\w ]+) \|/gm)];
    expect(rows.map(([, ...cells]) => cells)).toEqual(
      agents.map((agent) => [agent.program, versionOf(agent), agent.dialect]),
    );
  });

  test.each(agents.map((agent) => [`${agent.program}, ${agent.dialect}`, agent] as const))(
    'tells how %s is set up',
    (_, agent) => {
      expect(document).toContain(sectionOf(agent));
    },
  );
});

test("the lock file of the agents' packages names no registry", () => {
  expect(read('scripts/agents/package-lock.json')).not.toContain('"resolved"');
});
