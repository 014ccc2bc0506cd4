/** Hover texts of the views, in Markdown. Pure; whatever comes from the program is escaped. */

import * as l10n from '@vscode/l10n';
import type {
  ChannelMeta,
  ChannelStatus,
  PoolMeta,
  PoolStatus,
  ProcessMeta,
  ProcessStatus,
  SourceLine,
} from '../../server/protocol/views';
import { baseName, bytes, count, duration, elapsed, rate } from '../../server/shared/format';
import { isOver, type SessionView } from '../../server/shared/sessionView';
import { blockedText, causeText, shownWait } from '../../server/shared/text/waits';
import type { CommandId, Node } from '../ids';
import { depthText, isQueue, parties } from './channelLabels';
import { darkSentence } from './dark';
import { findingsMarkdown, findingsOf } from './findings';
import { stateText } from './labels';
import { waitersOf } from './paused';
import { code, commandLine, plain } from './text';

/** The commands that links in these texts may run. */
export const LINKED_COMMANDS: readonly CommandId[] = [
  'forkscope.goToStartLine',
  'forkscope.goToWaitLine',
  'forkscope.goToCreationLine',
  'forkscope.showWaits',
  'forkscope.showFinding',
];

type Fact = readonly [name: string, value: string];

function table(facts: readonly Fact[]): string {
  return facts.length === 0
    ? ''
    : `| | |\n|:--|:--|\n${facts.map(([name, value]) => `| ${name} | ${value} |`).join('\n')}`;
}

function withFindings(session: SessionView, node: Node, title: string, rest: string): string {
  const found = findingsMarkdown(session, findingsOf(session, node));
  return [title, found, rest].filter((each) => each !== '').join('\n\n');
}

/** Inline code in a table's cell: a bar would end the cell even there. */
const cell = (text: string): string => code(text).replaceAll('|', '\\|');

function lineLink(line: SourceLine, command: CommandId, node: Node): string {
  const title = `${baseName(line.file)}:${line.line}`;
  const link = `[${plain(title)}](command:${command}?${encodeURIComponent(JSON.stringify([node]))})`;
  return line.function === '' ? link : l10n.t('{0} in {1}', link, cell(line.function));
}

export function processTooltip(
  session: SessionView,
  meta: ProcessMeta,
  status: ProcessStatus | undefined,
  now: number,
): string {
  const node: Node = { kind: 'process', sessionId: session.id, processId: meta.id };
  const facts: Fact[] = [];
  if (meta.argv.length > 0) {
    facts.push([l10n.t('Command'), cell(commandLine(meta.argv))]);
  }
  if (meta.target !== null) {
    facts.push([l10n.t('Target'), cell(meta.target)]);
  }
  if (meta.startMethod !== null) {
    facts.push([
      l10n.t('Start method'),
      meta.daemon ? l10n.t('{0}, daemon', meta.startMethod) : plain(meta.startMethod),
    ]);
  }
  if (meta.line !== null) {
    facts.push([l10n.t('Started at'), lineLink(meta.line, 'forkscope.goToStartLine', node)]);
  }
  const shown = status?.state === 'waiting' ? shownWait(status) : undefined;
  const cause = shown && causeText(session, meta.id, shown);
  if (cause !== undefined) {
    const drawing = `[${l10n.t('Show graph')}](command:forkscope.showWaits?${encodeURIComponent(JSON.stringify([node]))})`;
    facts.push([l10n.t('Cause'), `${plain(cause)} ${drawing}`]);
  }
  for (const wait of status?.waits ?? []) {
    const where = wait.line === null ? '' : ` ${plain(`${baseName(wait.line.file)}:${wait.line.line}`)}`;
    facts.push([plain(wait.thread), plain(blockedText(wait, now)) + where]);
  }
  if (status !== undefined && status.lastLine !== null) {
    facts.push([l10n.t('Last queue or pipe call'), lineLink(status.lastLine, 'forkscope.goToWaitLine', node)]);
  }
  const end = status?.endedAtMs ?? null;
  facts.push([end === null ? l10n.t('Alive for') : l10n.t('Lived for'), elapsed((end ?? now) - meta.startedAtMs)]);
  const used = [
    ...(typeof status?.cpuSeconds === 'number' ? [l10n.t('{0} of CPU time', duration(status.cpuSeconds * 1000))] : []),
    ...(typeof status?.memoryBytes === 'number' ? [l10n.t('{0} of memory', bytes(status.memoryBytes))] : []),
  ];
  if (used.length > 0) {
    facts.push([l10n.t('Uses'), used.join(', ')]);
  }
  if (meta.python !== null) {
    facts.push([l10n.t('Python'), plain(meta.python)]);
  }
  if (meta.dark !== undefined) {
    facts.push([l10n.t('Recording'), plain(darkSentence(meta.dark))]);
  }
  const title = l10n.t('{0}, process {1}', `**${plain(meta.name)}**`, meta.pid);
  const state = plain(stateText(status, now, waitersOf(session, meta.id)));
  return withFindings(session, node, `${title}: ${state}`, table(facts));
}

