/** The command line's entry: its grammar is cli/program.ts; here it is joined with the debug adapter and the language server. */
import './engine/os/noInspector';

import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { checkedLog, startLog } from './cli/log';
import { createProgram } from './cli/program';
import { DapListener } from './dap/listener';
import { createEngine } from './engine/session/sessions';
import { createLauncher, LOG } from './launching';
import { nodeOptions } from './protocol/nodeOptions';
import { plainLines } from './protocol/plain';
import { complain, surviveErrors } from './survive';

const LOG_HELP = 'write what Forkscope itself does, to find the cause of a fault in it (docs/debugging.md)';
const program = createProgram();

// Where a program depends on this process, an error in here must not leave it alone; it ends when the program does.
program.hook('preAction', (_program, action) => {
  if (['run', 'supervise'].includes(action.name())) surviveErrors((text) => complain(`forkscope: ${text}`));
});

program
  .command('dap')
  .description('The debug adapter on standard input and output, for any editor that speaks DAP (docs/editors.md).')
  .option('--log <file>', LOG_HELP)
  .action(serveDap);

program
  .command('lsp')
  .description('The language server on standard input and output, for any editor that speaks LSP (docs/editors.md).')
  .option('--stdio', 'what it does anyway; many clients ask for it')
  .option('--log <file>', LOG_HELP)
  .action(serveLsp);

program.parseAsync(process.argv).catch((error: Error) => {
  process.stderr.write(plainLines([`forkscope: ${error.message}`]));
  process.exitCode = 2;
});

/** The server that the extension starts too, over this process's input and output; ends when that one does. */
async function serveLsp(options: { log?: string }): Promise<void> {
  const log = options.log === undefined ? [] : [`--${LOG}`, path.resolve(checkedLog(options.log))];
  const [, script = ''] = process.argv;
  const server = spawn(
    process.execPath,
    [...nodeOptions(), path.join(path.dirname(script), 'server.js'), '--stdio', ...log],
    {
      stdio: 'inherit',
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => server.kill(signal));
  process.exitCode = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => resolve(code ?? 1));
  });
}

/** One debug session over this process's input and output; ends with either of them. */
async function serveDap(options: { log?: string }): Promise<void> {
  if (options.log !== undefined) startLog('dap', checkedLog(options.log));
  const [, script = ''] = process.argv;
  const engine = createEngine();
  const launcher = createLauncher({ server: path.join(path.dirname(script), 'server.js'), cli: script });
  const listener = new DapListener({
    engine,
    launcher,
    sessionStarted: () => {},
    complain: (text) => {
      complain(`forkscope: ${text}`);
      process.exitCode = 1;
    },
  });
  const socket = connect(await listener.path());
  surviveErrors((text) => {
    complain(`forkscope: ${text}`);
    listener.say(text);
  });
  process.stdin.pipe(socket).pipe(process.stdout);
  for (const stream of [process.stdin, process.stdout, socket]) stream.on('error', () => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.once('close', resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
  listener.dispose();
  await engine.dispose();
  process.exit();
}
