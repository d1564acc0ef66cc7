// Stands in for Wrangler as a program: keeps a file as Cloudflare.
import { readFileSync, writeFileSync } from 'node:fs';
import { answer, type Cloud } from './cloud.ts';

const path = process.env.WRANGLER_STUB ?? '';
const cloud = JSON.parse(readFileSync(path, 'utf8')) as Cloud;
const { code, out, err } = answer(cloud, process.argv.slice(2), readFileSync(0, 'utf8'));
writeFileSync(path, JSON.stringify(cloud));
process.stdout.write(out);
process.stderr.write(err);
process.exitCode = code;
