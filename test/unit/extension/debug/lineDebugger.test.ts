/** The message about a missing debugpy, and how to mute it. Also the companion session in an untrusted workspace. */
import { beforeEach, expect, test, vi } from 'vitest';

const editor = vi.hoisted(() => ({
  trusted: true,
  listeners: new Set<(event: unknown) => unknown>(),
  hear: (event: unknown): Promise<unknown> => Promise.all([...editor.listeners].map((each) => each(event))),
  /** Label of the button that is pressed. */
  press: '',
  shown: [] as string[][],
  sent: [] as string[],
}));
const show = vi.hoisted(() => async (...texts: string[]) => {
  editor.shown.push(texts);
  return texts.slice(1).find((each) => each === editor.press);
});
vi.mock('vscode', () => ({
  Disposable: {
    from: (...all: { dispose(): void }[]) => ({
      dispose: () => {
        for (const each of all) each.dispose();
      },
    }),
  },
  l10n: { t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, n) => String(args[Number(n)])) },
  workspace: {
    get isTrusted() {
      return editor.trusted;
    },
  },
  debug: {
    onDidReceiveDebugSessionCustomEvent: (listener: (event: unknown) => unknown) => {
      editor.listeners.add(listener);
      return { dispose: () => editor.listeners.delete(listener) };
    },
  },
  window: {
    showInformationMessage: show,
    showWarningMessage: show,
    createTerminal: () => ({ show: () => {}, sendText: (text: string) => editor.sent.push(text) }),
  },
}));

const { registerDebugpyOffer } = await import('../../../../extension/debug/lineDebugger');
const { CompanionProvider } = await import('../../../../extension/debug/companion');

const stored = new Map<string, unknown>();
const memory = {
  get: (key: string, fallback: unknown) => stored.get(key) ?? fallback,
  update: async (key: string, value: unknown) => void stored.set(key, value),
} as never;
const missing = (python: string) =>
  editor.hear({
    session: { type: 'forkscope' },
    event: 'forkscope/noDebugpy',
    body: { python, command: `${python} -m pip install debugpy` },
  });

beforeEach(() => {
  Object.assign(editor, { trusted: true, press: '', shown: [], sent: [] });
  editor.listeners.clear();
  stored.clear();
});

test('is shown once per window for each Python, and installs on request', async () => {
  registerDebugpyOffer(memory);
  editor.press = 'Install debugpy';
  await missing('/a');
  await missing('/a');
  await missing('/b');
  expect(editor.shown.map(([text]) => text)).toEqual([
    'Line breakpoints need debugpy, which /a does not have. Messages can be stopped at.',
    'Line breakpoints need debugpy, which /b does not have. Messages can be stopped at.',
  ]);
  expect(editor.sent).toEqual(['/a -m pip install debugpy', '/b -m pip install debugpy']);
});

test('is not shown again in later windows after it was muted, but is for other Pythons', async () => {
  const before = registerDebugpyOffer(memory);
  editor.press = "Don't Ask Again for This Interpreter";
  await missing('/a');
  before.dispose();
  registerDebugpyOffer(memory);
  await missing('/a');
  await missing('/b');
  expect(editor.shown.length).toBe(2);
  expect(editor.sent).toEqual([]);
});

test('a failed line debugger is reported without that button, since the reason may differ each time', async () => {
  registerDebugpyOffer(memory);
  const body = { python: '/a', command: '', process: 'child', reason: 'why' };
  await editor.hear({ session: { type: 'forkscope' }, event: 'forkscope/lineDebuggerFailed', body });
  expect(editor.shown).toEqual([
    ['The line debugger did not start in child: why. Messages can be stopped at.', 'Install debugpy'],
  ]);
});

test('an untrusted workspace gets no companion session', async () => {
  editor.trusted = false;
  const prepare = vi.fn();
  const given = { type: 'debugpy', request: 'launch', name: 'n', forkscope: true };
  const provider = new CompanionProvider({ prepare });
  expect(await provider.resolveDebugConfigurationWithSubstitutedVariables(undefined, given as never)).toBe(given);
  expect(prepare).not.toHaveBeenCalled();
});
