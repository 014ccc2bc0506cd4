/** Names of signals by number, which differ between systems. If a signal has two names, the usual one (SIGABRT, not SIGIOT). */
const COMMON: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  21: 'SIGTTIN',
  22: 'SIGTTOU',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  26: 'SIGVTALRM',
  27: 'SIGPROF',
  28: 'SIGWINCH',
};
const LINUX: Readonly<Record<number, string>> = {
  ...COMMON,
  7: 'SIGBUS',
  10: 'SIGUSR1',
  12: 'SIGUSR2',
  16: 'SIGSTKFLT',
  17: 'SIGCHLD',
  18: 'SIGCONT',
  19: 'SIGSTOP',
  20: 'SIGTSTP',
  23: 'SIGURG',
  29: 'SIGIO',
  30: 'SIGPWR',
  31: 'SIGSYS',
};
const MACOS: Readonly<Record<number, string>> = {
  ...COMMON,
  10: 'SIGBUS',
  12: 'SIGSYS',
  16: 'SIGURG',
  17: 'SIGSTOP',
  18: 'SIGTSTP',
  19: 'SIGCONT',
  20: 'SIGCHLD',
  23: 'SIGIO',
  29: 'SIGINFO',
  30: 'SIGUSR1',
  31: 'SIGUSR2',
};
const WINDOWS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
  21: 'SIGBREAK',
  22: 'SIGABRT',
  28: 'SIGWINCH',
};

export type SignalName = (number: number) => string;

/** The names on a platform (Node's name for it); Linux's names if it is unknown. A number without a name is "signal 34". */
export function signalNames(platform: string): SignalName {
  const names = platform === 'darwin' ? MACOS : platform === 'win32' ? WINDOWS : LINUX;
  return (number) => (Object.hasOwn(names, number) ? (names[number] as string) : `signal ${number}`);
}
