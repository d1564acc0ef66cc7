// @ts-check
// Starts the operator's command where Node takes types, and says what is missing where it doesn't.
if (process.features.typescript) {
  await import('./rondo.ts');
} else {
  console.error(
    `rondo: needs Node 22.18 or newer, and this is ${process.versions.node}. ` +
      'Install one from https://nodejs.org/, or run `npm ci --include=dev`, which brings one along.',
  );
  process.exitCode = 1;
}

export {};
