/** Node's own switch against the inspector by SIGUSR1 (no-inspector.ts): it also holds before our code runs. */
const SWITCH = '--disable-sigusr1';

/** The options with which this very executable runs a script of ours; a Node that is older than the switch refuses to start with it. */
export function nodeOptions(known: ReadonlySet<string> = process.allowedNodeEnvironmentFlags): readonly string[] {
  return known.has(SWITCH) ? [SWITCH] : [];
}
