import { describe, expect, test } from 'vitest';
import { type Fact, Facts } from '../../worker/pool/facts.ts';

const now = 1_000_000;
const fact = (key: string, rank = 1, expires = now + 1000, value = `${key}${rank}`): Fact => [
  key,
  rank,
  expires,
  value,
];

const knowing = (...known: Fact[]): Facts => new Facts(known);

describe('of two facts with one key', () => {
  test('the one of the higher rank holds', () => {
    const facts = knowing(fact('a', 1));
    expect(facts.merge([fact('a', 2)], now)).toEqual({ kept: [fact('a', 2)], dropped: [] });
    expect(facts.list(now)).toEqual([fact('a', 2)]);
  });

  test('the one of the lower rank is not taken in', () => {
    const facts = knowing(fact('a', 2));
    expect(facts.merge([fact('a', 1)], now)).toEqual({ kept: [], dropped: [] });
    expect(facts.list(now)).toEqual([fact('a', 2)]);
  });

  test('of the same rank the one that was there holds', () => {
    const facts = knowing(fact('a', 2));
    expect(facts.merge([fact('a', 2, now + 9000, 'news')], now)).toEqual({ kept: [], dropped: [] });
    expect(facts.list(now)).toEqual([fact('a', 2)]);
  });

  test('that are told at once the same holds', () => {
    const facts = knowing();
    const news = [fact('a', 2), fact('a', 3), fact('a', 1)];
    expect(facts.merge(news, now).kept).toEqual([fact('a', 3)]);
  });
});

describe('a fact that lies at the end of the world', () => {
  const furthest = now + 40 * 24 * 60 * 60 * 1000;
  const endless = [fact('a', 1, furthest + 1), fact('a', furthest, Number.MAX_SAFE_INTEGER)];

  test.each(endless)('is neither told nor taken in when it never expires: %#', (...far) => {
    expect(knowing(far as Fact).list(now)).toEqual([]);
    expect(knowing().merge([far], now)).toEqual({ kept: [], dropped: [] });
  });

  test.each([...endless, fact('a', furthest + 1), fact('a', Number.MAX_SAFE_INTEGER)])(
    'gives way to what is true: %#',
    (...far) => {
      const facts = knowing(far as Fact);
      expect(facts.merge([fact('a', 1)], now)).toEqual({ kept: [fact('a', 1)], dropped: [] });
      expect(facts.list(now)).toEqual([fact('a', 1)]);
    },
  );

  test('gives way to none of a lower rank that lies there too', () => {
    const facts = knowing(fact('a', furthest + 2));
    expect(facts.merge([fact('a', furthest + 1)], now)).toEqual({ kept: [], dropped: [] });
  });

  test('is none at forty days', () => {
    const last = fact('a', furthest, furthest);
    expect(knowing(last).merge([fact('a', furthest - 1)], now).kept).toEqual([]);
    expect(knowing(last).list(now)).toEqual([last]);
  });
});

describe('a fact that has expired', () => {
  test('is not told any more', () => {
    const facts = knowing(fact('a', 1, now), fact('b', 1, now + 1));
    expect(facts.list(now)).toEqual([fact('b', 1, now + 1)]);
  });

  test('is not taken in', () => {
    expect(knowing().merge([fact('a', 1, now)], now)).toEqual({ kept: [], dropped: [] });
  });

  test('is dropped with the next news, once', () => {
    const facts = knowing(fact('a', 1, now));
    expect(facts.merge([], now)).toEqual({ kept: [], dropped: ['a'] });
    expect(facts.merge([], now)).toEqual({ kept: [], dropped: [] });
  });

  test('gives way to one of a lower rank', () => {
    const facts = knowing(fact('a', 5, now));
    expect(facts.merge([fact('a', 1)], now)).toEqual({ kept: [fact('a', 1)], dropped: [] });
  });
});

const malformed: [string, unknown][] = [
  ['no list', 'a'],
  ['too short', ['a', 1, now + 1000]],
  ['too long', [...fact('a'), 0]],
  ['of another kind of key', [1, 1, now + 1000, 'a']],
  ['of a rank that is no whole number', ['a', 1.5, now + 1000, 'a']],
  ['of a rank that is a text', ['a', '1', now + 1000, 'a']],
  ['without an expiry', ['a', 1, null, 'a']],
  ['that never expires', ['a', 1, Number.POSITIVE_INFINITY, 'a']],
  ['of another kind of value', ['a', 1, now + 1000, {}]],
  ['of an endless key', fact('a'.repeat(5000))],
  ['of an endless value', fact('a', 1, now + 1000, 'v'.repeat(5000))],
];

test.for(malformed)('a fact %s is left out, and the others are taken in', ([, broken]) => {
  const facts = knowing();
  expect(facts.merge([fact('b'), broken, fact('c')], now).kept).toEqual([fact('b'), fact('c')]);
});

test.for([undefined, null, 'a', 1, {}])('news that is %j is none', (news) => {
  expect(knowing(fact('a')).merge(news, now)).toEqual({ kept: [], dropped: [] });
});

describe('when there are too many facts', () => {
  const full = () => new Facts([fact('late', 1, now + 900), fact('soon', 1, now + 100)], 2);

  test('those that expire first are dropped', () => {
    const facts = full();
    const news = fact('news', 1, now + 500);
    expect(facts.merge([news], now)).toEqual({ kept: [news], dropped: ['soon'] });
    expect(facts.list(now).map(([key]) => key)).toEqual(['late', 'news']);
  });

  test('news that expires first is not taken in', () => {
    const facts = full();
    const changes = facts.merge([fact('news', 1, now + 50)], now);
    expect(changes).toEqual({ kept: [], dropped: [] });
  });
});
