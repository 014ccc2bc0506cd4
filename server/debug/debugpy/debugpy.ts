/** Finds the line debugger. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { log } from '../../engine/log/log';
import { ENV_SESSION } from '../../protocol/vocabulary';

const ASK = `import sys
print("%d.%d" % sys.version_info[:2])
try:
    import importlib.util
    spec = importlib.util.find_spec("debugpy")
    print(list(spec.submodule_search_locations or [""])[0] if spec else "")
except ImportError:
    print("")`;

const isPackage = (folder: string): boolean => existsSync(join(folder, 'server', 'api.py'));

/**
 * The folder of a debugpy package: the given one, else what the interpreter imports; null where there is none. One that says it
 * needs a later Python than the interpreter is passed over.
 * @param env in which the interpreter is asked: it may name more places
 */
export async function findDebugpy(
  given: string | null,
  python: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  const usable = given !== null && isPackage(given);
  const needs = usable ? requiredPython(given) : null;
  if (usable && needs === null) return given;
  const { version, folder } = await ask(python, env);
  if (usable && (version === null || !isBefore(version, needs))) return given;
  return folder !== '' && isPackage(folder) ? folder : null;
}

/** What installs debugpy for an interpreter. */
export function installCommand(python: string): string {
  return `${/[\s'"]/.test(python) ? `"${python}"` : python} -m pip install --upgrade debugpy`;
}

type Version = readonly [major: number, minor: number];

function versionOf(text: string): Version | null {
  const found = /(\d+)\.(\d+)/.exec(text);
  return found === null ? null : [Number(found[1]), Number(found[2])];
}

function isBefore([major, minor]: Version, needs: Version | null): boolean {
  return needs !== null && (major < needs[0] || (major === needs[0] && minor < needs[1]));
}

/** The oldest Python that an installed package says it works with; null where it does not say. */
function requiredPython(folder: string): Version | null {
  try {
    const home = dirname(folder);
    const info = readdirSync(home).find((each) => /^debugpy-.*\.dist-info$/.test(each));
    if (info === undefined) return null;
    const said = /^Requires-Python: *>= *([\d.]+)/m.exec(readFileSync(join(home, info, 'METADATA'), 'utf8'));
    return said === null ? null : versionOf(said[1] ?? '');
  } catch {
    return null;
  }
}

async function ask(python: string, env: NodeJS.ProcessEnv): Promise<{ version: Version | null; folder: string }> {
  // Not recorded: it is no process of the program's.
  const { [ENV_SESSION]: _, ...asking } = env;
  const said = await new Promise<string>((resolve) => {
    execFile(python, ['-c', ASK], { env: asking, timeout: 20_000, encoding: 'utf8' }, (error, stdout) => {
      if (error !== null)
        log.note('line debugger', `${python} could not be asked for debugpy: exit ${error.code ?? error.signal}`);
      resolve(error === null ? stdout : '');
    });
  });
  const [version = '', folder = ''] = said.trim().split(/\r?\n/);
  return { version: versionOf(version), folder };
}
