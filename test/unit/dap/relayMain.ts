/** The relay as a program: `relayMain END_FILE COMMAND…`. */
import { writeFile } from 'node:fs/promises';
import { runRelay } from '../../../server/dap/relay';

const [endFile = '', ...command] = process.argv.slice(2);
runRelay(command, (end) => writeFile(endFile, JSON.stringify(end)));
