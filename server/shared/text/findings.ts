/** The sentences of findings. Everything that shows one takes them from here: tree, panel, editor, debugger, terminal, report. */
import type { FindingFacts } from '../../protocol/findingParams';
import type { Finding } from '../../protocol/views';
import { adviceText } from './advice';
import * as facts from './facts';
import * as hangs from './hangs';

export interface FindingSentences {
  /** One specific sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
}

/** In the language in use; a finding that an earlier version recorded has its sentences already. */
export function findingText(finding: FindingFacts | Finding): FindingSentences {
  if (finding.params === undefined) return { message: finding.message, advice: finding.advice };
  return { message: messageText(finding), advice: adviceText(finding) };
}

function messageText(finding: FindingFacts): string {
  switch (finding.code) {
    case 'join-before-drain':
      return hangs.joinBeforeDrain(finding.params);
    case 'no-main-guard':
      return facts.noMainGuard(finding.params);
    case 'fork-with-threads':
      return facts.forkWithThreads(finding.params);
    case 'pool-worker-died':
      return hangs.poolWorkerDied(finding.params);
    case 'dead-lock-owner':
      return hangs.deadLockOwner(finding.params);
    case 'unpicklable':
      return facts.unpicklable(finding.params);
    case 'pool-not-closed':
      return facts.poolNotClosed(finding.params);
    case 'eof-never':
      return hangs.eofNever(finding.params);
    case 'lost-exception':
      return facts.lostException(finding.params);
    case 'deadlock':
      return hangs.deadlock(finding.params);
    case 'both-send':
      return hangs.bothSend(finding.params);
    case 'stuck-get':
      return hangs.stuckGet(finding.params);
    case 'zombie':
      return facts.zombie(finding.params);
    case 'orphan':
      return facts.orphan(finding.params);
    case 'pipe-shared-writer':
      return facts.pipeSharedWriter(finding.params);
    case 'slow-consumer':
      return facts.slowConsumer(finding.params);
    case 'big-payload':
      return facts.bigPayload(finding.params);
  }
}
