import { expect, it } from 'vitest';
import {
  type Credential,
  readCredential,
  textOf,
  variableBytes,
} from '../../scripts/rondo/credential.ts';
import { withChanges } from '../../scripts/rondo/devvars.ts';
import { credentialsIn, place } from '../../scripts/rondo/variables.ts';

const user = (name: string, bytes = 0): Credential => {
  const text = JSON.stringify({
    refresh_token: name + 'x'.repeat(bytes),
    alias: name,
    project_id: 'p',
  });
  const read = readCredential(text);
  if ('fault' in read) throw new Error(read.fault);
  return read.credential;
};
const many = (count: number, bytes = 0) =>
  Array.from({ length: count }, (_, index) => user(`c${index}`, bytes));

it('gives each a free number', () => {
  const { changes } = place(many(2), ['GCP_SERVICE_ACCOUNT_1'], 10);
  expect(Object.keys(changes)).toEqual(['GCP_SERVICE_ACCOUNT_2', 'GCP_SERVICE_ACCOUNT_3']);
});

it('packs what has no number into the array', () => {
  const { changes, left } = place(many(5), [], 3);
  expect(Object.keys(changes)).toEqual([
    'GCP_SERVICE_ACCOUNT_1',
    'GCP_SERVICE_ACCOUNT_2',
    'GCP_SERVICE_ACCOUNTS',
  ]);
  expect(left).toEqual([]);
  expect(credentialsIn(changes as Record<string, string>).held).toHaveLength(5);
});

it('packs no more than a variable holds', () => {
  const { changes, left } = place(many(10, 1000), [], 2);
  expect(Buffer.byteLength(changes.GCP_SERVICE_ACCOUNTS ?? '')).toBeLessThanOrEqual(variableBytes);
  expect(left).toHaveLength(5);
});

it('fills a variable to its last byte', () => {
  const bare = textOf(user('a')).length + textOf(user('b')).length + 3;
  const exact = [user('a'), user('b', variableBytes - bare)];
  expect(place([...exact, user('big', 5050)], [], 2).left).toHaveLength(0);
  const over = [user('a'), user('b', variableBytes - bare + 1)];
  expect(place([...over, user('big', 5050)], [], 2).left).toHaveLength(1);
});

it('leaves an array alone that is there', () => {
  const { changes, left } = place(many(2), ['GCP_SERVICE_ACCOUNTS'], 1);
  expect(Object.keys(changes)).toEqual(['GCP_SERVICE_ACCOUNT_1']);
  expect(left).toHaveLength(1);
});

it('replaces a value that spans lines, and nothing beside it', () => {
  const before = 'A=1\nKEY=\'{\n "b": 2\n}\'\nB=2\n';
  expect(withChanges(before, { KEY: 'new' })).toBe('A=1\nB=2\nKEY=new\n');
});

it('takes a variable away', () => {
  expect(withChanges('A=1\nB=2', { B: null })).toBe('A=1\n');
});
