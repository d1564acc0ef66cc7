import { expect, test } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { addressOf, FailedLogins } from '../../worker/middleware/failedlogins.ts';

const { wrongKeys, wrongKeysMs, wrongKeyAddresses } = bounds;

function noted(logins: FailedLogins, times: number, address = 'a', now = 0) {
  let last = logins.note(address, now);
  for (let more = 1; more < times; more += 1) last = logins.note(address, now);
  return last;
}

test('a few wrong keys need not wait', () => {
  expect(noted(new FailedLogins(), wrongKeys)).toEqual({ waitMs: undefined, isNews: true });
});

test('one more waits for the end of the minute that the first began', () => {
  const logins = new FailedLogins();
  noted(logins, wrongKeys);
  expect(logins.note('a', 20_000)).toEqual({ waitMs: wrongKeysMs - 20_000, isNews: true });
});

test('the log is told once that there are too many', () => {
  expect(noted(new FailedLogins(), wrongKeys + 2).isNews).toBe(false);
});

test('after the minute it begins anew', () => {
  const logins = new FailedLogins();
  noted(logins, wrongKeys + 1);
  expect(logins.note('a', wrongKeysMs)).toEqual({ waitMs: undefined, isNews: true });
});

test('of too many addresses the oldest is forgotten', () => {
  const logins = new FailedLogins();
  noted(logins, wrongKeys);
  for (let other = 0; other < wrongKeyAddresses; other += 1) logins.note(`b${other}`, 0);
  expect(logins.note('a', 0).waitMs).toBeUndefined();
});

const from = (address: string) =>
  addressOf(new Request('http://rondo.example', { headers: { 'cf-connecting-ip': address } }));

test('an IPv4 address counts whole', () => {
  expect(from('192.0.2.7')).toBe('192.0.2.7');
});

test('of IPv6 the network counts', () => {
  expect(from('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(from('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64');
  expect(from('2001:db8::9')).toBe('2001:db8:0:0::/64');
  expect(from('2001:db8::1:2:3:4:5')).toBe('2001:db8:0:1::/64');
});
