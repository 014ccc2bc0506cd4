/** The server's entry: composes engine, language server and debug adapter; or is the relay of one program. */
import './engine/os/noInspector';

import { realpathSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from './compose';
import { loadParser } from './core/source/grammar';
import { runRelay, sayOfRelay } from './dap/relay';
import { readGrammar } from './engine/files/grammar';
import { log } from './engine/log/log';
import { claimSession, isClaimed } from './engine/session/claim';
import { writeSessionEnd } from './engine/session/folder';
import { createEngine } from './engine/session/sessions';
import { sweep } from './engine/session/sweep';
import { createLauncher, LOG, ownsFolder, prepareSession, RELAY } from './launching';
import { openConnection } from './lsp/connection';
import { complain, surviveErrors } from './survive';

const [, script = '', first, folder = '', ...command] = process.argv;
if (first === RELAY) {
  surviveErrors(sayOfRelay);
  runRelay(command, {
    recordEnd: async (end) => writeSessionEnd(folder, end),
    watched: () => isClaimed(folder),
  });
} else {
  log.role = 'language server';
  const { values } = parseArgs({ strict: false, options: { [LOG]: { type: 'string' } } });
  // What is wrong with it was said by who passed it on.
  if (typeof values[LOG] === 'string') log.start({}, 'verbose', values[LOG]);
  // Not at once: the editor waits for the first answer.
  setTimeout(sweep, 10_000).unref();
  const { say } = serve({
    // How to talk is in the arguments: --node-ipc or --stdio.
    connection: openConnection(),
    engine: createEngine(),
    launcher: createLauncher({ server: script, cli: path.join(path.dirname(script), 'cli.js') }),
    ownsFolder,
    prepare: prepareSession,
    watch: (path) => claimSession(path, process.ppid),
    // The grammar lies beside the bundle that runs.
    loadParser: async () => loadParser(readGrammar(path.dirname(realpathSync(script)))),
  });
  surviveErrors((text) => {
    complain(text);
    say(text);
  });
}
