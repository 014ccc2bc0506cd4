import { channelCreated } from './evidence';
import { channelRef, processRef } from './refs';
import type { Candidate, Check, CheckContext, Evidence } from './types';

type Found = Candidate<'unpicklable'>;

/** An object cannot be pickled: a queue's feeder drops it silently, or a start fails. */
export const unpicklable: Check<'unpicklable'> = {
  code: 'unpicklable',
  kind: 'fact',
  check: (context) => [...drops(context), ...starts(context)],
};

/** Errors of the write, not of pickle. */
const REFUSED = /^(BrokenPipeError|Connection\w+Error|OSError|IOError|EOFError)\b/;

function drops({ model }: CheckContext): Found[] {
  return model.channels.all.flatMap((channel): Found[] => {
    // Items that a closed or broken pipe refused are picklable.
    const items = channel.dropped.filter((each) => !REFUSED.test(each.why));
    const drops = channel.drops - (channel.dropped.length - items.length);
    const [first] = items;
    if (first === undefined || channel.owner !== 'user') return [];
    const process = model.processes.images[first.image]?.process;
    if (process === undefined) return [];
    const lines = [...new Set(items.map((each) => each.line))].slice(0, 8);
    return [
      {
        key: `drop ${channel.id}`,
        severity: 'error',
        params: {
          kind: 'item',
          process: processRef(process),
          queue: channelRef(channel),
          items: drops,
          error: first.why,
        },
        processes: [process],
        channels: [channel],
        evidence: [
          ...lines.map(
            (line): Evidence => ({
              line,
              caption: {
                kind: 'unpicklable item',
                process: processRef(process),
                times: items.filter((each) => each.line === line).length,
              },
              process,
            }),
          ),
          channelCreated(channel),
        ],
        since: first.at,
      },
    ];
  });
}

function starts({ model }: CheckContext): Found[] {
  return model.failedStarts.map(
    ({ process, name, line, at, error }): Found => ({
      key: `start ${process.id} ${line} ${name}`,
      severity: 'error',
      params: { kind: 'start', process: processRef(process), name, error },
      processes: [process],
      evidence: [{ line, caption: { kind: 'unpicklable start', process: processRef(process), name }, process }],
      since: at,
    }),
  );
}
