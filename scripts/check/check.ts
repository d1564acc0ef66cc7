// Runs every check, the later ones too when an earlier one fails, and names those that failed.
import { steps } from './steps.ts';

const failed: string[] = [];
for (const { name, work } of steps) {
  const { code, output } = await work();
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name}`);
  if (output.trim() !== '') console.log(indent(output));
  if (code !== 0) failed.push(name);
}

if (failed.length > 0) {
  console.error(`\ncheck: failed: ${failed.join(', ')}`);
  console.error('check: `npm run format` repairs formatting and import order');
  process.exitCode = 1;
}

function indent(text: string): string {
  return text.trimEnd().replace(/^/gm, '        ');
}
