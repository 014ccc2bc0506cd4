import { expect, test } from 'vitest';
import { LiveStatus } from '../../../server/cli/live';

test('the status line occupies one line of the terminal, whatever the names', () => {
  const name = '\x1b[2J日本語\n\u202e';
  const session = {
    status: { counts: { alive: 2, processes: 3, messages: 4 } },
    model: { channels: { all: Array.from({ length: 4 }, () => ({ owner: 'user', name, depth: 5, capacity: 0 })) } },
  };
  const said: string[] = [];
  for (const columns of [20, 40, 0, 200]) {
    const live = new LiveStatus(session as never, { columns, write: (text: string) => said.push(text) } as never);
    live.draw();
    const line = (said.at(-1) ?? '').replace('\r\x1b[2K', '');
    expect(line).toMatch(/^[\x20-\x7e日本語]+$/);
    const wide = line.replace(/[^ -~]/g, '').length + 2 * line.replace(/[ -~]/g, '').length;
    expect(wide).toBeLessThan(columns || 80);
  }
});
