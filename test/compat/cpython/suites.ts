/** CPython's own suites about processes, and their differences between versions. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SUITES = [
  'test_multiprocessing',
  'test_multiprocessing_fork',
  'test_multiprocessing_spawn',
  'test_multiprocessing_forkserver',
  'test_multiprocessing_main_handling',
  'test_concurrent_futures',
  'test_fork1',
  'test_subprocess',
  'test_os',
  'test_threading',
  'test_asyncio.test_subprocess',
] as const;
export type Suite = (typeof SUITES)[number];

/** How a Python includes this suite: as a module, as a package, as parts from which we build one, or not at all. */
export type Kept = 'whole' | 'parts' | 'none';

export function kept(testFolder: string, suite: Suite): Kept {
  const path = join(testFolder, ...suite.split('.'));
  if (existsSync(`${path}.py`) || existsSync(join(path, '__init__.py'))) return 'whole';
  // Some builds of 3.11 and 3.12 omit these packages, but install everything in them.
  const method = /^test_multiprocessing_(fork|spawn|forkserver)$/.test(suite);
  return method && existsSync(join(testFolder, '_test_multiprocessing.py')) ? 'parts' : 'none';
}

const PACKAGE = `import os
from test import support


def load_tests(*arguments):
    return support.load_package_tests(os.path.dirname(__file__), *arguments)
`;

/** The omitted suites, as later versions install them. @returns the folder for --testdir */
export function makePackages(folder: string): string {
  for (const method of ['fork', 'spawn', 'forkserver']) {
    const home = join(folder, `test_multiprocessing_${method}`);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, '__init__.py'), PACKAGE);
    for (const part of ['manager', 'processes', 'threads'])
      writeFileSync(join(home, `test_${part}.py`), installing(`'${method}', only_type="${part}"`));
    writeFileSync(join(home, 'test_misc.py'), installing(`'${method}', exclude_types=True`));
  }
  return folder;
}

/**
 * What regrtest is to run. It looks for a package by these names in its own folder, so for packages that we built the
 * modules are named.
 */
export function modulesOf(suite: Suite, how: Kept): string[] {
  return how === 'parts' ? ['manager', 'misc', 'processes', 'threads'].map((part) => `${suite}.test_${part}`) : [suite];
}

function installing(what: string): string {
  return `from test._test_multiprocessing import install_tests_in_module_dict\n\ninstall_tests_in_module_dict(globals(), ${what})\n`;
}

/** Runs as part of the whole test command: at most a minute, one version, one start method. */
export const QUICK: readonly { suite: Suite; match: readonly string[] }[] = [
  {
    suite: 'test_multiprocessing_fork',
    match: [
      'WithProcessesTestQueue',
      'WithProcessesTestConnection',
      'WithProcessesTestPoll',
      'WithProcessesTestPoolWorkerLifetime',
    ],
  },
  { suite: 'test_fork1', match: ['test_wait', 'test_nested_import_lock_fork'] },
];
