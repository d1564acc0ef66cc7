// Addresses that users have us fetch: what the module lets pass, the runtime reads the same way.
import { describe, expect, test } from 'vitest';
import { isJudged } from '../../worker/core/judged.ts';
import { model } from '../support/conversation.ts';
import { startMachine } from '../support/machine.ts';

const apiKey = 'AIzaSyTestKeyOfNobody00000000000000000';

/** What the module has fetched of an image's address; nothing when it refuses. */
async function fetchedFor(url: string) {
  const machine = await startMachine({ vars: { GCP_SERVICE_ACCOUNT_1: apiKey } });
  const content = [{ type: 'image_url', image_url: { url } }];
  machine.chat(1, { model, messages: [{ role: 'user', content }] });
  const asked = machine.asked.find(({ name, frame }) => {
    return name === 'fetch' && frame.head.method === 'GET';
  });
  return asked?.frame.head as { url: string; host: string } | undefined;
}

const passed = [
  ['http://example.com/a.png', 'example.com'],
  ['http://example.com:80/a.png', 'example.com'],
  ['http://example.com:443/a.png', 'example.com'],
  ['http://example.com:/a.png', 'example.com'],
  ['HTTP://EXAMPLE.com/a.png', 'example.com'],
  ['http://8.8.8.8/a.png', '8.8.8.8'],
  ['http://xn--bcher-kva.example/a.png', 'xn--bcher-kva.example'],
  ['http://a_b.example.com/a.png', 'a_b.example.com'],
  ['http://example.com?@127.0.0.1/', 'example.com'],
  ['http://example.com#@127.0.0.1/', 'example.com'],
  ['http://example.com/..//127.0.0.1', 'example.com'],
] as const;

describe('an address that the module lets pass', () => {
  test.for(passed)('names for the runtime the same host: %s', async ([url, host]) => {
    const fetched = await fetchedFor(url);
    expect(fetched).toMatchObject({ url, host });
    expect(isJudged(url, host)).toBe(true);
  });
});

const refused = [
  // Numbers in other spellings.
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0X7F.0.0.1/',
  'http://0177.0.0.1/',
  'http://017700000001/',
  'http://127.1/',
  'http://127.0.1/',
  'http://0/',
  'http://0x/',
  'http://8.8.8.8.8/',
  'http://example.0x7f/',
  'http://example.1/',
  // IPv6, with a zone or an IPv4 address inside.
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[::ffff:7f00:1]/',
  'http://[fe80::1%25eth0]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2606:4700:4700::1111]/',
  // Dots at the end, and none between.
  'http://127.0.0.1./',
  'http://localhost./',
  'http://example.com./',
  'http://example.com../',
  'http://example..com/',
  'http://example.com。/',
  'http://localhost/',
  // Somebody's name and password.
  'http://example.com@127.0.0.1/',
  'http://user:pass@example.com/',
  'http://@example.com/',
  'http://example.com%40127.0.0.1/',
  // Slashes that lean the other way, or are missing.
  'http://example.com\\@127.0.0.1/',
  'http:\\\\127.0.0.1/',
  'http://127.0.0.1\\.example.com/',
  'http:/127.0.0.1/',
  'http:127.0.0.1/',
  'http:///127.0.0.1/',
  // What some leave out.
  'http://127.0.0.1\t.example.com/',
  'http://exa\nmple.com/',
  'ht\ttp://127.0.0.1/',
  ' http://127.0.0.1/',
  'http://example.com\u0000.127.0.0.1/',
  'http://exam\u00adple.com/',
  // What some take for other characters.
  'http://１２７.０.０.１/',
  'http://127。0。0。1/',
  'http://①②⑦.0.0.1/',
  'http://ⓔxample.com/',
  'http://bücher.example/',
  'http://faß.example/',
  'http://xn--.example。com/',
  'http://%31%32%37.0.0.1/',
  'http://example.com%2f@127.0.0.1/',
  'http://loc%61lhost/',
  // Ports and schemes.
  'http://example.com:22/',
  'http://example.com:0x50/',
  'http://example.com:443:80/',
  'http://example.com:99999999999/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'http://169.254.169.254/latest/meta-data/',
  'http://metadata.google.internal/',
] as const;

describe('an address that the module does not let pass', () => {
  test.for(refused)('is not fetched: %j', async (url) => {
    expect(await fetchedFor(url)).toBeUndefined();
  });
});

describe('an address that the module had misjudged', () => {
  test.for([
    ['http://2130706433.example.com@127.0.0.1/', '2130706433.example.com'],
    ['http://example.com\\@127.0.0.1/', '127.0.0.1'],
    ['http://127.1/', '127.1'],
    ['http://0x7f.1/', '0x7f.1'],
    ['http://１２７.０.０.１/', '１２７.０.０.１'],
    ['http://bücher.example/', 'bücher.example'],
    ['http://exa\tmple.com/', 'exa\tmple.com'],
    ['http://exam\u00adple.com/', 'exam\u00adple.com'],
    ['http://user@example.com/', 'example.com'],
    ['http://:pass@example.com/', 'example.com'],
    ['http://example.com:22/', 'example.com'],
    ['ftp://example.com/', 'example.com'],
    ['example.com', 'example.com'],
    ['', ''],
  ] as const)('is not called by the worker: %j', ([url, host]) => {
    expect(isJudged(url, host)).toBe(false);
  });
});
