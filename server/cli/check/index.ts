/** `forkscope check`: finds faults in source text without running it. */
import { basename } from 'node:path';
import { checkText } from '../../core/source/check';
import { loadParser } from '../../core/source/grammar';
import { readGrammar } from '../../engine/files/grammar';
import { plainLines } from '../../protocol/plain';
import { FINDING_CODES } from '../../protocol/views';
import { type Problem, pythonFiles, readSource, shown } from './files';
import { FORMATS, type Format } from './formats';
import type { CheckedFile } from './outcome';

interface CheckOptions {
  readonly format: Format;
  /** Codes that are not reported. */
  readonly mute: readonly string[];
  readonly quiet?: boolean;
}

/** The exit status: 1 if there are findings, else 2 if something could not be checked, else 0. @param grammarFolder see readGrammar */
export async function check(
  paths: readonly string[],
  options: CheckOptions,
  grammarFolder: string,
  version: string,
): Promise<number> {
  const wrong = options.mute.filter((each) => !(FINDING_CODES as readonly string[]).includes(each));
  if (wrong.length > 0)
    throw new Error(`There is no finding ${wrong.join(', ')}. There are: ${FINDING_CODES.join(', ')}.`);
  const parser = await loadParser(readGrammar(grammarFolder));
  const cwd = process.cwd();
  const problems: Problem[] = [];
  const problem = ({ file, message }: Problem): void => {
    const where = shown(file, cwd);
    problems.push({ file: where, message });
    process.stderr.write(plainLines([`forkscope: ${where}: ${message}`]));
  };
  const found: CheckedFile[] = [];
  let files = 0;
  let leftOut = 0;
  for (const path of pythonFiles(paths, problem, () => leftOut++)) {
    try {
      const text = readSource(path);
      const findings = checkText(parser, text, basename(path)).filter((each) => !options.mute.includes(each.code));
      files++;
      if (findings.length > 0) found.push({ file: shown(path, cwd), text, findings });
    } catch (error) {
      problem({ file: path, message: (error as Error).message });
    }
  }
  parser.delete();
  const output = FORMATS[options.format]({ version, files, found, problems });
  if (output !== '') await new Promise<void>((resolve) => process.stdout.write(output, () => resolve()));
  const findings = found.reduce((sum, each) => sum + each.findings.length, 0);
  if (options.quiet !== true) {
    const left = problems.length === 0 ? '' : `, ${problems.length} could not be checked`;
    const many = (n: number, one: string) => `${n} ${n === 1 ? one : `${one}s`}`;
    process.stderr.write(plainLines([`forkscope: ${many(findings, 'finding')} in ${many(files, 'file')}${left}.`]));
    if (files === 0 && problems.length === 0)
      process.stderr.write(plainLines([`forkscope: ${nothingThere(paths, leftOut)}`]));
  }
  if (findings > 0) return 1;
  return problems.length > 0 ? 2 : 0;
}

/** Why no file was checked: without a reason, an empty result would look like a good one. */
function nothingThere(paths: readonly string[], leftOut: number): string {
  const where = `There is no Python file in ${paths.map((each) => `"${each}"`).join(', ')}`;
  return leftOut === 0
    ? `${where}.`
    : `${where} but for what .gitignore files leave out. A file that is named is checked.`;
}
