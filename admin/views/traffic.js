// Requests, errors, latency and tokens over the last hour or day.
import { read } from '../lib/api.js';
import { h, lay } from '../lib/dom.js';
import { count, duration, moment, short } from '../lib/format.js';
import { Chart } from './chart.js';

/** @typedef {import('../types.d.ts').Pool} Pool */
/** @typedef {import('../types.d.ts').Series} Series */
/** @typedef {import('../types.d.ts').Lines} Lines */

const groups = /** @type {const} */ ([
  ['by_model', 'Model'],
  ['by_credential', 'Credential'],
  ['by_client', 'Client'],
]);

/** @type {readonly import('./chart.js').Plan[]} */
const plans = [
  {
    title: 'Requests',
    lines: [
      ['requests', 'requests', 'a'],
      ['errors', 'errors', 'bad'],
      ['attempts', 'attempts', 'b'],
    ],
    tell: short,
    sum: true,
  },
  {
    title: 'Latency',
    lines: [
      ['latency_p50_ms', 'p50', 'a'],
      ['latency_p95_ms', 'p95', 'bad'],
    ],
    tell: duration,
    sum: false,
  },
  {
    title: 'First byte',
    lines: [
      ['first_byte_p50_ms', 'p50', 'a'],
      ['first_byte_p95_ms', 'p95', 'bad'],
    ],
    tell: duration,
    sum: false,
  },
  {
    title: 'Tokens',
    lines: [
      ['prompt_tokens', 'in', 'a'],
      ['completion_tokens', 'out', 'b'],
    ],
    tell: short,
    sum: true,
  },
];

export class TrafficView extends HTMLElement {
  #isSetUp = false;
  /** @type {Chart[]} */
  #charts = [];

  async load() {
    this.#setUp();
    const span = this.querySelector('input:checked')?.getAttribute('value') ?? 'hour';
    /** @type {Series} */
    const series = await read(`series?span=${span}`);
    this.#showChoice(series);
    const lines = this.#chosen(series);
    const head = this.querySelector('.totals');
    if (head) lay(head, ...totals(lines));
    const scope = this.querySelector('.lead');
    if (scope) lay(scope, scopeOf(series));
    for (const chart of this.#charts) chart.show(series, lines);
  }

  #setUp() {
    if (this.#isSetUp) return;
    this.#isSetUp = true;
    this.#charts = plans.map((plan) => new Chart(plan));
    this.append(
      h('h1', {}, 'Traffic'),
      h('p', { class: 'lead' }),
      h(
        'form',
        { class: 'bar' },
        h(
          'fieldset',
          { class: 'switch' },
          h('legend', { class: 'unseen' }, 'Span'),
          ...['hour', 'day'].flatMap((span) => [
            h('input', {
              type: 'radio',
              name: 'span',
              id: `span-${span}`,
              value: span,
              checked: span === 'hour',
            }),
            h('label', { for: `span-${span}` }, `Last ${span}`),
          ]),
        ),
        h(
          'div',
          { class: 'field' },
          h('label', { for: 'of' }, 'Of'),
          h('select', { id: 'of' }, h('option', { value: '' }, 'everything')),
        ),
      ),
      h('dl', { class: 'totals' }),
      h('div', { class: 'charts' }, ...this.#charts),
    );
    for (const kind of ['change']) {
      this.addEventListener(kind, () =>
        this.dispatchEvent(new CustomEvent('rondo-poll', { bubbles: true })),
      );
    }
    document.addEventListener('rondo-theme', () => {
      for (const chart of this.#charts) chart.redraw();
    });
  }

  /** @param {Series} series */
  #showChoice(series) {
    const select = this.querySelector('select');
    if (!select) return;
    const { value } = select;
    const parts = groups.map(([group, title]) =>
      h(
        'optgroup',
        { label: title },
        ...Object.keys(series[group])
          .sort()
          .map((name) => h('option', { value: `${group} ${name}` }, name)),
      ),
    );
    lay(select, h('option', { value: '' }, 'everything'), ...parts);
    select.value = value;
  }

  /**
   * @param {Series} series
   * @returns {Lines}
   */
  #chosen(series) {
    const value = this.querySelector('select')?.value ?? '';
    const [group, ...name] = value.split(' ');
    const found = groups.find(([id]) => id === group);
    return (found && series[found[0]][name.join(' ')]) || series.total;
  }
}

/** @param {Series} series */
function scopeOf({ scope, scope_since: since }) {
  const whose =
    scope === 'deployment'
      ? 'All isolates together'
      : 'This isolate alone: bind the Durable Object POOL to add all up';
  return `${whose}${since ? `, since ${moment(since)}` : ''}.`;
}

/** @param {Lines} lines */
function totals(lines) {
  const sum = (/** @type {string} */ name) =>
    lines[name]?.reduce((/** @type {number} */ all, one) => all + (one ?? 0), 0);
  const worst = (/** @type {string} */ name) => {
    const known = lines[name]?.filter((one) => one !== null) ?? [];
    return known.length > 0 ? Math.max(...known) : null;
  };
  const requests = sum('requests');
  const errors = sum('errors');
  return [
    ['Requests', count(requests)],
    ['Attempts', count(sum('attempts'))],
    ['Errors', count(errors)],
    ['Worst p95', duration(worst('latency_p95_ms'))],
    ['Tokens in', short(sum('prompt_tokens'))],
    ['Tokens out', short(sum('completion_tokens'))],
  ].map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)));
}

customElements.define('rondo-traffic', TrafficView);
