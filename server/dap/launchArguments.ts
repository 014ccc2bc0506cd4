/** The launch request's arguments, checked: they come from a file that a person wrote. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { LogLevel } from '../engine/log/log';
import { badLaunch } from './errors';

type ConsoleKind = 'integratedTerminal' | 'externalTerminal' | 'internalConsole';

export interface LaunchArguments {
  /** Absolute path of the script; exactly one of `program` and `module` is set. */
  readonly program: string | null;
  readonly module: string | null;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the environment; null takes a variable away. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly python: string;
  readonly console: ConsoleKind;
  /** auto: by debugpy where there is one. on: not without. off: stops at messages only. */
  readonly lineDebugging: 'auto' | 'on' | 'off';
  /** The folder of a debugpy package to be used before the interpreter's own; null: none is known. */
  readonly debugpy: string | null;
  /** The line debugger stays out of libraries. */
  readonly justMyCode: boolean;
  /** Stops before the program's first line; without a line debugger at its first operation. */
  readonly stopOnEntry: boolean;
  /** "Run Without Debugging": nothing stops it, it is only watched. */
  readonly noDebug: boolean;
  /** What the session is called in a terminal's title. */
  readonly name: string;
  /** Values of the runtime's own options, as the vocabulary names them; empty: its defaults. */
  readonly recording: Readonly<Record<string, number>>;
}

const consoles: readonly ConsoleKind[] = ['integratedTerminal', 'externalTerminal', 'internalConsole'];
const recordingOptions = ['payload', 'ring', 'meta', 'native'] as const;

type Raw = Readonly<Record<string, unknown>>;

function optionalText(raw: Raw, name: string): string | null {
  const value = raw[name];
  if (value === undefined || value === null || value === '') {
    return null;
  }
  if (typeof value !== 'string') {
    throw badLaunch(l10n.t('"{0}" in the launch configuration must be a text.', name));
  }
  if (value.includes('\0')) {
    throw badLaunch(l10n.t('"{0}" in the launch configuration contains a null character.', name));
  }
  return value;
}

function argumentList(raw: Raw): string[] {
  const { args = [] } = raw;
  if (!Array.isArray(args) || !args.every((each) => typeof each === 'string' && !each.includes('\0'))) {
    throw badLaunch(l10n.t('"{0}" in the launch configuration must be a list of texts.', 'args'));
  }
  return args as string[];
}

function environment(raw: Raw): Record<string, string | null> {
  const { env } = raw;
  if (env === undefined || env === null) {
    return {};
  }
  if (typeof env !== 'object' || Array.isArray(env)) {
    throw badLaunch(l10n.t('"{0}" in the launch configuration must be an object of texts.', 'env'));
  }
  for (const [name, value] of Object.entries(env)) {
    const fits = value === null || (typeof value === 'string' && !value.includes('\0'));
    if (!fits || name === '' || /[=\0]/.test(name)) {
      throw badLaunch(l10n.t('"{0}" in the launch configuration must be an object of texts.', `env.${name}`));
    }
  }
  return env as Record<string, string | null>;
}

function recording(raw: Raw): Record<string, number> {
  const { recording: wanted } = raw;
  const options: Record<string, number> = {};
  if (typeof wanted !== 'object' || wanted === null) {
    return options;
  }
  for (const name of recordingOptions) {
    const value = (wanted as Raw)[name];
    if (value === undefined) {
      continue;
    }
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
      throw badLaunch(l10n.t('"{0}" in the launch configuration must be a whole number.', `recording.${name}`));
    }
    options[name] = value;
  }
  return options;
}

/** The log that a launch configuration asks for; null: none. @throws DapError where it is not understood */
export function wantedTrace(args: unknown): LogLevel | null {
  const { trace } = (typeof args === 'object' && args !== null ? args : {}) as Raw;
  if (trace === true) return 'messages';
  if (trace === undefined || trace === null || trace === false || trace === 'off') return null;
  if (trace === 'messages' || trace === 'verbose') return trace;
  throw badLaunch(
    l10n.t('"{0}" in the launch configuration must be one of {1}.', 'trace', 'true, false, off, messages, verbose'),
  );
}

async function kindOf(file: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(file)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'nothing';
  }
}

/**
 * Checks a launch configuration and fills in what it left out; everything except the interpreter itself.
 * Rejects with a DapError that says what to change.
 */
export async function readLaunchArguments(value: unknown): Promise<LaunchArguments> {
  const raw: Raw = typeof value === 'object' && value !== null ? (value as Raw) : {};
  const module = optionalText(raw, 'module');
  const wantedProgram = optionalText(raw, 'program');
  if ((module === null) === (wantedProgram === null)) {
    throw badLaunch(
      module === null
        ? l10n.t('Set "program" to a Python file, or "module" to a module\'s name, in the launch configuration.')
        : l10n.t('Set either "program" or "module" in the launch configuration, not both.'),
    );
  }
  const { console: wantedConsole = 'integratedTerminal' } = raw;
  const console = consoles.find((each) => each === wantedConsole);
  if (console === undefined) {
    throw badLaunch(l10n.t('"{0}" in the launch configuration must be one of {1}.', 'console', consoles.join(', ')));
  }
  const { lineDebugging: wantedLines = 'auto' } = raw;
  const lineDebugging = (['auto', 'on', 'off'] as const).find((each) => each === wantedLines);
  if (lineDebugging === undefined) {
    throw badLaunch(l10n.t('"{0}" in the launch configuration must be one of {1}.', 'lineDebugging', 'auto, on, off'));
  }
  const wantedCwd = optionalText(raw, 'cwd');
  const cwd = path.resolve(
    wantedCwd ?? (wantedProgram !== null && path.isAbsolute(wantedProgram) ? path.dirname(wantedProgram) : '.'),
  );
  const program = wantedProgram === null ? null : path.resolve(cwd, wantedProgram);
  if (program !== null) {
    const kind = await kindOf(program);
    if (kind === 'nothing') {
      throw badLaunch(l10n.t('The program {0} does not exist.', program));
    }
    if (kind === 'folder' && (await kindOf(path.join(program, '__main__.py'))) !== 'file') {
      throw badLaunch(l10n.t('{0} is a folder without a __main__.py; set "program" to a Python file.', program));
    }
  }
  if ((await kindOf(cwd)) !== 'folder') {
    throw badLaunch(l10n.t('The working directory {0} does not exist.', cwd));
  }
  return {
    program,
    module,
    args: argumentList(raw),
    cwd,
    env: environment(raw),
    python: optionalText(raw, 'python') ?? (process.platform === 'win32' ? 'python' : 'python3'),
    console,
    lineDebugging,
    debugpy: optionalText(raw, 'debugpy'),
    justMyCode: raw['justMyCode'] !== false,
    stopOnEntry: raw['stopOnEntry'] === true && raw['noDebug'] !== true,
    noDebug: raw['noDebug'] === true,
    name: optionalText(raw, 'name') ?? `Forkscope: ${module ?? path.basename(program ?? '')}`,
    recording: recording(raw),
  };
}
