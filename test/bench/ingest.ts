/** Speed and cost of turning journals into a model. Runs in a separate process, so that its memory is its own. */
import { readSessionFile } from '../../server/engine/session/folder';
import { Session } from '../../server/engine/session/session';

export interface Ingested {
  readonly messages: number;
  readonly events: number;
  readonly seconds: number;
  /** MiB: peak memory of this process. */
  readonly peak: number;
  /** ms: one page of 100 messages from the middle. */
  readonly page: number;
}

/** Reads a session folder to its end. */
export async function ingest(folder: string): Promise<Ingested> {
  const begun = process.hrtime.bigint();
  const session = new Session({
    folder,
    file: readSessionFile(folder),
    path: folder,
    recorded: true,
    temporary: false,
  });
  await session.refresh();
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
  const report = session.report();
  const asked = process.hrtime.bigint();
  const { total } = await session.messages({ library: true }, Math.floor(report.messages.count / 2), 100);
  const page = Number(process.hrtime.bigint() - asked) / 1e6;
  if (total !== report.messages.count || report.messages.matched !== total)
    throw new Error(`The list has ${total} messages, the report ${JSON.stringify(report.messages)}.`);
  session.dispose(false);
  return {
    messages: total,
    events: 2 * total,
    seconds,
    peak: process.resourceUsage().maxRSS / 1024,
    page,
  };
}
