import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';

interface Python {
  readonly path: string;
  readonly version: string;
  readonly methods: readonly string[];
}

/**
 * The oldest and the newest of the Pythons found by the test run (FORKSCOPE_TEST_PYTHONS, oldest first), else python3.
 */
export function pythons(): Python[] {
  const named = process.env['FORKSCOPE_TEST_PYTHONS']?.split(delimiter).filter((each) => each !== '') ?? [];
  const all = named.length > 0 ? named : ['python3'];
  const ends = [...new Set([all[0] as string, all.at(-1) as string])];
  return ends.map((path) => {
    const asked = spawnSync(
      path,
      [
        '-c',
        'import multiprocessing as m, platform as p; print(p.python_version(), *sorted(m.get_all_start_methods()))',
      ],
      { encoding: 'utf8' },
    );
    const [version = '', ...methods] = asked.stdout.trim().split(' ');
    return { path, version, methods };
  });
}
