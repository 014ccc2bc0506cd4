import { openRecording } from './open';
import { details } from './text';

/** `forkscope report`. */
export async function showReport(path: string, json: boolean): Promise<void> {
  const session = await openRecording(path);
  try {
    const report = session.report();
    process.stdout.write(
      json ? `${JSON.stringify(report, null, 2)}\n` : details(report, session.snapshot().status?.warnings ?? []),
    );
  } finally {
    session.dispose(false);
  }
}
