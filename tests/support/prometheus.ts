// A strict reader of Prometheus' text format, version 0.0.4, as its specification has it: each family's
// HELP and TYPE stand once and before its samples, which stand together; names, escapes and numbers are
// well formed; no sample comes twice; the buckets of a histogram add up to its count.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: Sample[];
}

const types = ['counter', 'gauge', 'histogram'] as const;
const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const pair = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(,(?=.)|$)/.exec(rest);
    if (!pair) throw new Error(`labels that are none: ${rest}`);
    const [whole, name = '', value = ''] = pair;
    if (name in labels) throw new Error(`the label ${name} comes twice`);
    labels[name] = value.replace(/\\[\\"n]/g, (found) => escapes[found] ?? '');
    rest = rest.slice(whole.length);
  }
  return labels;
}

function sampleOf(line: string): Sample {
  const found = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.+)\})? (\d+(?:\.\d+)?|\+Inf)$/.exec(line);
  if (!found) throw new Error(`a line that is none: ${line}`);
  const [, name = '', labels = '', value = ''] = found;
  return { name, labels: labelsOf(labels), value: value === '+Inf' ? Infinity : Number(value) };
}

/** The family's name for a sample's. */
const belongsTo = ({ name, type }: Family, sample: Sample): boolean =>
  type === 'histogram'
    ? ['_bucket', '_sum', '_count'].some((suffix) => sample.name === name + suffix)
    : sample.name === name;

export function parseMetrics(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let helped = { name: '', help: '' };
  let current: Family | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (comment?.[1] === 'HELP') {
      const [, , name = '', help = ''] = comment;
      helped = { name, help };
    } else if (comment) {
      const [, , name = '', word] = comment;
      const type = types.find((each) => each === word);
      if (!type || name !== helped.name) throw new Error(`a type out of place: ${line}`);
      if (families.has(name)) throw new Error(`the family ${name} comes twice`);
      current = { name, type, help: helped.help, samples: [] };
      families.set(name, current);
    } else {
      const sample = sampleOf(line);
      if (!current || !belongsTo(current, sample))
        throw new Error(`a sample out of place: ${line}`);
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
      if (seen.has(key)) throw new Error(`a sample that comes twice: ${line}`);
      seen.add(key);
      current.samples.push(sample);
    }
  }
  for (const family of families.values()) check(family);
  return families;
}

function check(family: Family): void {
  const { name, type, samples } = family;
  if (type === 'counter' && !name.endsWith('_total')) throw new Error(`a counter named ${name}`);
  if (type !== 'histogram') return;
  const series = Map.groupBy(samples, ({ labels: { le: _, ...others } }) => JSON.stringify(others));
  for (const [key, all] of series) {
    const buckets = all.filter((sample) => sample.name === `${name}_bucket`);
    const ends = buckets.map(({ labels }) => (labels.le === '+Inf' ? Infinity : Number(labels.le)));
    const counts = buckets.map(({ value }) => value);
    const rises = (list: number[]) =>
      list.every((each, at) => at === 0 || each >= (list[at - 1] ?? 0));
    const count = all.find((sample) => sample.name === `${name}_count`)?.value;
    const hasSum = all.some((sample) => sample.name === `${name}_sum`);
    if (!rises(ends) || !rises(counts) || ends.at(-1) !== Infinity || !hasSum) {
      throw new Error(`the histogram ${name} of ${key} is none`);
    }
    if (counts.at(-1) !== count) throw new Error(`the histogram ${name} of ${key} doesn't add up`);
  }
}

/** The value of the one sample with these labels, among others. */
export function metricOf(
  families: Map<string, Family>,
  family: string,
  labels: Readonly<Record<string, string>>,
  name = family,
): number | undefined {
  const found = families
    .get(family)
    ?.samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  return found?.length === 1 ? found[0]?.value : undefined;
}
