// The last requests with their attempts.
import { read } from '../lib/api.js';
import { h, lay } from '../lib/dom.js';
import { count, duration, moment, plain } from '../lib/format.js';
import { badge, empty } from '../lib/parts.js';

/** @typedef {import('../types.d.ts').Pool} Pool */
/** @typedef {import('../types.d.ts').Listed} Listed */
/** @typedef {import('../types.d.ts').Attempt} Attempt */
/** @typedef {{ now: string, requests: Listed[] }} Answer */

const filters = /** @type {const} */ ([
  ['model', 'Model', 'all'],
  ['credential', 'Credential', 'all'],
  ['client', 'Client', 'all'],
  ['status', 'Status', '429, 5xx …'],
]);

export class RequestsView extends HTMLElement {
  #isSetUp = false;

  /** @param {Pool} pool */
  async load(pool) {
    this.#setUp(pool);
    /** @type {Answer} */
    const { requests } = await read(`requests?${this.#query()}`);
    const place = this.querySelector('.list');
    if (place) lay(place, ...list(requests));
  }

  #query() {
    const query = new URLSearchParams({ limit: '200' });
    for (const input of this.querySelectorAll('input')) {
      if (input.value.trim() !== '') query.set(input.name, input.value.trim());
    }
    return query;
  }

  /** @param {Pool} pool */
  #setUp(pool) {
    if (!this.#isSetUp) {
      this.#isSetUp = true;
      this.append(
        h('h1', {}, 'Requests'),
        h(
          'p',
          { class: 'lead' },
          'The last 200 of this isolate, newest first. Open one to see its attempts.',
        ),
        h('form', { class: 'bar', role: 'search' }, ...filters.flatMap(field)),
        h('div', { class: 'list' }),
      );
      const ask = () => this.dispatchEvent(new CustomEvent('rondo-poll', { bubbles: true }));
      this.addEventListener('change', ask);
      this.addEventListener('submit', (event) => {
        event.preventDefault();
        ask();
      });
    }
    options(this, 'model', pool.models);
    options(
      this,
      'credential',
      pool.credentials.map(({ alias }) => alias),
    );
  }
}

/** @param {(typeof filters)[number]} filter */
const field = ([name, title, placeholder]) => [
  h(
    'div',
    { class: 'field' },
    h('label', { for: `by-${name}` }, title),
    h('input', { id: `by-${name}`, name, placeholder, list: `of-${name}`, autocomplete: 'off' }),
    h('datalist', { id: `of-${name}` }),
  ),
];

/**
 * @param {Element} view
 * @param {string} name
 * @param {string[]} values
 */
function options(view, name, values) {
  const place = view.querySelector(`#of-${name}`);
  if (place) lay(place, ...values.map((value) => h('option', { value })));
}

/**
 * @param {Listed[]} requests
 * @returns {Node[]}
 */
function list(requests) {
  if (requests.length === 0) return [empty('No request fits.')];
  return [
    h('p', { class: 'sub', role: 'status' }, `${count(requests.length)} shown`),
    h('ol', { class: 'requests' }, ...requests.map(item)),
  ];
}

/** @param {Listed} one */
const item = (one) =>
  h(
    'li',
    { 'data-key': one.id },
    h(
      'details',
      {},
      h(
        'summary',
        {},
        h('span', { class: `status ${toneOf(one)}` }, one.status),
        h('span', { class: 'at' }, moment(one.at)),
        h('span', { class: 'model' }, one.model ?? plain(one.operation)),
        h('span', { class: 'who' }, one.credential ?? '–'),
        h('span', { class: 'client' }, one.client ?? '–'),
        h(
          'span',
          { class: 'num first' },
          one.first_byte_ms === null ? '' : `first ${duration(one.first_byte_ms)}`,
        ),
        h('span', { class: 'num ms' }, duration(one.ms)),
        h(
          'span',
          { class: `num tries ${one.attempts.length > 1 ? 'many' : ''}` },
          one.attempts.length === 1 ? '1 try' : `${one.attempts.length} tries`,
        ),
      ),
      h(
        'div',
        { class: 'inside' },
        h('p', { class: 'sub' }, detailsOf(one)),
        one.attempts.length > 0 && h('ol', { class: 'attempts' }, ...one.attempts.map(attempt)),
      ),
    ),
  );

/** @param {Listed} one */
function detailsOf(one) {
  const tokens =
    one.prompt_tokens === null
      ? null
      : `${count(one.prompt_tokens)} → ${count(one.completion_tokens)} tokens`;
  return [
    plain(one.operation),
    one.id,
    tokens,
    one.error && `error ${one.error}`,
    one.left && `the client left ${plain(one.left)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** @param {Attempt} one */
const attempt = (one) =>
  h(
    'li',
    {},
    badge(one.outcome),
    h('strong', {}, one.credential ?? '–'),
    h('code', {}, one.model ?? ''),
    h('span', {}, [one.status, plain(one.reason)].filter(Boolean).join(' ')),
    h('span', { class: 'num' }, duration(one.ms)),
    one.until && h('span', { class: 'sub' }, `rests until ${moment(one.until)}`),
  );

/** @param {Listed} one */
const toneOf = ({ status, left }) =>
  status >= 500 ? 'bad' : status >= 400 ? 'warm' : left ? 'calm' : 'good';

customElements.define('rondo-requests', RequestsView);
