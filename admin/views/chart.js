// A chart with a table of the same numbers, for those who can't see it and those who want them.
import uPlot from '/admin/vendor/uPlot.esm.js';
import { h, lay } from '../lib/dom.js';
import { moment } from '../lib/format.js';
import { numberHead, table } from '../lib/parts.js';

/** @typedef {import('../types.d.ts').Series} Series */
/** @typedef {import('../types.d.ts').Lines} Lines */
/** @typedef {object} Plan
 * @property {string} title
 * @property {readonly (readonly [name: string, label: string, colour: string])[]} lines
 * @property {(value: number | null) => string} tell
 * @property {boolean} sum Whether the numbers of steps can be added.
 */

const height = 190;

export class Chart extends HTMLElement {
  #plan;
  /** @type {uPlot | undefined} */
  #plot;
  /** @type {uPlot.AlignedData} */
  #data = [[]];
  #canvas = h('div', { class: 'canvas', role: 'img', 'data-own': true });
  #table = h('div', {});
  #resizing = new ResizeObserver(() => this.#fit());

  /** @param {Plan} plan */
  constructor(plan) {
    super();
    this.#plan = plan;
  }

  connectedCallback() {
    if (this.childElementCount === 0) {
      this.append(
        h('h2', {}, this.#plan.title),
        legendOf(this.#plan),
        this.#canvas,
        h(
          'details',
          {},
          h('summary', {}, 'As a table', h('span', { class: 'unseen' }, `: ${this.#plan.title}`)),
          this.#table,
        ),
      );
    }
    this.#resizing.observe(this);
  }

  disconnectedCallback() {
    this.#resizing.disconnect();
  }

  /**
   * @param {Series} series
   * @param {Lines} lines
   */
  show(series, lines) {
    const shown = this.#plan.lines.map(([name]) => lines[name] ?? series.at.map(() => null));
    this.#data = [series.at.map((at) => Date.parse(at) / 1000), ...shown];
    this.#canvas.setAttribute('aria-label', `${this.#plan.title}: ${this.#summary(shown)}`);
    if (this.#plot) this.#plot.setData(this.#data);
    else this.redraw();
    const rows = series.at.flatMap((at, step) => {
      const values = shown.map((line) => line[step] ?? null);
      if (values.every((value) => value === null || value === 0)) return [];
      return [
        h(
          'tr',
          { 'data-key': at },
          h('th', { scope: 'row' }, moment(at)),
          ...values.map((value) => h('td', { class: 'num' }, this.#plan.tell(value))),
        ),
      ];
    });
    const heads = ['Time', ...this.#plan.lines.map(([, label]) => numberHead(label))];
    lay(
      this.#table,
      rows.length > 0
        ? table(this.#plan.title, heads, rows)
        : h('p', { class: 'sub' }, 'Nothing in this span.'),
    );
  }

  /** @param {(number | null)[][]} shown */
  #summary(shown) {
    return this.#plan.lines
      .map(([, label], index) => {
        const known = (shown[index] ?? []).filter((value) => value !== null);
        const value = this.#plan.sum ? known.reduce((a, b) => a + b, 0) : Math.max(...known);
        const told = known.length > 0 ? this.#plan.tell(value) : 'nothing';
        return this.#plan.sum ? `${label} ${told}` : `${label} at most ${told}`;
      })
      .join(', ');
  }

  /** Draws anew, in the colours of now. */
  redraw() {
    this.#plot?.destroy();
    this.#canvas.replaceChildren();
    const width = this.#canvas.clientWidth || 300;
    this.#plot = new uPlot(optionsOf(this.#plan, width), this.#data, this.#canvas);
  }

  #fit() {
    const width = this.#canvas.clientWidth;
    if (width > 0 && this.#plot && this.#plot.width !== width)
      this.#plot.setSize({ width, height });
  }
}

/** @param {Plan} plan */
const legendOf = (plan) =>
  h(
    'ul',
    { class: 'legend', 'aria-hidden': 'true' },
    ...plan.lines.map(([, label, colour]) => h('li', { class: `line-${colour}` }, label)),
  );

/**
 * A colour of the theme as a canvas takes it: which of a pair it is, only an element in the page knows.
 * @param {string} name
 */
function colour(name) {
  const probe = h('i');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/**
 * @param {Plan} plan
 * @param {number} width
 * @returns {uPlot.Options}
 */
function optionsOf(plan, width) {
  const axis = {
    stroke: colour('faint'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1, size: 4 },
    font: '12px system-ui',
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { drag: { setScale: false } },
    padding: [10, 8, 0, 0],
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.15 : 1] } },
    axes: [
      {
        ...axis,
        size: 30,
        values: (_, at) => at.map((one) => (one === null ? '' : hourOf(one))),
        space: 64,
      },
      {
        ...axis,
        size: 62,
        values: (_, at) => at.map((one) => (isWhole(plan, one) ? plan.tell(one) : '')),
      },
    ],
    series: [
      {},
      ...plan.lines.map(([, label, name]) => ({
        label,
        stroke: colour(`line-${name}`),
        width: 2,
        points: { size: 5, fill: colour(`line-${name}`), filter: pointsOf },
        spanGaps: false,
        ...stepsOf(plan),
      })),
    ],
  };
}

/**
 * Where there is no room for all points, those that no line leads to: they would not be seen at all.
 * @param {uPlot} plot
 * @param {number} line
 * @param {boolean} hasRoom
 */
function pointsOf({ data }, line, hasRoom) {
  const values = data[line] ?? [];
  const isMeasured = (/** @type {number} */ step) => typeof values[step] === 'number';
  const isAlone = (/** @type {number} */ step) =>
    isMeasured(step) && !isMeasured(step - 1) && !isMeasured(step + 1);
  return hasRoom ? null : [...values.keys()].filter(isAlone);
}

/**
 * What was counted in a step holds for all of it.
 * @param {Plan} plan
 */
function stepsOf(plan) {
  const paths = plan.sum ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return paths ? { paths } : {};
}

/** There is no half of a request.
 * @param {Plan} plan
 * @param {number} value
 */
const isWhole = (plan, value) => !plan.sum || Number.isInteger(value);

/** @param {number} seconds */
const hourOf = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  });

customElements.define('rondo-chart', Chart);
