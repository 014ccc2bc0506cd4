/**
 * The relay as a program: `relayMain END_FILE COMMAND…`. Its session is shown until the file END_FILE.closed exists.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { runRelay } from '../../../server/dap/relay';

const [endFile = '', ...command] = process.argv.slice(2);
runRelay(command, {
  recordEnd: (end) => writeFile(endFile, JSON.stringify(end)),
  watched: () => !existsSync(`${endFile}.closed`),
  patienceMs: 200,
  graceMs: 300,
});
