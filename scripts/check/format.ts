// Formats everything that can be formatted, and repairs what the linter can repair safely.
import { clangFormat, tool } from './steps.ts';

const outcomes = [await tool('biome', ['check', '--write']), await clangFormat('-i')];
for (const { output } of outcomes) process.stdout.write(output);
process.exitCode = outcomes.some(({ code }) => code !== 0) ? 1 : 0;
