/**
 * The language features as VS Code's own providers return them: faults of the text, and the status of a running
 * program.
 */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../shared/until';

const POOL = `from multiprocessing import Pool


def main():
    pool = Pool(2)
    print(pool.map(abs, range(3)))
    pool.join()


if __name__ == "__main__":
    main()
`;
const JOIN = 6;

/** The writer may continue only once this folder's file "go" exists: until then all others wait. */
const WAITING = `import multiprocessing
import os
import time


def write(words):
    words.put("word 0")
    while not os.path.exists("go"):
        time.sleep(0.02)
    for n in range(1, 3):
        words.put("word %d" % n)


def main():
    words = multiprocessing.Queue(maxsize=10)
    writer = multiprocessing.Process(target=write, args=(words,), name="writer")
    writer.start()
    for _ in range(3):
        print(words.get())
    writer.join()


if __name__ == "__main__":
    main()
`;
const [QUEUE, START, GET] = [14, 16, 18];

/** Two simultaneous sends: neither end reads. */
const HANGING = `import multiprocessing


def talk(connection):
    connection.send("y" * 1_000_000)
    connection.recv()


if __name__ == "__main__":
    left, right = multiprocessing.Pipe()
    child = multiprocessing.Process(target=talk, args=(right,), name="worker")
    child.start()
    left.send("x" * 1_000_000)
    left.recv()
    child.join()
`;
const [CHILD_SENDS, PARENT_SENDS] = [4, 12];

