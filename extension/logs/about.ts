/** What accompanies the logs: versions, the platform, and changed settings of Forkscope. */

export interface About {
  readonly extension: string;
  readonly editor: string;
  readonly remote: string | undefined;
  /** Settings of Forkscope by name, as they are in effect. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export function aboutText({ extension, editor, remote, settings }: About): string {
  const { platform, arch, versions } = process;
  return `${[
    `Forkscope ${extension}`,
    `${editor}${remote === undefined ? '' : `, remote: ${remote}`}`,
    `${platform} ${arch}, Node ${versions.node}`,
    '',
    ...Object.entries(settings).map(([name, value]) => `forkscope.${name}: ${JSON.stringify(value)}`),
  ].join('\n')}\n`;
}
