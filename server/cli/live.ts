import type { Session } from '../engine/session/session';
import { fitting, plain } from '../protocol/plain';

/** A status line on a terminal's stderr that overwrites itself. */
export class LiveStatus {
  private drawn = '';

  constructor(
    private readonly session: Session,
    private readonly stream: NodeJS.WriteStream,
  ) {}

  draw(): void {
    const { counts } = this.session.status;
    const queues = this.session.model.channels.all.filter((each) => each.owner === 'user').slice(0, 4);
    const depths = queues
      .map((each) => `${each.name} ${each.depth}${each.capacity > 0 ? `/${each.capacity}` : ''}`)
      .join('  ');
    const line = fitting(
      plain(`${counts.alive}/${counts.processes} processes  ${counts.messages} messages  ${depths}`),
      Math.max(10, (this.stream.columns || 80) - 1),
    );
    if (line === this.drawn) return;
    this.drawn = line;
    this.stream.write(`\r\x1b[2K${line}`);
  }
  clear(): void {
    if (this.drawn !== '') this.stream.write('\r\x1b[2K');
  }
}
