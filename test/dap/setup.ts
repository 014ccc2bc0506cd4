/** Common setup of the debug adapter tests: a built `forkscope`, a folder for programs, clients that are ended. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { buildServer } from '../shared/built';
import { Editor, type Place } from './client';

interface Setup {
  readonly folder: string;
  start(): Editor;
  /** A file with this text; its path. */
  script(text: string, name?: string): string;
}

/** To be called once per file, outside of the tests. */
export function setup(): Setup {
  let built = '';
  let folder = '';
  let scripts = 0;
  const editors: Editor[] = [];
  beforeAll(async () => {
    built = await buildServer();
    folder = mkdtempSync(join(tmpdir(), 'forkscope-dap-'));
  });
  afterEach(async () => {
    for (const editor of editors.splice(0)) await editor.end();
  });
  afterAll(() => {
    for (const each of [built, folder]) if (each !== '') rmSync(each, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    start() {
      const editor = Editor.start(join(built, 'cli.js'));
      editors.push(editor);
      return editor;
    },
    script(text, name) {
      scripts += 1;
      const file = join(folder, name ?? `program${scripts}.py`);
      writeFileSync(file, text);
      return file;
    },
  };
}

/** Resumes after every pause until the program has ended; returns [process, description, line] of each pause. */
export async function runThrough(
  editor: Editor,
  at: (place: Place) => unknown = () => {},
): Promise<[string, string, number][]> {
  const seen: [string, string, number][] = [];
  const over = editor.take('terminated').then(() => null);
  for (;;) {
    const stop = await Promise.race([editor.place(), over]);
    if (stop === null) return seen;
    seen.push([stop.name, stop.description, stop.line]);
    await at(stop);
    await editor.continueRequest({ threadId: stop.threadId });
  }
}
