/** The first lines of dist/cli.js. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The shell code before Node (server/cli/launcher.sh), each line a string and a comment to JavaScript. On Windows,
 * where npm builds its own command from the first line, Node's name.
 */
export function commandBanner(root, platform = process.platform) {
  if (platform === 'win32') return '#!/usr/bin/env node';
  const lines = readFileSync(join(root, 'server/cli/launcher.sh'), 'utf8').split('\n');
  const code = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return ['#!/bin/sh', ...code.map((line) => `':' //; ${line}`)].join('\n');
}
