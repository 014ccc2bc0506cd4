import { createProgram } from './program';

createProgram()
  .parseAsync(process.argv)
  .catch((error: Error) => {
    process.stderr.write(`forkscope: ${error.message}\n`);
    process.exitCode = 2;
  });
