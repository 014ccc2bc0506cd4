import { channelMeta, channelStatus } from '../../core/model/project/channels';
import { poolActivity } from '../../core/model/project/poolActivity';
import { poolMeta, poolStatus } from '../../core/model/project/pools';
import { processMeta, processStatus } from '../../core/model/project/processes';
import type { SessionModel } from '../../core/model/state/sessionModel';
import type { Report, ReportFinding } from '../../protocol/report';
import type { Finding } from '../../protocol/views';
import { captionText } from '../../shared/text/captions';
import { findingText } from '../../shared/text/findings';

/** The report of a session, as documented in docs/report.md. */
export function makeReport(model: SessionModel, durationMs: number, findings: readonly Finding[]): Report {
  const { messages, matched } = model;
  const { meta } = model;
  const round = (ms: number) => Math.round(ms * 1000) / 1000;
  let receives = 0;
  let unknownReceivers = 0;
  for (const channel of model.channels.all) {
    receives += channel.receives;
    if (!channel.whole) unknownReceivers += channel.sends;
  }
  const unmatchedReceives = Math.max(0, receives - matched - model.lostReceives);
  const received = matched + model.receivedUnseen;
  return {
    format: 'forkscope-report',
    version: 1,
    session: {
      command: [...meta.command],
      cwd: meta.cwd,
      python: meta.python,
      platform: meta.platform,
      startedAt: meta.startedAt,
      durationMs: Math.round(durationMs),
      exitCode: model.exitCode,
      dropped: model.dropped,
    },
    processes: model.processes.all.map((each) => {
      const { daemon: _daemon, target: _target, argv, dark = null, ...about } = processMeta(model, each);
      const { state, endedAtMs, exitCode, signal } = processStatus(model, each);
      return {
        ...about,
        argv: [...argv],
        dark,
        startedAtMs: round(about.startedAtMs),
        endedAtMs: endedAtMs === null ? null : round(endedAtMs),
        state,
        exitCode,
        signal,
      };
    }),
    channels: model.channels.all.map((each) => {
      const { createdBy: _createdBy, ...about } = channelMeta(model, each);
      const status = channelStatus(each, model.now);
      return {
        ...about,
        puts: status.puts,
        gets: status.gets,
        sends: status.sends,
        receives: status.receives,
        bytesSent: status.bytesSent,
        bytesReceived: status.bytesReceived,
        depth: status.depth,
        depthMax: status.depthMax,
        outcomes: status.outcomes,
        endpoints: status.endpoints.map(({ processId, mode, open }) => ({ processId, mode, open })),
        ...(status.otherEnd !== undefined && { otherEnd: status.otherEnd }),
      };
    }),
    pools: model.pools.declared.map((each) => {
      const { processId: _processId, ...about } = poolMeta(model, each);
      const status = poolStatus(each);
      const activity = poolActivity(model, each, model.now);
      const { medianMs, p95Ms, medianWaitMs, averageBusy, restarts, maxTasksPerWorker, items } = activity;
      return {
        ...about,
        ...status,
        workers: [...status.workers],
        medianMs,
        p95Ms,
        medianWaitMs,
        averageBusy,
        restarts,
        maxTasksPerWorker,
        items,
        chunksize: activity.chunksize,
        sentence: activity.sentence,
      };
    }),
    messages: {
      count: messages.count,
      matched,
      unmatchedSends: Math.max(0, messages.count - received - unmatchedReceives - unknownReceivers),
      unmatchedReceives,
      unknownReceivers,
    },
    findings: findings.map(reportFinding),
  };
}

/** A finding in the report's format. */
export function reportFinding(finding: Finding): ReportFinding {
  const { code, severity, processes, channels, lines, sinceMs, over } = finding;
  const { message, advice } = findingText(finding);
  return {
    code,
    severity,
    message,
    advice,
    processes: [...processes],
    channels: [...channels],
    lines: lines.map((each) => each.line),
    captions: lines.map((each) => ({ text: captionText(each.caption), process: each.processId })),
    sinceMs,
    over,
  };
}
