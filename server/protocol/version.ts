declare const FORKSCOPE_VERSION: string | undefined;
declare const FORKSCOPE_HOMEPAGE: string | undefined;

/** The version of Forkscope, as package.json has it; the build sets it. */
export const VERSION: string = typeof FORKSCOPE_VERSION === 'string' ? FORKSCOPE_VERSION : 'development';

/** Where the project is published, without a slash at the end: package.json's `homepage`, which the build sets. */
export const HOMEPAGE: string =
  typeof FORKSCOPE_HOMEPAGE === 'string' ? FORKSCOPE_HOMEPAGE : 'https://forkscope.invalid';
