/**
 * The cost of the source checks: files per second, and latency of an edit. Runs in a separate process, so that its CPU
 * time is its own.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pythonFiles, readSource } from '../../server/cli/check/files';
import { WORTH_PARSING } from '../../server/core/source/api';
import { checkText, SourceFile } from '../../server/core/source/check';
import { loadParser } from '../../server/core/source/grammar';
import { readGrammar } from '../../server/engine/files/grammar';

interface Corpus {
  readonly name: string;
  readonly folder: string;
}

export interface Checked {
  readonly files: number;
  /** The files that mention processes: the others are only read. */
  readonly parsed: number;
  readonly bytes: number;
  /** CPU time of this process and its threads, s. */
  readonly cpu: number;
  /** Per parsed file, ms: the full check, and again after a letter was typed in the middle. */
  readonly first: readonly number[];
  readonly again: readonly number[];
}

const LEFT_OUT = /^(site-packages|dist-packages|__pycache__)$/;

/**
 * The standard libraries of these interpreters; without any, files of our own.
 * @param scratch receives copies: git may ignore the folders where Pythons are installed
 */
export function corpora(pythons: readonly { path: string; version: string }[], scratch: string): Corpus[] {
  if (pythons.length === 0) return [{ name: 'files of our own', folder: synthetic(join(scratch, 'own')) }];
  return pythons.map(({ path, version }) => {
    const asked = execFileSync(path, ['-c', "import sysconfig; print(sysconfig.get_paths()['stdlib'])"], {
      encoding: 'utf8',
    });
    const folder = join(scratch, version);
    cpSync(asked.trim(), folder, { recursive: true, filter: (each) => !LEFT_OUT.test(basename(each)) });
    return { name: `standard library of ${version}`, folder };
  });
}

const FUNCTION = `
def work_N(queue):
    with multiprocessing.Pool(2) as pool:
        for each in pool.imap(abs, range(3)):
            queue.put(each)

`;

function synthetic(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file < 500; file++) {
    const functions = Array.from({ length: 1 + (file % 100) }, (_, n) => FUNCTION.replace('N', String(n)));
    // A third of them involves processes, as in a large program.
    writeFileSync(
      join(folder, `m${file}.py`),
      file % 3 === 0
        ? `import multiprocessing\n\n${functions.join('')}`
        : functions.join('').replaceAll('multiprocessing', 'm'),
    );
  }
  return folder;
}

/** @param dist the folder of the built grammar */
export async function checkCorpus(folder: string, dist: string): Promise<Checked> {
  const paths = [...pythonFiles([folder], () => {})];
  const parser = await loadParser(readGrammar(dist));
  const before = process.cpuUsage();
  const texts: { name: string; text: string }[] = [];
  let [files, bytes] = [0, 0];
  for (const path of paths) {
    let text: string;
    try {
      text = readSource(path);
    } catch {
      continue; // the library's tests contain files without a valid encoding
    }
    checkText(parser, text, basename(path));
    files++;
    bytes += Buffer.byteLength(text);
    if (WORTH_PARSING.test(text)) texts.push({ name: basename(path), text });
  }
  const { user, system } = process.cpuUsage(before);
  const first: number[] = [];
  const again: number[] = [];
  for (const { name, text } of texts) {
    const file = new SourceFile(parser, name);
    first.push(timed(() => file.check(text)));
    const at = text.indexOf('\n', text.length / 2) + 1;
    const edited = `${text.slice(0, at)}x${text.slice(at)}`;
    again.push(
      timed(() => {
        file.edit(at, at, 'x', text);
        file.check(edited);
      }),
    );
    file.forget();
  }
  return { files, parsed: texts.length, bytes, cpu: (user + system) / 1e6, first, again };
}

/** ms */
function timed(act: () => void): number {
  const begun = performance.now();
  act();
  return performance.now() - begun;
}
