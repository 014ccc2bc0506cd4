/** Why nothing was recorded inside a Python process: the words of the report's `dark`, and a sentence for each. */
export const DARK_REASONS = [
  'isolated',
  'ignores-environment',
  'no-site',
  'other-user',
  'no-folder',
  'silent',
] as const;
export type DarkReason = (typeof DARK_REASONS)[number];

/** For people. */
export const DARK: Readonly<Record<DarkReason, string>> = {
  isolated: 'Not recorded: it was started with -I, which ignores the variables that load Forkscope.',
  'ignores-environment': 'Not recorded: it was started with -E, which ignores the variables that load Forkscope.',
  'no-site': 'Not recorded: it was started with -S, which skips the start-up hook that loads Forkscope.',
  'other-user': 'Not recorded: it runs as another user, without access to the session folder.',
  'no-folder': 'Not recorded: it cannot see the session folder, as in a chroot or a container.',
  silent:
    'Not recorded: it never loaded Forkscope. It ended too soon, cannot see Forkscope’s files (a container, chroot), or its launcher cleared the environment.',
};

export function isDarkReason(text: string): text is DarkReason {
  return (DARK_REASONS as readonly string[]).includes(text);
}
