// What the papers point at is there: links with their headings, scripts of npm, files and folders.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { papers, readPaper } from './support/papers.ts';

const root = join(import.meta.dirname, '..');
const isThere = (path: string): boolean => existsSync(join(root, path));

const found = (text: string, form: RegExp): string[] => [
  ...new Set([...text.matchAll(form)].map(([, part]) => String(part))),
];
const of = (find: (paper: string) => string[]) =>
  papers.flatMap((paper) => find(paper).map((part) => [paper, part] as const));
const withoutBlocks = (text: string): string => text.replace(/^```.*?^```$/gms, '');

/** As a heading is addressed where papers are shown. */
const anchorsOf = (paper: string): string[] =>
  found(withoutBlocks(readPaper(paper)), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const links = of((paper) =>
  found(withoutBlocks(readPaper(paper)), /\]\(([^)\s]+)\)/g).filter(
    (link) => !/^https?:/.test(link),
  ),
);

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const runs = of((paper) => found(readPaper(paper), /npm run (?:-- )?([a-z][\w:-]*)/g));

/** Folders from which papers name what lies in them, as the reader of that part would. */
const starts = ['', 'cpp/', 'worker/', 'worker/middleware/', 'admin/', 'docs/'];
const endings = ['', '.h', '.cpp', '.ts', '.js', '.test.ts'];
/** Made by builds, so it may not be there. */
const made = /^(build|node_modules)\//;
const tops = new Set(
  starts.flatMap((start) =>
    readdirSync(join(root, start), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name),
  ),
);
const paths = of((paper) =>
  found(withoutBlocks(readPaper(paper)), /`([\w.-]+\/[\w./-]*)`/g).filter(
    (path) => tops.has(path.split('/')[0] ?? '') && !made.test(path),
  ),
);
const isPath = (path: string): boolean =>
  starts.some((start) => endings.some((ending) => isThere(start + path + ending)));

test('the papers have links, commands and paths', () => {
  expect(papers.length).toBeGreaterThan(15);
  expect(links.length).toBeGreaterThan(20);
  expect(runs.length).toBeGreaterThan(20);
  expect(paths.length).toBeGreaterThan(60);
});

describe('what a paper points at is there:', () => {
  test.for(links)('%s links to %s', ([paper, link]) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? paper : relative(root, join(root, dirname(paper), file));
    expect(isThere(target)).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(target)).toContain(anchor);
  });

  test.for(runs)('%s says npm run %s', ([, script]) => {
    expect(Object.keys(scripts)).toContain(script);
  });

  test.for(paths)('%s names %s', ([, path]) => {
    expect(isPath(path)).toBe(true);
  });
});
