import { createProgram } from './program';

// Whoever reads our output may stop reading (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

createProgram()
  .parseAsync(process.argv)
  .catch((error: Error) => {
    process.stderr.write(`forkscope: ${error.message}\n`);
    process.exitCode = 2;
  });
