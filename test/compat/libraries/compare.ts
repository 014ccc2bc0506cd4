/** The compared parts of a program's run, without what naturally varies from run to run. */
import type { Ran } from '../shared/ran';

export const ASPECTS = ['exit code', 'output', 'stderr', 'descriptors', 'threads', 'modules'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** A run in comparable form: text by aspect. */
export type Facts = Record<Aspect, string>;

/** @param folder its working folder; @param home the folder of the programs */
export function factsOf(ran: Ran, folder: string): Facts {
  const lines = ran.stdout.split('\n');
  const fact = (name: string) => lines.filter((line) => line.startsWith(`# ${name} `)).join('\n');
  return {
    'exit code': ran.timedOut ? 'took too long' : String(ran.code),
    output: plain(lines.filter((line) => !line.startsWith('# ')).join('\n'), folder),
    stderr: plain(ran.stderr, folder),
    descriptors: fact('descriptors'),
    threads: fact('threads'),
    modules: fact('modules'),
  };
}

function plain(text: string, folder: string): string {
  return text
    .replaceAll(folder, '@')
    .replace(/0x[0-9a-f]+/g, '0xN')
    .replace(/\b\d+\.\d+ ?s(econds)?\b/g, 'N s')
    .replace(/(pid[= ]+|[-_]|\b)\d{4,}\b/gi, '$1N')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');
}

export function differing(one: Facts, other: Facts): Aspect[] {
  return ASPECTS.filter((aspect) => one[aspect] !== other[aspect]);
}
