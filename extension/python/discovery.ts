/** Where Pythons are looked for, in which order. Knows no editor; the machine is handed in. */
import path from 'node:path';
import * as l10n from '@vscode/l10n';

/** As much of the machine as the search touches. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  kind(path: string): Promise<'file' | 'folder' | 'nothing'>;
  /** Names in a folder; empty when it cannot be read. */
  list(folder: string): Promise<readonly string[]>;
  /** What a program prints on its output, trimmed; undefined when it fails. */
  output(program: string, args: readonly string[]): Promise<string | undefined>;
}

export interface Place {
  /** The workspace folder; undefined: none is open. */
  readonly folder: string | undefined;
  /** The `forkscope.python` setting as it is written. */
  readonly setting: string;
  /** The Python extension's interpreter for this place; undefined where there is none. */
  readonly active: () => Promise<string | undefined>;
}

export interface Found {
  readonly path: string;
  readonly source: 'setting' | 'extension' | 'workspace' | 'path';
}

/** There is no interpreter, or not the one that was asked for. The message is a sentence for the user. */
export class NoPython extends Error {}

export class Discovery {
  private readonly paths: typeof path.posix;

  constructor(private readonly machine: Machine) {
    this.paths = machine.platform === 'win32' ? path.win32 : path.posix;
  }

  /** The first in order: setting, Python extension, the workspace's environment, PATH. Rejects with NoPython. */
  async resolve(place: Place): Promise<Found> {
    if (place.setting.trim() !== '') {
      return { path: await this.fromSetting(place.setting.trim(), place.folder), source: 'setting' };
    }
    const active = await place.active();
    if (active !== undefined && (await this.machine.kind(active)) === 'file') {
      return { path: active, source: 'extension' };
    }
    const local = place.folder === undefined ? undefined : (await this.inWorkspace(place.folder))[0];
    if (local !== undefined) {
      return { path: local, source: 'workspace' };
    }
    const onPath = (await this.onPath())[0];
    if (onPath !== undefined) {
      return { path: onPath, source: 'path' };
    }
    throw new NoPython(l10n.t('No Python was found on this machine. Install Python 3, or choose an interpreter.'));
  }

  /** Everything there is to choose from, each once. */
  async all(place: Place, more: readonly string[] = []): Promise<Found[]> {
    const found = new Map<string, Found>();
    const add = (source: Found['source'], paths: readonly (string | undefined)[]): void => {
      for (const each of paths) {
        if (each !== undefined && !found.has(each)) {
          found.set(each, { path: each, source });
        }
      }
    };
    if (place.setting.trim() !== '') {
      add('setting', [await this.fromSetting(place.setting.trim(), place.folder).catch(() => undefined)]);
    }
    add('extension', [await place.active()]);
    add('workspace', place.folder === undefined ? [] : await this.inWorkspace(place.folder));
    add('extension', more);
    add('path', await this.onPath());
    add('path', await this.versionsOnPath());
    return [...found.values()];
  }

  /** `~`, ${workspaceFolder} and ${env:NAME} replaced. */
  expand(text: string, folder: string | undefined): string {
    return text
      .replace(/^~(?=$|[\\/])/, () => this.machine.home)
      .replace(/\$\{env:([^}]+)\}/g, (_, name: string) => this.machine.env[name] ?? '')
      .replace(/\$\{(workspaceFolder|workspaceRoot)\}/g, (whole) => folder ?? whole);
  }

  private async fromSetting(setting: string, folder: string | undefined): Promise<string> {
    const wanted = this.expand(setting, folder);
    if (wanted.includes('${')) {
      throw new NoPython(
        l10n.t('The setting forkscope.python is {0}, but no folder is open to resolve it against.', setting),
      );
    }
    if (!/[\\/]/.test(wanted)) {
      const named = await this.search(wanted);
      if (named === undefined) {
        throw new NoPython(l10n.t('The setting forkscope.python is {0}, and the PATH has no such program.', setting));
      }
      return named;
    }
    const absolute = this.paths.resolve(folder ?? this.machine.home, wanted);
    const kind = await this.machine.kind(absolute);
    if (kind === 'file') {
      return absolute;
    }
    const inside = kind === 'folder' ? await this.inEnvironment(absolute) : undefined;
    if (inside === undefined) {
      throw new NoPython(l10n.t('No Python interpreter at {0} (setting forkscope.python).', absolute));
    }
    return inside;
  }

  private async inWorkspace(folder: string): Promise<string[]> {
    const found: string[] = [];
    for (const name of ['.venv', 'venv']) {
      const python = await this.inEnvironment(this.paths.join(folder, name));
      if (python !== undefined) {
        found.push(python);
      }
    }
    return found;
  }

  private async inEnvironment(folder: string): Promise<string | undefined> {
    const places =
      this.machine.platform === 'win32' ? ['Scripts/python.exe', 'python.exe'] : ['bin/python', 'bin/python3'];
    for (const place of places) {
      const python = this.paths.join(folder, ...place.split('/'));
      if ((await this.machine.kind(python)) === 'file') {
        return python;
      }
    }
    return undefined;
  }

  /** What `python3` and `python` mean; on Windows what the launcher takes for the newest 3 first. */
  private async onPath(): Promise<string[]> {
    const found: (string | undefined)[] = [];
    if (this.machine.platform === 'win32') {
      const launcher = await this.search('py');
      if (launcher !== undefined) {
        const newest = await this.machine.output(launcher, ['-3', '-c', 'import sys; print(sys.executable)']);
        found.push(newest === '' ? undefined : newest);
      }
    }
    found.push(await this.search('python3'), await this.search('python'));
    return found.filter((each) => each !== undefined);
  }

  /** python3.8, python3.12 and so on, newest first. */
  private async versionsOnPath(): Promise<string[]> {
    const found: { path: string; minor: number }[] = [];
    for (const folder of this.searchFolders()) {
      for (const name of await this.machine.list(folder)) {
        const minor = /^python3\.(\d+)(\.exe)?$/.exec(name)?.[1];
        if (minor !== undefined) {
          found.push({ path: this.paths.join(folder, name), minor: Number(minor) });
        }
      }
    }
    return found.sort((a, b) => b.minor - a.minor).map((each) => each.path);
  }

  private searchFolders(): string[] {
    const search = this.machine.env['PATH'] ?? this.machine.env['Path'] ?? '';
    return (
      search
        .split(this.paths.delimiter)
        // Microsoft's folder of placeholders that open the Store instead of running anything.
        .filter((folder) => this.paths.isAbsolute(folder) && !/\\WindowsApps\\?$/i.test(folder))
    );
  }

  private async search(name: string): Promise<string | undefined> {
    const suffixes = this.machine.platform === 'win32' && !/\.exe$/i.test(name) ? ['.exe'] : [''];
    for (const folder of this.searchFolders()) {
      for (const suffix of suffixes) {
        const program = this.paths.join(folder, name + suffix);
        if ((await this.machine.kind(program)) === 'file') {
          return program;
        }
      }
    }
    return undefined;
  }
}
