/** Files whose lines are followed through edits: those that are open in the editor, and those that a session speaks of. */
import { realpathSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { readNamed, type Text } from '../../engine/files/input';
import { difference, LineTracker } from './lines';

/** A text that is larger was hardly written by a person. */
export const MAX_TEXT = 2 * 2 ** 20;

export class FollowedFile {
  readonly lines = new LineTracker();
  /** The moment of `lines` whose text is the one on disk. */
  saved = 0;
  private savedText: string;
  /** The document that is open for it. */
  uri: string | null = null;

  constructor(
    readonly key: string,
    readonly path: string,
    /** As it is now in the editor, or was when it was read. */
    public text: TextDocument,
    /** Last change on disk, ms since the epoch. */
    public changedAt: number,
  ) {
    this.savedText = text.getText();
  }

  /** What the editor has is what is on disk. */
  save(): void {
    this.saved = this.lines.mark;
    this.savedText = this.text.getText();
  }

  /** It is another text now; nobody saw how it came to that. */
  become(text: TextDocument): void {
    const before = this.text.getText();
    const { start, end, text: by } = difference(before, text.getText());
    if (start !== end || by !== '') {
      const range = { start: this.text.positionAt(start), end: this.text.positionAt(end) };
      this.lines.edit(range, by, before.slice(this.text.offsetAt({ line: range.start.line, character: 0 }), start));
    }
    this.text = text;
  }

  /** It is closed: what was not saved is gone. */
  close(): void {
    this.uri = null;
    this.lines.backTo(this.saved);
    this.text = TextDocument.create(this.text.uri, 'python', 0, this.savedText);
  }
}

export class Files {
  private readonly followed = new Map<string, FollowedFile>();

  get all(): Iterable<FollowedFile> {
    return this.followed.values();
  }

  /** The file of that path; read when it is not known. null: it cannot be read, or is no text. */
  follow(path: string): FollowedFile | null {
    const key = fileKey(path);
    const known = this.followed.get(key);
    if (known !== undefined) return known;
    const disk = diskText(path);
    return disk === null ? null : this.add(new FollowedFile(key, path, documentOf(path, disk.text), disk.changedAt));
  }

  /** The file of that path if it is known by now; nothing is looked for on the disk. */
  known(path: string): FollowedFile | null {
    for (const each of this.followed.values()) if (each.path === path || each.key === path) return each;
    return null;
  }

  /** A document was opened. null for one that is no file. */
  open(document: TextDocument): FollowedFile | null {
    const path = pathOf(document.uri);
    if (path === null) return null;
    const key = fileKey(path);
    let file = this.followed.get(key);
    const disk = diskText(path);
    if (file === undefined) file = this.add(new FollowedFile(key, path, document, disk?.changedAt ?? 0));
    else file.become(document);
    if (disk === null || disk.text === document.getText()) file.save();
    file.uri = document.uri;
    return file;
  }

  /** Files that are not open may have changed on disk. */
  refresh(): void {
    for (const file of this.followed.values()) {
      const disk = file.uri === null ? diskText(file.path, file.changedAt) : null;
      if (disk === null) continue;
      file.become(documentOf(file.path, disk.text));
      file.save();
      file.changedAt = disk.changedAt;
    }
  }

  /** No session is open: only open documents matter, as they are. */
  forget(): void {
    for (const [key, file] of this.followed) {
      if (file.uri === null) this.followed.delete(key);
      else {
        file.lines.backTo(0);
        file.saved = 0;
      }
    }
  }

  private add(file: FollowedFile): FollowedFile {
    this.followed.set(file.key, file);
    return file;
  }
}

function documentOf(path: string, text: string): TextDocument {
  return TextDocument.create(pathToFileURL(path).href, 'python', 0, text);
}

/** null: it cannot be read, is no text of a person's, or has not changed since `unless`. */
function diskText(path: string, unless?: number): Text | null {
  const found = readNamed(path, MAX_TEXT, unless);
  return found === null ? null : { ...found, text: found.text.replace(/^\uFEFF/, '') };
}

function pathOf(uri: string): string | null {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : null;
  } catch {
    return null; // a host's share, on a system that has none
  }
}

const keys = new Map<string, string>();

/** The same for all names of a file: links resolved, and capitals where the system does not tell them apart. */
function fileKey(path: string): string {
  let key = keys.get(path);
  if (key === undefined) {
    try {
      key = realpathSync.native(path);
    } catch {
      return path; // it may come into being yet
    }
    if (process.platform === 'win32') key = key.toLowerCase();
    keys.set(path, key);
    if (keys.size > 2000) keys.delete(keys.keys().next().value as string);
  }
  return key;
}
