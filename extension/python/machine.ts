/** The machine that the extension runs on, as the search for Pythons sees it. */
import { execFile } from 'node:child_process';
import { access, constants, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import type { Machine } from './discovery';

/** ms; a launcher that takes longer is taken for broken. */
const PATIENCE = 5000;

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  async kind(path) {
    try {
      if ((await stat(path)).isDirectory()) {
        return 'folder';
      }
      await access(path, constants.X_OK);
      return 'file';
    } catch {
      return 'nothing';
    }
  },
  async list(folder) {
    try {
      return await readdir(folder);
    } catch {
      return [];
    }
  },
  output(program, args) {
    return new Promise((resolve) => {
      execFile(program, [...args], { timeout: PATIENCE, windowsHide: true }, (error, stdout) =>
        resolve(error === null ? stdout.trim() : undefined),
      );
    });
  },
};
