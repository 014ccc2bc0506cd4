import { count, quoted, who } from './text';
import type { Check, Draft, Scene } from './types';

/** Something could not be pickled: a queue's feeder drops it in silence, a start fails. */
export const unpicklable: Check = {
  code: 'unpicklable',
  kind: 'fact',
  check: (scene) => [...drops(scene), ...starts(scene)],
};

/** Errors of the write, not of pickle. */
const REFUSED = /^(BrokenPipeError|Connection\w+Error|OSError|IOError|EOFError)\b/;

function drops({ model }: Scene): Draft[] {
  return model.channels.all.flatMap((channel) => {
    // What a closed or broken pipe refused could be pickled.
    const items = channel.dropped.filter((each) => !REFUSED.test(each.why));
    const drops = channel.drops - (channel.dropped.length - items.length);
    const [first] = items;
    if (first === undefined || channel.owner !== 'user') return [];
    const process = model.processes.images[first.image]?.process;
    if (process === undefined) return [];
    const same = items.filter((each) => each.line === first.line).length;
    const why = first.why === '' ? '' : ` (${first.why})`;
    const lines = [...new Set(items.map((each) => each.line))].slice(0, 8);
    return [
      {
        key: `drop ${channel.id}`,
        severity: 'error',
        message: `${count(drops, 'item')} that ${who(process)} put into ${quoted(channel)} could not be pickled${why} and ${drops === 1 ? 'was' : 'were'} dropped: put() had returned already, and nobody will get ${drops === 1 ? 'it' : 'them'}.`,
        advice:
          'Put only what pickle can handle: no lambdas, nested functions, open files, locks or generators. Try pickle.dumps(item) before the put to see which part it is.',
        processes: [process],
        channels: [channel],
        evidence: [
          ...lines.map((line) => ({
            line,
            caption: `${who(process)} put here what could not be pickled${line === first.line && same > 1 ? `, ${same} times` : ''}`,
            process,
          })),
          { line: channel.line, caption: `${quoted(channel)} is made here`, process: channel.createdBy },
        ],
        since: first.at,
      },
    ];
  });
}

function starts({ model }: Scene): Draft[] {
  return model.failedStarts.map(({ process, name, line, at, error }) => ({
    key: `start ${process.id} ${line} ${name}`,
    severity: 'error',
    message: `${who(process)} could not start ${name}: what its child needs cannot be pickled (${error}).`,
    advice:
      'With spawn and forkserver a target and its arguments must be importable by name: use functions of a module, and hand over only what pickle can handle.',
    processes: [process],
    evidence: [{ line, caption: `${who(process)} starts ${name} here`, process }],
    since: at,
  }));
}
