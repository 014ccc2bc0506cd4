import * as l10n from '@vscode/l10n';
import { duration } from '../../../shared/format';

interface Load {
  readonly size: number;
  /** Whether its workers are processes, so that tasks are transferred. */
  readonly processes: boolean;
  /** Ended tasks, and the number of items in them. */
  readonly ended: number;
  readonly items: number;
  /** ns; null before the first end. */
  readonly median: number | null;
  readonly averageBusy: number | null;
  /** The library's name for the chunk size. Null: it cannot be chosen. */
  readonly chunksizeName: string | null;
  /** Maximum number of unfinished tasks at a time. */
  readonly peak: number;
}
interface Advice {
  readonly chunksize: number | null;
  readonly sentence: string;
}

/** Target run time of a chunk, ns: submitting it then costs little in comparison. */
const CHUNK_NS = 20e6;
/** Tasks shorter than this lose much of their time to transfer, ns. */
const SHORT_NS = 2e6;
/** Minimum number of tasks for any advice. */
const ENOUGH = 20;
const BUSY = 0.75;
/** Minimum number of chunks per worker, so that the last ones do not wait for a slow worker. */
const CHUNKS_EACH = 4;

/** Rates the use of a pool in one sentence, with the chunk size that would help. */
export function adviceOf(load: Load): Advice {
  const { size, ended, median, averageBusy, peak } = load;
  if (ended === 0 || median === null || averageBusy === null)
    return {
      chunksize: null,
      sentence:
        peak === 0
          ? l10n.t('{0} workers; no tasks submitted yet', size)
          : l10n.t('{0} workers; no task has finished yet', size),
    };
  const start = l10n.t(
    '{0} workers, average {1} busy. Tasks take {2}.',
    size,
    fixed(averageBusy),
    duration(median / 1e6),
  );
  const idle = averageBusy < size * BUSY && ended >= ENOUGH;
  const canChoose = load.processes && load.chunksizeName !== null;
  const chunksize = idle && canChoose && median < SHORT_NS ? chunkFor(load, median) : null;
  if (chunksize !== null) {
    const number = chunksize.toLocaleString('en');
    const sentence = l10n.t('{0} Use a {1} of about {2}.', start, load.chunksizeName as string, number);
    return { chunksize, sentence };
  }
  if (idle && peak < size) return { chunksize, sentence: unneeded(start, peak) };
  return { chunksize, sentence: start };
}

function unneeded(start: string, peak: number): string {
  return peak === 1
    ? l10n.t("{0} Only one task was in flight at a time, so more workers won't help.", start)
    : l10n.t("{0} At most {1} tasks were in flight at a time, so more workers won't help.", start, peak);
}

function chunkFor({ items, ended, size }: Load, median: number): number | null {
  const each = Math.max(1, items / ended);
  const wanted = Math.min((CHUNK_NS / median) * each, items / (size * CHUNKS_EACH));
  const chunk = round(wanted);
  return chunk >= 2 && chunk >= each * 2 ? chunk : null;
}

/** Rounds down to the nearest 1, 2 or 5 times a power of ten. */
function round(value: number): number {
  if (value < 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const digit = value / power;
  return power * (digit >= 4.5 ? 5 : digit >= 2 ? 2 : 1);
}
function fixed(value: number): string {
  return value.toFixed(1);
}
