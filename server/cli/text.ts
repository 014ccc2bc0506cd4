import { DARK } from '../protocol/dark';
import { plainLines } from '../protocol/plain';
import type { Report, ReportPool, ReportProcess } from '../protocol/report';
import { duration } from '../shared/format';
import { findingLines } from './findings';

/** The one-line summary at the end of a run. */
export function summary(report: Report): string {
  const users = report.channels.filter((each) => each.owner === 'user').length;
  const dropped = report.session.dropped > 0 ? `, ${report.session.dropped} events dropped` : '';
  const { pools } = report;
  const tasks = pools.reduce((sum, each) => sum + each.completed + each.failed, 0);
  const failed = pools.reduce((sum, each) => sum + each.failed, 0);
  const inPools =
    pools.length === 0
      ? ''
      : `, ${count(tasks, 'task')} in ${count(pools.length, 'pool')}${failed > 0 ? ` (${failed} failed)` : ''}`;
  return `forkscope: ${count(report.processes.length, 'process', 'processes')}, ${count(users, 'channel')}, ${count(report.messages.count, 'message')}${inPools}${dropped}. Keep a run with --record FILE or --report FILE.\n`;
}

/** A readable report. */
export function details(report: Report, warnings: readonly string[]): string {
  const { session } = report;
  const out: string[] = [];
  out.push(`${session.command.join(' ')}`);
  out.push(
    `started ${session.startedAt}, ran ${duration(session.durationMs)}, exit code ${session.exitCode ?? '—'}, ${session.python}`,
  );
  for (const each of warnings) out.push(`! ${each}`);
  if (session.dropped > 0) out.push(`! ${session.dropped} events were dropped: the journals' size limit was reached.`);
  out.push('', `Processes (${report.processes.length})`);
  const children = new Map<string | null, ReportProcess[]>();
  for (const each of report.processes) {
    const parent = report.processes.some((other) => other.id === each.parentId) ? each.parentId : null;
    children.set(parent, [...(children.get(parent) ?? []), each]);
  }
  const walk = (parent: string | null, depth: number): void => {
    for (const each of children.get(parent) ?? []) {
      const end =
        each.signal !== null
          ? `killed by ${each.signal}`
          : each.state === 'exited'
            ? `exited ${each.exitCode ?? ''}`.trim()
            : each.state;
      const line = each.line === null ? '' : `  ${each.line.file}:${each.line.line}`;
      out.push(`  ${'  '.repeat(depth)}${each.name} (pid ${each.pid}, ${each.origin}) ${end}${line}`);
      if (each.dark !== null) out.push(`  ${'  '.repeat(depth + 1)}${DARK[each.dark]}`);
      walk(each.id, depth + 1);
    }
  };
  walk(null, 0);
  const users = report.channels.filter((each) => each.owner === 'user');
  const inner = report.channels.length - users.length;
  out.push('', `Channels (${users.length}${inner > 0 ? `, and ${inner} inside pools, executors and managers` : ''})`);
  for (const each of users) {
    const size = each.capacity > 0 ? `/${each.capacity}` : '';
    const counts =
      each.kind === 'Pipe' || each.kind === 'Connection'
        ? `${each.sends} sent, ${each.receives} received`
        : `${each.puts} put, ${each.gets} got`;
    const outcomes = Object.entries(each.outcomes)
      .filter(([, n]) => n > 0)
      .map(([name, n]) => `, ${name} ${n}`)
      .join('');
    out.push(
      `  ${each.name} (${each.kind}) ${counts}, depth ${each.depth}${size}, at most ${each.depthMax}${outcomes}`,
    );
  }
  if (report.pools.length > 0) {
    out.push('', `Pools (${report.pools.length})`);
    for (const each of report.pools) out.push(...poolLines(each));
  }
  const { messages } = report;
  const unknown = messages.unknownReceivers > 0 ? `, receiver unknown ${messages.unknownReceivers}` : '';
  out.push(
    '',
    `Messages: ${messages.count}, matched ${messages.matched}, not received ${messages.unmatchedSends}${unknown}`,
  );
  out.push(...findingLines(report));
  return plainLines(out);
}

/** What a pool did, its utilization, and its times. */
function poolLines(pool: ReportPool): string[] {
  const line = pool.line === null ? '' : `  ${pool.line.file}:${pool.line.line}`;
  const replaced = pool.restarts > 0 ? `, ${count(pool.restarts, 'worker')} replaced` : '';
  const dropped = [
    ...(pool.cancelled > 0 ? [`${pool.cancelled} cancelled`] : []),
    ...(pool.lost > 0 ? [`${pool.lost} lost`] : []),
  ].map((each) => `, ${each}`);
  const times =
    pool.medianMs === null || pool.p95Ms === null
      ? []
      : [
          `    median ${duration(pool.medianMs)}, 95 % ${duration(pool.p95Ms)}, waited ${duration(pool.medianWaitMs ?? 0)}${replaced}`,
        ];
  return [
    `  ${pool.name} (${pool.kind} of ${pool.size}, ${pool.state}) ${pool.submitted} submitted, ${pool.completed} completed, ${pool.failed} failed${dropped.join('')}, ${pool.pending} pending${line}`,
    `    ${pool.sentence}`,
    ...times,
  ];
}
function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
