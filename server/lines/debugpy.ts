/** Finds the line debugger. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ENV_SESSION } from '../protocol/vocabulary';

const ASK = `import importlib.util as u
s = u.find_spec("debugpy")
print(list(s.submodule_search_locations)[0] if s and s.submodule_search_locations else "")`;

const isPackage = (folder: string): boolean => existsSync(join(folder, 'server', 'api.py'));

/**
 * The folder of a debugpy package: the given one, else what the interpreter imports; null where there is none.
 * @param env in which the interpreter is asked: it may name more places
 */
export async function findDebugpy(
  given: string | null,
  python: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | null> {
  if (given !== null && isPackage(given)) return given;
  // Not recorded: it is no process of the program's.
  const { [ENV_SESSION]: _, ...asking } = env;
  const found = await new Promise<string>((resolve) => {
    execFile(python, ['-c', ASK], { env: asking, timeout: 20_000, encoding: 'utf8' }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : ''),
    );
  });
  return found !== '' && isPackage(found) ? found : null;
}
