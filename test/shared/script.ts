/** What the scripts that run tests and measurements have in common. */

/** Something was asked for that is not there, or cannot be: the words are enough, no trace is needed. */
export class Unknown extends Error {}

/**
 * Refuses what is not there: a script that ran nothing would look like one in which all is well.
 * @throws an error that names what there is
 */
export function known(
  what: string,
  asked: readonly string[],
  there: readonly string[],
  fits = (each: string, name: string): boolean => each === name,
): void {
  const unknown = asked.filter((name) => !there.some((each) => fits(each, name)));
  if (unknown.length > 0)
    throw new Unknown(`There is no ${what} ${unknown.join(', ')}; there are: ${there.join(', ') || 'none'}.`);
}

/** Whether a version is the one asked for, or one of those: 3.13.1 is of 3.13, and not of 3.1; 3.13.1t is of 3.13t alone. */
export function isVersion(version: string, asked: string): boolean {
  const free = version.endsWith('t');
  if (version === asked || free !== asked.endsWith('t')) return version === asked;
  return free ? isVersion(version.slice(0, -1), asked.slice(0, -1)) : version.startsWith(`${asked}.`);
}

/** A script's whole work. What it throws is told on stderr, and the exit code is 1. */
export function script(work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    console.error(error instanceof Unknown ? error.message : error);
    process.exit(1);
  });
}