describe('in the source', function () {
  this.timeout(120_000);

  afterEach(async () => {
    await stop();
    await set('findings.muted', undefined);
    await set('codeLens.enabled', undefined);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('forkscope.closeEnded');
  });

  describe('of a text', () => {
    it('a fault is a diagnostic with its code and the link to its page', async () => {
      const { uri } = await open('pool_fault.py', POOL);
      const [diagnostic] = await diagnosticsOf(uri, 1);
      assert.ok(diagnostic);
      assert.equal(diagnostic.range.start.line, JOIN);
      assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
      const { value, target } = diagnostic.code as { value: string; target: vscode.Uri };
      assert.equal(value, 'pool-not-closed');
      assert.match(target.toString(true), /^https:\/\/.*\/docs\/findings\/pool-not-closed\.md$/);
      assert.match(diagnostic.relatedInformation?.[0]?.message ?? '', /made here/);
      assert.equal(diagnostic.relatedInformation?.[0]?.location.range.start.line, 4);
    });

    it('its quick fix corrects the text, and undo restores the fault', async () => {
      const document = await open('pool_fix.py', POOL);
      const [diagnostic] = await diagnosticsOf(document.uri, 1);
      const fix = (await actions(document.uri, diagnostic)).find((each) => each.isPreferred);
      assert.ok(fix?.edit, 'a fix is offered');
      assert.ok(await vscode.workspace.applyEdit(fix.edit));
      assert.equal(document.getText(), POOL.replace('    pool.join()', '    pool.close()\n    pool.join()'));
      await diagnosticsOf(document.uri, 0);
      await vscode.commands.executeCommand('undo');
      assert.equal(document.getText(), POOL);
      await diagnosticsOf(document.uri, 1);
    });

    it('a comment mutes it at its line', async () => {
      const document = await open('pool_comment.py', POOL);
      const [diagnostic] = await diagnosticsOf(document.uri, 1);
      const mute = (await actions(document.uri, diagnostic)).find((each) => /^Mute pool-not-closed/.test(each.title));
      assert.ok(mute?.edit, 'muting is offered');
      assert.ok(await vscode.workspace.applyEdit(mute.edit));
      assert.match(document.lineAt(JOIN).text, /^ {4}pool\.join\(\) {2}# forkscope: ignore\[pool-not-closed\]$/);
      await diagnosticsOf(document.uri, 0);
    });

    it('a setting mutes it everywhere, and without it muted findings come back', async () => {
      const { uri } = await open('pool_setting.py', POOL);
      await diagnosticsOf(uri, 1);
      await set('findings.muted', ['pool-not-closed']);
      await diagnosticsOf(uri, 0);
      await set('findings.muted', undefined);
      await diagnosticsOf(uri, 1);
    });
  });

  describe('of a program', () => {
    it('lenses, hovers and inlay hints follow it while it runs and the text is edited, until its session is closed', async () => {
      const document = await open('waiting.py', WAITING);
      const { uri } = document;
      const { ended } = await start('waiting.py');
      const hint = await until(
        'the hint at the line that waits',
        () => hints(document),
        (all) => all.some(({ text }) => /blocked for/.test(text)),
      );
      assert.match(hint.find(({ line }) => line === GET)?.text ?? '', /^\S.*: blocked for \d+\.\d s$/);

      const lenses = await until(
        'lenses of the process, and of the queue at rest: nothing is put a second any more',
        () => lensesOf(uri),
        (all) => at(all, START) !== '' && /^depth 0\/10 · 1 put, 1 got · 1 producer → 1 consumer$/.test(at(all, QUEUE)),
      );
      assert.match(at(lenses, START), /^writer \(\d+\): (running|blocked in .*)$/);
      assert.ok(lenses.every(({ command }) => command === 'forkscope.internal.show'));
      assert.match(await hover(document, QUEUE), /\*\*words\*\* · Queue[\s\S]*1 put, 1 got/);
      assert.match(await hover(document, START), /\*\*writer\*\* \(\d+\)/);

      // Two lines more above: everything moves.
      const insert = new vscode.WorkspaceEdit();
      insert.insert(uri, new vscode.Position(0, 0), '# one\n# two\n');
      assert.ok(await vscode.workspace.applyEdit(insert));
      const moved = await until(
        'lenses two lines below',
        () => lensesOf(uri),
        (all) => all.some(({ line }) => line === QUEUE + 2),
      );
      assert.equal(at(moved, QUEUE), '');
      assert.ok((await hints(document)).every(({ line }) => line === GET + 2));
      assert.match(await hover(document, QUEUE + 2), /\*\*words\*\* · Queue/);

      await set('codeLens.enabled', false);
      await until(
        'no lenses',
        () => lensesOf(uri),
        (all) => all.length === 0,
      );
      await set('codeLens.enabled', undefined);

      await write('go', '');
      assert.equal(await ended, 0);
      const after = await until(
        'what it came to',
        () => lensesOf(uri),
        (all) => /3 put, 3 got/.test(at(all, QUEUE + 2)) && /exited with code 0/.test(at(all, START + 2)),
      );
      assert.match(at(after, QUEUE + 2), /1 producer → 1 consumer/);
      assert.match(await hover(document, QUEUE + 2), /3 put, 3 got/);
      assert.deepEqual(await hints(document), []);

      await vscode.commands.executeCommand('forkscope.closeEnded');
      await until(
        'nothing any more',
        () => lensesOf(uri),
        (all) => all.length === 0,
      );
      assert.equal(await hover(document, QUEUE + 2), '');
    });

    it('a hang is a diagnostic at its lines, with the others as related information, also when muted and unmuted', async () => {
      const document = await open('hanging.py', HANGING);
      const { uri } = document;
      await start('hanging.py');
      const [diagnostic] = await diagnosticsOf(uri, 1);
      assert.ok(diagnostic);
      assert.equal((diagnostic.code as { value: string }).value, 'both-send');
      assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
      const lines = [diagnostic.range, ...(diagnostic.relatedInformation ?? []).map(({ location }) => location.range)];
      const shown = lines.map(({ start: { line } }) => line);
      assert.ok(shown.includes(CHILD_SENDS) && shown.includes(PARENT_SENDS), shown.join());
      const other = diagnostic.range.start.line === CHILD_SENDS ? PARENT_SENDS : CHILD_SENDS;
      assert.match(await hover(document, other), /\[both-send\]\(https:/);
      const offered = (await actions(uri, diagnostic)).map(({ title }) => title);
      assert.ok(offered.includes('Mute both-send on this line'), offered.join());
      assert.ok(offered.includes('Open the page of both-send'), offered.join());
      await set('findings.muted', ['both-send']);
      await diagnosticsOf(uri, 0);
      await set('findings.muted', undefined);
      await diagnosticsOf(uri, 1);
    });
  });
});

function folder(): vscode.Uri {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(workspace, 'a folder is open');
  return workspace.uri;
}

async function write(name: string, text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(folder(), name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Writes a file into the workspace and opens it in an editor. */
async function open(name: string, text: string): Promise<vscode.TextDocument> {
  let document = await vscode.workspace.openTextDocument(await write(name, text));
  if (document.languageId !== 'python') document = await vscode.languages.setTextDocumentLanguage(document, 'python');
  await vscode.window.showTextDocument(document);
  return document;
}

/** A setting that is not set has its default. */
function set(name: string, value: unknown): Thenable<void> {
  return vscode.workspace.getConfiguration('forkscope').update(name, value, vscode.ConfigurationTarget.Workspace);
}

const sessions = new Set<vscode.DebugSession>();
let stopped: Promise<unknown> = Promise.resolve();

/** Starts a program of the workspace; `ended` resolves with its exit code. */
async function start(program: string): Promise<{ ended: Promise<number | null> }> {
  let exitCode: number | null = null;
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory('forkscope', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage(message: { event?: string; body?: Record<string, unknown> }) {
        if (message.event === 'exited') exitCode = message.body?.['exitCode'] as number;
      },
    }),
  });
  const started = vscode.debug.onDidStartDebugSession((session) => sessions.add(session));
  const ended = new Promise<number | null>((resolve) => {
    const listening = vscode.debug.onDidTerminateDebugSession((session) => {
      if (!sessions.delete(session)) return;
      listening.dispose();
      tracker.dispose();
      resolve(exitCode);
    });
  });
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  const launched = await vscode.debug.startDebugging(workspace, {
    type: 'forkscope',
    request: 'launch',
    name: program,
    program: vscode.Uri.joinPath(folder(), program).fsPath,
    cwd: folder().fsPath,
    console: 'internalConsole',
    lineDebugging: 'off',
  });
  started.dispose();
  assert.ok(launched, `${program} started`);
  stopped = ended;
  return { ended };
}

/** Stops the program left running by the last test. */
async function stop(): Promise<void> {
  if (sessions.size === 0) return;
  for (const session of sessions) await vscode.debug.stopDebugging(session);
  await stopped;
}

/** All diagnostics of Forkscope in a file, once there are `count`. */
function diagnosticsOf(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  return until(
    `${count} diagnostics`,
    async () => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Forkscope'),
    (all) => all.length === count,
  );
}

async function actions(uri: vscode.Uri, diagnostic: vscode.Diagnostic | undefined): Promise<vscode.CodeAction[]> {
  assert.ok(diagnostic);
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, diagnostic.range, 'quickfix');
}

interface Shown {
  readonly line: number;
  readonly text: string;
  readonly command?: string | undefined;
}

async function lensesOf(uri: vscode.Uri): Promise<Shown[]> {
  const all: vscode.CodeLens[] = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri, 100);
  return all.map(({ range, command }) => ({
    line: range.start.line,
    text: command?.title ?? '',
    command: command?.command,
  }));
}

async function hints(document: vscode.TextDocument): Promise<Shown[]> {
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  const found: vscode.InlayHint[] = await vscode.commands.executeCommand(
    'vscode.executeInlayHintProvider',
    document.uri,
    all,
  );
  return found.map(({ position, label }) => ({
    line: position.line,
    text: typeof label === 'string' ? label : label.map(({ value }) => value).join(''),
  }));
}

async function hover(document: vscode.TextDocument, line: number): Promise<string> {
  const at = new vscode.Position(line, document.lineAt(line).firstNonWhitespaceCharacterIndex);
  const found: vscode.Hover[] = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, at);
  return found.flatMap(({ contents }) => contents.map((each) => (each as vscode.MarkdownString).value)).join('\n');
}

function at(all: readonly Shown[], line: number): string {
  return all.find((each) => each.line === line)?.text ?? '';
}
