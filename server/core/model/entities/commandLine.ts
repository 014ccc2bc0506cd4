import { basename } from 'node:path';

/** Programs that become the one that they are given: the process is that one. */
const BECOMES = /^(env|nice|nohup|ionice|stdbuf)$/;

/** Whether a command line is that of a Python that runs something, as far as names tell (interpreters.py does the same). */
export function runsPython(argv: readonly string[]): boolean {
  if (BECOMES.test(basename(argv[0] ?? ''))) {
    const at = argv.findIndex((word, index) => index > 0 && !/^-|^\d+$|=/.test(word));
    return at > 0 && runsPython(argv.slice(at));
  }
  if (!/^(python|pypy)[\d.\-tdmuw]*(\.exe)?$/i.test(basename(argv[0] ?? ''))) return false;
  const first = argv[1] ?? '';
  return !/^-[VhH?]|^--(version|help)/.test(first);
}

/** A leaf's name: the program, or the script or module that a Python was given. */
export function programName(argv: readonly string[]): string {
  const program = basename(argv[0] ?? '');
  if (!/^python[\d.]*(\.exe)?$/i.test(program)) return program;
  for (let i = 1; i < argv.length; i++) {
    const word = argv[i] as string;
    if (word === '-m') return argv[i + 1] ?? program;
    if (word === '-c') return `${program} -c`;
    if (word === '-X' || word === '-W') i++;
    else if (!word.startsWith('-')) return basename(word);
  }
  return program;
}
