// What `npm run check` says of the committed module.
import { expect, test } from 'vitest';
import { verdictOn } from '../../scripts/check/prebuilt.ts';

const bytes = Buffer.from('module');
const other = Buffer.from('another');
const same = { named: ['a 1', 'b 2'], here: ['a 1', 'b 2'] };
const newer = { named: ['a 1', 'b 2'], here: ['a 1', 'b 3'] };

test('the same bytes are right, whatever made them', () => {
  expect(verdictOn({ bytes }, bytes, same)).toEqual({ code: 0, output: '' });
  expect(verdictOn({ bytes }, bytes, newer)).toEqual({ code: 0, output: '' });
});

test('other bytes of the same tools are wrong, and how to renew them is told', () => {
  const { code, output } = verdictOn({ bytes }, other, same);
  expect(code).toBe(1);
  expect(output).toContain('npm run prebuilt');
});

test('other bytes of other tools prove nothing, and that is told', () => {
  const { code, output } = verdictOn({ bytes }, other, newer);
  expect(code).toBe(0);
  expect(output).toMatch(/made with {2}a 1, b 2\n {2}here {7}a 1, b 3/);
});

test('a stale module is wrong, whatever it holds', () => {
  const { code, output } = verdictOn({ fault: 'the C++ differs' }, bytes, newer);
  expect(code).toBe(1);
  expect(output).toBe('the C++ differs: run `npm run prebuilt` and commit prebuilt/\n');
});
