/**
 * The requests about processes that are paused at a line. debugpy answers them. Its numbers of frames, values and sources are mapped to numbers that
 * are unique over all processes.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { answerOf, nothingThere } from '../errors';
import type { LineConnection } from './connection';
import { LineRefs } from './lineRefs';

export type Body = Readonly<Record<string, unknown>>;

/** What in an answer names a frame, a value or a source. */
const REFERENCES = ['variablesReference', 'sourceReference'] as const;
const LISTS = ['scopes', 'variables'] as const;

interface Place {
  readonly source: unknown;
  readonly line: unknown;
}

export class LineRequests {
  private readonly refs = new LineRefs();
  private readonly places: Place[] = [];

  /** @param runtime frames of files below are ours: they are not shown */
  constructor(private readonly runtime: string) {}

  /** The process goes on: what was shown of it is no more. */
  forget(connection: LineConnection): void {
    this.refs.forget(connection);
  }

  async stackTrace(
    connection: LineConnection,
    threadId: number,
    { startFrame = 0, levels, format }: DebugProtocol.StackTraceArguments,
  ) {
    const all = await answerOf(this.frames(connection, threadId, format));
    const wanted = all.slice(startFrame, startFrame + (levels || all.length));
    return {
      stackFrames: wanted.map(({ source, ...frame }) => ({
        ...frame,
        id: this.refs.give(connection, frame.id),
        ...(source === undefined ? {} : { source: this.own(connection, source as Body) }),
      })),
      totalFrames: all.length,
    };
  }

  /** As debugpy tells them, without those of the runtime. */
  async frames(
    connection: LineConnection,
    threadId: number,
    format?: DebugProtocol.StackFrameFormat,
  ): Promise<DebugProtocol.StackFrame[]> {
    const { stackFrames = [] } = (await connection.request('stackTrace', {
      threadId,
      ...(format === undefined ? {} : { format }),
    })) as { stackFrames?: DebugProtocol.StackFrame[] };
    return stackFrames.filter((frame) => !frame.source?.path?.startsWith(this.runtime));
  }

  /** scopes, variables, setVariable, setExpression, evaluate, completions, stepInTargets: of a frame or value whose number `LineRefs.is` recognises. */
  async ask(command: string, args: Body): Promise<Body> {
    const key = LineRefs.is(args['frameId']) ? 'frameId' : 'variablesReference';
    const ref = this.refs.find(args[key] as number);
    if (ref === undefined) throw nothingThere(key === 'frameId' ? 'frame' : 'value', Number(args[key]));
    const { connection } = ref;
    const body = await answerOf(connection.request(command, { ...args, [key]: ref.number }));
    return {
      ...this.own(connection, body),
      ...Object.fromEntries(
        LISTS.filter((name) => Array.isArray(body[name])).map((name) => [
          name,
          (body[name] as Body[]).map((each) => this.own(connection, each)),
        ]),
      ),
    };
  }

  /** The text of a source that is no file. */
  async source(args: Body): Promise<Body> {
    const { sourceReference = args['sourceReference'] } = (args['source'] ?? {}) as Body;
    const ref = this.refs.find(sourceReference as number);
    if (ref === undefined) throw nothingThere('source', Number(sourceReference));
    return answerOf(
      ref.connection.request('source', {
        sourceReference: ref.number,
        source: { ...(args['source'] as Body | undefined), sourceReference: ref.number },
      }),
    );
  }

  /** A line is a target in any process: which one is meant is known when one goes there. */
  gotoTargets({ source, line }: Body): { targets: DebugProtocol.GotoTarget[] } {
    const { name, path } = (source ?? {}) as { name?: string; path?: string };
    const label = `${name ?? path ?? ''}:${line}`;
    const at = this.places.push({ source, line });
    return { targets: [{ id: at, label, line: Number(line) }] };
  }

  async goto(connection: LineConnection, threadId: number, targetId: number): Promise<void> {
    const place = this.places[targetId - 1];
    if (place === undefined) throw nothingThere('target', targetId);
    const { targets = [] } = (await answerOf(connection.request('gotoTargets', place))) as {
      targets?: { id: number }[];
    };
    await answerOf(connection.request('goto', { threadId, targetId: targets[0]?.id ?? 0 }));
    this.forget(connection);
  }

  /** Of all processes; a file that several have imported is one. */
  async modules(
    connections: readonly LineConnection[],
    { startModule = 0, moduleCount }: DebugProtocol.ModulesArguments,
  ) {
    const found = new Map<string, DebugProtocol.Module>();
    const answers = await Promise.allSettled(connections.map((each) => each.request('modules')));
    for (const answer of answers) {
      const { modules = [] } = (answer.status === 'fulfilled' ? answer.value : {}) as {
        modules?: DebugProtocol.Module[];
      };
      for (const each of modules) {
        const key = `${each.name} ${each.path ?? ''}`;
        if (!each.path?.startsWith(this.runtime) && !found.has(key)) found.set(key, { ...each, id: found.size + 1 });
      }
    }
    const all = [...found.values()];
    return { modules: all.slice(startModule, startModule + (moduleCount || all.length)), totalModules: all.length };
  }

  /** With our numbers in the place of theirs. */
  private own(connection: LineConnection, each: Body): Body {
    const numbers = REFERENCES.filter((name) => name in each).map((name) => [
      name,
      this.refs.give(connection, each[name]),
    ]);
    return { ...each, ...Object.fromEntries(numbers) };
  }
}
