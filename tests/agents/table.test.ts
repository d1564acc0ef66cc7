import { expect, test } from 'vitest';
import { type Row, tableOf } from '../../scripts/agents/table.ts';

const row = (agent: string, ...faults: string[]): Row => ({
  agent,
  version: '1.0.0',
  dialect: 'responses',
  verdict: { faults, signatures: { real: 3, dummy: 1 } },
});

test('the table has a line for each agent, which tells whether it passed or why not', () => {
  const rows = [row('codex'), row('pi', 'ended with 1', 'did not write report.txt')];
  expect(tableOf(rows)).toBe(
    [
      'agent  version  dialect    signatures  result',
      'codex  1.0.0    responses  3 of 4      passed',
      'pi     1.0.0    responses  3 of 4      ended with 1; did not write report.txt',
    ].join('\n'),
  );
});
