/** What is said where there is no debugpy, and how that is stopped. And what happens beside the Python debugger where nobody is trusted. */
import { beforeEach, expect, test, vi } from 'vitest';

const editor = vi.hoisted(() => ({
  trusted: true,
  listeners: new Set<(event: unknown) => unknown>(),
  hear: (event: unknown): Promise<unknown> => Promise.all([...editor.listeners].map((each) => each(event))),
  /** Text of the button that is pressed. */
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
const { BesideProvider } = await import('../../../../extension/debug/beside');

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

test('is said once in a window for each Python, and installs on demand', async () => {
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

test('is not said again in later windows where that is not wanted, but is of other Pythons', async () => {
  const before = registerDebugpyOffer(memory);
  editor.press = 'Not Again for This Python';
  await missing('/a');
  before.dispose();
  registerDebugpyOffer(memory);
  await missing('/a');
  await missing('/b');
  expect(editor.shown.length).toBe(2);
  expect(editor.sent).toEqual([]);
});

test('a line debugger that failed is told with no such button: it is another reason each time', async () => {
  registerDebugpyOffer(memory);
  const body = { python: '/a', command: '', process: 'child', reason: 'why' };
  await editor.hear({ session: { type: 'forkscope' }, event: 'forkscope/lineDebuggerFailed', body });
  expect(editor.shown).toEqual([
    ['The line debugger did not start in child: why. Messages can be stopped at.', 'Install debugpy'],
  ]);
});

test('in a workspace that is not trusted nothing is prepared beside the Python debugger', async () => {
  editor.trusted = false;
  const prepare = vi.fn();
  const given = { type: 'debugpy', request: 'launch', name: 'n', forkscope: true };
  const provider = new BesideProvider({ prepare });
  expect(await provider.resolveDebugConfigurationWithSubstitutedVariables(undefined, given as never)).toBe(given);
  expect(prepare).not.toHaveBeenCalled();
});
