/**
 * What the shell passed to this process, as bytes: Node decodes arguments and environment, which loses anything that is
 * not UTF-8.
 */
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:os';
import { basename } from 'node:path';
import { ENV_ENTRY } from '../../protocol/vocabulary';

export interface Entry {
  /** This process's arguments; null if the system does not report them. */
  readonly words: readonly Buffer[] | null;
  /** NAME=VALUE; null if the system does not report it. */
  readonly environment: readonly Buffer[] | null;
  /** Open descriptors ≥ 3 that a program would inherit. */
  readonly descriptors: readonly number[];
  /** Descriptors 0 to 2 that were closed at start: Node opens /dev/null in their place. */
  readonly closed: readonly number[];
  /** Signal sets in the kernel's format, hexadecimal. */
  readonly ignored: string;
  readonly blocked: string;
  /** Whether the shell recorded all of it, so that nothing is a guess. */
  readonly noted: boolean;
  /** The soft limit of open files, which Node raises; null: unknown. */
  readonly openFiles: string | null;
}

/** Signals that shells and Python handle specially: a parent that ignores them says nothing about its children. */
const OWN_WAYS = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGPIPE', 'SIGXFSZ', 'SIGCHLD'];

/** Must be called early: descriptors that this process opens later cannot be distinguished from inherited ones. */
export function readEntry(): Entry {
  const environment = zeroEnded('/proc/self/environ');
  const said = environment?.find((each) => nameOf(each) === ENV_ENTRY);
  const note = said === undefined ? null : readNote(said.toString('latin1', ENV_ENTRY.length + 1));
  delete process.env[ENV_ENTRY];
  const kept = environment?.filter((each) => nameOf(each) !== ENV_ENTRY && note?.own?.test(nameOf(each)) !== true);
  kept?.push(...(note?.given ?? []));
  return {
    words: zeroEnded('/proc/self/cmdline'),
    environment: kept ?? null,
    descriptors: note?.descriptors.filter((each) => each > 2) ?? inherited(),
    closed: note === null ? [] : [0, 1, 2].filter((each) => !note.descriptors.includes(each)),
    ignored: note?.ignored ?? guessIgnored(),
    blocked: note?.blocked ?? '0',
    noted: note !== null,
    openFiles: note?.openFiles ?? guessOpenFiles(),
  };
}

/**
 * Closes the descriptors that only the program needs, so that readers of its output and of inherited pipes see EOF when
 * the program closes its own. Standard error stays open: Forkscope writes to it.
 */
export function closeInherited(entry: Entry): void {
  // A wrong guess must not close a descriptor that Node opened for itself.
  for (const fd of entry.noted ? entry.descriptors : []) closeSync(fd);
  for (const fd of [0, 1]) {
    closeSync(fd);
    openSync('/dev/null', fd === 0 ? 'r' : 'w'); // reuses the lowest free number, which is `fd`
  }
}

function nameOf(setting: Buffer): string {
  const end = setting.indexOf(0x3d);
  return setting.toString('latin1', 0, end < 0 ? setting.length : end);
}

function zeroEnded(path: string): Buffer[] | null {
  try {
    return partsOf(readFileSync(path));
  } catch {
    return null;
  }
}

function partsOf(text: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf(0, at);
    parts.push(text.subarray(at, end < 0 ? text.length : end));
    at = (end < 0 ? text.length : end) + 1;
  }
  return parts;
}

interface Note {
  readonly ignored: string;
  readonly blocked: string;
  readonly openFiles: string | null;
  readonly descriptors: readonly number[];
  /** Names of variables that shells treat specially; null if their original values were not recorded. */
  readonly own: RegExp | null;
  /** NAME=VALUE of those, and of names that a shell does not export. */
  readonly given: readonly Buffer[];
}

/** What server/cli/launcher.sh recorded, unless it was for another process. */
function readNote(text: string): Note | null {
  const [before = '', hex] = text.split(' Given:');
  const [pid, ...words] = before.split(' ');
  if (pid !== String(process.pid)) return null;
  const value = (key: string) => words.find((each) => each.startsWith(key))?.slice(key.length);
  const names = hex === undefined ? undefined : value('Own:');
  return {
    ignored: hexadecimal(value('SigIgn:')),
    blocked: hexadecimal(value('SigBlk:')),
    openFiles: value('Files:') ?? null,
    descriptors: words.filter((each) => /^\d+$/.test(each)).map(Number),
    own: names === undefined ? null : new RegExp(`^(?:${names})$`),
    // The last part is the terminator.
    given: partsOf(Buffer.from(hex?.replace(/\s/g, '') ?? '', 'hex')).slice(0, -1),
  };
}

function hexadecimal(text: string | undefined): string {
  return text !== undefined && /^[\da-f]{1,16}$/i.test(text) ? text : '0';
}

/**
 * Without that note: the open descriptors that Node did not open itself. Node takes the lowest free numbers for its
 * event queues, counters, and pipes of which it has both ends.
 */
function inherited(): number[] {
  const links = new Map<number, string>();
  try {
    for (const name of readdirSync('/proc/self/fd')) {
      try {
        links.set(Number(name), readlinkSync(`/proc/self/fd/${name}`));
      } catch {
        // It was the descriptor of the directory listing.
      }
    }
  } catch {
    return [];
  }
  const numbers = [...links.keys()].filter((each) => each > 2).sort((a, b) => a - b);
  const first = numbers.find((each) => /^anon_inode:\[(?:eventpoll|io_uring)\]$/.test(links.get(each) ?? '')) ?? 0;
  const ends = [...links.values()];
  return numbers.filter((each) => {
    const link = links.get(each) ?? '';
    if (each < first || !isClosedByExec(each)) return true;
    return (
      !link.startsWith('anon_inode:') && !(link.startsWith('pipe:') && ends.filter((end) => end === link).length > 1)
    );
  });
}

/** Node sets close-on-exec on the lowest sixteen descriptors and on all of its own. */
function isClosedByExec(fd: number): boolean {
  try {
    const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'))?.[1] ?? '';
    return (Number.parseInt(flags, 8) & 0o2000000) !== 0;
  } catch {
    return true;
  }
}

/** Without that note: children ignore what their parent ignores, unless a shell resets it; bash reveals nohup. */
function guessIgnored(): string {
  let ignored = 0n;
  try {
    const status = readFileSync(`/proc/${process.ppid}/status`, 'latin1');
    ignored = BigInt(`0x${/^SigIgn:\s*([\da-f]+)/m.exec(status)?.[1] ?? '0'}`);
  } catch {
    // Nothing is known.
  }
  for (const name of OWN_WAYS) ignored &= ~bit(name);
  if (basename(process.env['_'] ?? '') === 'nohup') ignored |= bit('SIGHUP');
  return ignored.toString(16);
}

function bit(name: string): bigint {
  return 1n << BigInt(constants.signals[name as NodeJS.Signals] - 1);
}

/** Without that note: children mostly have their parent's limits. */
function guessOpenFiles(): string | null {
  const [own, parents] = ['self', process.ppid].map((pid) => {
    try {
      return /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'));
    } catch {
      return null;
    }
  });
  return own?.[2] === parents?.[2] ? (parents?.[1] ?? null) : null;
}
