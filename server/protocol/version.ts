declare const FORKSCOPE_VERSION: string | undefined;

/** The version of Forkscope, as package.json has it; the build sets it. */
export const VERSION: string = typeof FORKSCOPE_VERSION === 'string' ? FORKSCOPE_VERSION : 'development';
