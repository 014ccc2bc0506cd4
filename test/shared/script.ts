/** Common code of the scripts that run tests and measurements. */

/** An argument is unknown or impossible: the message suffices, without a stack trace. */
export class Unknown extends Error {}

/**
 * Rejects unknown names: a script that ran nothing would look successful.
 * @throws an error that lists the known ones
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

/** Whether a version matches the requested one: 3.13.1 matches 3.13, and not 3.1; 3.13.1t matches only 3.13t. */
export function isVersion(version: string, asked: string): boolean {
  const free = version.endsWith('t');
  if (version === asked || free !== asked.endsWith('t')) return version === asked;
  return free ? isVersion(version.slice(0, -1), asked.slice(0, -1)) : version.startsWith(`${asked}.`);
}

/** Runs a script. An exception is printed to stderr, and the exit code is 1. */
export function script(work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    console.error(error instanceof Unknown ? error.message : error);
    process.exit(1);
  });
}
