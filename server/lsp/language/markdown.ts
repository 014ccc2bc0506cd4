/** Markdown of hovers. What comes from a program is text, never markup. */
import { pathToFileURL } from 'node:url';
import { type MarkupContent, MarkupKind } from 'vscode-languageserver/node';
import type { FocusParams } from '../../protocol/panel';
import { baseName } from '../../shared/format';
import type { Place } from './sessions';

export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&').replace(/\s+/g, ' ');
}

/** A link that runs the client's command. */
export function commandLink(text: string, command: string, focus: FocusParams): string {
  const encoded = encodeURIComponent(JSON.stringify([focus])).replace(
    /[()']/g,
    (each) => `%${each.charCodeAt(0).toString(16)}`,
  );
  return `[${text}](command:${command}?${encoded})`;
}

/** "pipeline.py:12", and a click opens it. */
export function lineLink({ file, line }: Place): string {
  const name = baseName(file.path);
  const address = pathToFileURL(file.path).href.replace(/[()]/g, (each) => `%${each.charCodeAt(0).toString(16)}`);
  return `[${escaped(name)}:${line + 1}](${address}#L${line + 1})`;
}

export function markup(paragraphs: readonly string[]): MarkupContent {
  return { kind: MarkupKind.Markdown, value: paragraphs.join('\n\n') };
}
