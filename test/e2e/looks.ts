/** The looks of VS Code: one window is shown in each of them, which costs a second where another window costs ten. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Code } from './harness';

interface Look {
  readonly theme: string;
  /** The class of the workbench in this look. */
  readonly marked: string;
}

const LOOKS = {
  dark: { theme: 'Default Dark Modern', marked: 'vs-dark' },
  light: { theme: 'Default Light Modern', marked: 'vs' },
  contrast: { theme: 'Default High Contrast', marked: 'hc-black' },
  'contrast-light': { theme: 'Default High Contrast Light', marked: 'hc-light' },
} as const satisfies Record<string, Look>;

export type LookName = keyof typeof LOOKS;

/** Every look, for whoever wants to see all: FORKSCOPE_E2E_ALL=1. */
export const ALL = process.env['FORKSCOPE_E2E_ALL'] === '1' ? (Object.keys(LOOKS) as LookName[]) : undefined;

/** Takes a picture of the same moment in each of these looks, `NAME-LOOK`; the window is dark again after. */
export async function pictures(code: Code, name: string, looks: readonly LookName[]): Promise<void> {
  await code.screenshot(`${name}-dark`);
  const others = looks.filter((each) => each !== 'dark');
  for (const look of others) {
    await change(code, LOOKS[look]);
    await code.screenshot(`${name}-${look}`);
  }
  if (others.length > 0) await change(code, LOOKS.dark);
}

async function change(code: Code, { theme, marked }: Look): Promise<void> {
  // VS Code selects a high-contrast theme only if the system requests one.
  await code.page.emulateMedia({
    forcedColors: marked.startsWith('hc') ? 'active' : 'none',
    colorScheme: theme.endsWith('Light') || marked === 'vs' ? 'light' : 'dark',
  });
  const folder = join(code.folder, '.vscode');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
  await code.page.locator(`.monaco-workbench.${marked}`).waitFor();
}
