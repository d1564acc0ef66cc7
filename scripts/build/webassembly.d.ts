// Compiling at run time is what a Worker may not do, so the Workers types leave it out. The scripts
// and tests run in Node.
declare namespace WebAssembly {
  function compile(bytes: BufferSource): Promise<Module>;
}
