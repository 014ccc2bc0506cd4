import { basename } from 'node:path';

/** Programs that become the program given to them: the process is that program. */
const BECOMES = /^(env|nice|nohup|ionice|stdbuf)$/;

/** Whether a command line runs Python code, judged by names (interpreters.py does the same). */
export function runsPython(argv: readonly string[]): boolean {
  if (BECOMES.test(basename(argv[0] ?? ''))) {
    const at = argv.findIndex((word, index) => index > 0 && !/^-|^\d+$|=/.test(word));
    return at > 0 && runsPython(argv.slice(at));
  }
  if (!/^(python|pypy)[\d.\-tdmuw]*(\.exe)?$/i.test(basename(argv[0] ?? ''))) return false;
  const first = argv[1] ?? '';
  return !/^-[VhH?]|^--(version|help)/.test(first);
}

/** The display name of a leaf: the program, or the script or module given to a Python. */
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