export function channelTooltip(session: SessionView, meta: ChannelMeta, status: ChannelStatus | undefined): string {
  const node: Node = { kind: 'channel', sessionId: session.id, channelId: meta.id };
  const facts: Fact[] = [];
  if (meta.line !== null) {
    facts.push([l10n.t('Created at'), lineLink(meta.line, 'forkscope.goToCreationLine', node)]);
  }
  const creator = meta.createdBy === null ? undefined : session.processes.get(meta.createdBy);
  if (creator !== undefined) {
    facts.push([l10n.t('Created by'), l10n.t('{0}, process {1}', plain(creator.name), creator.pid)]);
  }
  if (status !== undefined) {
    facts.push(...channelFacts(meta, status, !isOver(session)));
  }
  const kind = meta.owner === 'library' ? l10n.t('{0}, inside the library', meta.kind) : meta.kind;
  return withFindings(session, node, `**${plain(meta.name)}** (${kind})`, table(facts));
}

export function poolTooltip(session: SessionView, meta: PoolMeta, status: PoolStatus | undefined): string {
  const node: Node = { kind: 'pool', sessionId: session.id, poolId: meta.id };
  const facts: Fact[] = [];
  if (meta.line !== null) {
    facts.push([l10n.t('Created at'), lineLink(meta.line, 'forkscope.goToCreationLine', node)]);
  }
  const creator = meta.processId === null ? undefined : session.processes.get(meta.processId);
  if (creator !== undefined) {
    facts.push([l10n.t('Created by'), l10n.t('{0}, process {1}', plain(creator.name), creator.pid)]);
  }
  const activity = status?.activity;
  if (status !== undefined && activity !== undefined) {
    facts.push(
      [
        l10n.t('Tasks'),
        l10n.t(
          '{0} submitted, {1} done, {2} failed, {3} waiting',
          count(status.submitted),
          count(status.completed),
          count(status.failed),
          count(status.pending),
        ),
      ],
      [l10n.t('Workers'), l10n.t('{0} busy, {1} idle, {2} replaced', activity.busy, activity.idle, activity.restarts)],
      [l10n.t('Use'), plain(activity.sentence)],
    );
  }
  return `**${plain(meta.name)}** (${meta.kind})\n\n${table(facts)}`;
}

function channelFacts(meta: ChannelMeta, status: ChannelStatus, live: boolean): Fact[] {
  const facts: Fact[] = [];
  if (isQueue(meta.kind)) {
    facts.push([
      l10n.t('Depth'),
      l10n.t(
        '{0}: {1} buffered in the sender, {2} in the pipe; peak {3}',
        plain(depthText(meta, status)),
        count(status.depthFeeder),
        count(status.depthPipe),
        count(status.depthMax),
      ),
    ]);
    facts.push([l10n.t('Put, got'), `${count(status.puts)}, ${count(status.gets)}`]);
  }
  facts.push([
    l10n.t('Sent, received'),
    l10n.t(
      '{0} ({1}), {2} ({3})',
      count(status.sends),
      bytes(status.bytesSent),
      count(status.receives),
      bytes(status.bytesReceived),
    ),
  ]);
  if (live && status.rate > 0) {
    facts.push([l10n.t('Rate'), l10n.t('{0} messages a second', rate(status.rate))]);
  }
  if (meta.kind === 'JoinableQueue') {
    facts.push([
      l10n.t('Unfinished'),
      l10n.t('{0} ({1} marked done)', count(status.unfinished), count(status.tasksDone)),
    ]);
  }
  const outcomes = Object.entries(status.outcomes).filter(([, times]) => times > 0);
  if (outcomes.length > 0) {
    facts.push([l10n.t('Outcomes'), outcomes.map(([name, times]) => `${name} ×${count(times)}`).join(', ')]);
  }
  const { producers, consumers } = parties(status);
  facts.push([l10n.t('Producers, consumers'), `${producers}, ${consumers}`]);
  return facts;
}

export function sessionTooltip(session: SessionView): string {
  const { meta, status } = session;
  if (meta === undefined) {
    return plain(session.id);
  }
  const facts: Fact[] = [
    [l10n.t('Command'), cell(commandLine(meta.command))],
    [l10n.t('Folder'), cell(meta.cwd)],
    [l10n.t('Python'), cell(meta.python)],
    [l10n.t('Recorded in'), cell(meta.source)],
  ];
  if (status !== undefined) {
    const { counts } = status;
    facts.push(
      [l10n.t('Processes'), l10n.t('{0}, {1} alive', count(counts.processes), count(counts.alive))],
      [l10n.t('Messages'), l10n.t('{0}, {1} of them received', count(counts.messages), count(counts.matched))],
      [l10n.t('Events'), l10n.t('{0}, {1} dropped', count(counts.events), count(counts.dropped))],
    );
  }
  const warnings = (status?.warnings ?? []).map((warning) => `$(warning) ${plain(warning)}`);
  const title = `**${plain(meta.name)}**`;
  return withFindings(
    session,
    { kind: 'session', sessionId: session.id },
    title,
    [table(facts), ...warnings].join('\n\n'),
  );
}
