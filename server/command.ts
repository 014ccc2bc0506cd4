/** The command line's entry: its grammar is cli/program.ts; here it is joined with the debug adapter. */
import { connect } from 'node:net';
import path from 'node:path';
import { createProgram } from './cli/program';
import { DapListener } from './dap/listener';
import { createLauncher } from './launching';
import { createEngine } from './session/engine';

const program = createProgram();

program
  .command('dap')
  .description('The debug adapter on standard input and output, for any editor that speaks DAP (docs/editors.md).')
  .action(serveDap);

program.parseAsync(process.argv).catch((error: Error) => {
  process.stderr.write(`forkscope: ${error.message}\n`);
  process.exitCode = 2;
});

/** One debug session over this process's input and output; ends with either of them. */
async function serveDap(): Promise<void> {
  const [, script = ''] = process.argv;
  const engine = createEngine();
  const launcher = createLauncher({ server: path.join(path.dirname(script), 'server.js'), cli: script });
  const listener = new DapListener({ engine, launcher, sessionStarted: () => {} });
  const socket = connect(await listener.path());
  process.stdin.pipe(socket).pipe(process.stdout);
  process.stdout.on('error', () => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.once('close', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
  listener.dispose();
  await engine.dispose();
  process.exit();
}
