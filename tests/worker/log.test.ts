// What a log line may hold.
import { afterEach, expect, test, vi } from 'vitest';
import { Log, passLine } from '../../worker/core/log.ts';

afterEach(() => vi.restoreAllMocks());

// What moves a terminal's cursor, and what turns a line round.
const said = 'a\u009b2Jb\u202ec\u2066d\u007fe\u2028fäö漢';

test.for([
  ['of the module', () => passLine(1, JSON.stringify({ event: 'x', message: said }))],
  ['of the worker', () => new Log('info').error('x', { message: said })],
] as const)('a line %s says the same, without what a terminal obeys', ([, write]) => {
  const written = ['info', 'error'].map((level) =>
    vi.spyOn(console, level as 'info').mockReturnValue(undefined),
  );
  write();
  const [line] = written.flatMap(({ mock }) => mock.calls).map(([first]) => String(first));
  expect(line).not.toMatch(/[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
  expect(line).toContain('äö漢');
  expect(JSON.parse(line ?? '')).toMatchObject({ event: 'x', message: said });
});
