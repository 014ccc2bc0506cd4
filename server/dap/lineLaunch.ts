/** How the lines of a program that is launched are debugged. */
import { findDebugpy, installCommand } from '../debug/debugpy/debugpy';
import type { LineOptions } from '../debug/debugpy/lineEvents';
import { expandHome } from '../engine/launch/python';
import { log } from '../engine/log/log';
import { noDebugpy } from './errors';
import type { LaunchArguments } from './launchArguments';

export interface LineLaunch extends LineOptions {
  /** A command line that installs a newer debugpy. */
  readonly installCommand: string;
}

/**
 * @param runtime frames of files below are hidden
 * @param captured the program's output goes to the debug console
 * @returns null: lines are not debugged. Rejects with a DapError where they are to be and cannot
 */
export async function lineLaunch(
  launch: LaunchArguments,
  runtime: string,
  captured: boolean,
): Promise<LineLaunch | null> {
  const { python, justMyCode, stopOnEntry } = launch;
  if (launch.lineDebugging === 'off' || launch.noDebug) return null;
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(launch.env)) env[name] = value ?? undefined;
  const debugpy = await findDebugpy(launch.debugpy, expandHome(python), env);
  log.note('line debugger', `debugpy for ${python}: ${debugpy ?? 'none was found'}`);
  const command = installCommand(python);
  if (debugpy !== null) return { debugpy, justMyCode, runtime, installCommand: command, stopOnEntry, captured };
  if (launch.lineDebugging === 'on') throw noDebugpy(command);
  return null;
}
