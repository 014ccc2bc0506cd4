/** Reads the imports of the project's own source, and finds those that `ROOMS` does not allow. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import { filesBelow, ROOT } from './files';
import type { Room } from './rooms';

/** The TypeScript files that ship, relative to the project's root, with `/`. */
export function sources(): string[] {
  return ['server', 'extension', 'media']
    .flatMap(filesBelow)
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'));
}

/**
 * The imports of a file, in any form: `import`, `export … from`, `import()`, and types by `import('…')`.
 * @throws {Error} if the text is not TypeScript
 */
export function importsOf(file: string, text: string): string[] {
  const { module, program, errors } = parseSync(path.basename(file), text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const found = module.staticImports.map((each) => each.moduleRequest.value);
  for (const { entries } of module.staticExports)
    for (const { moduleRequest } of entries) if (moduleRequest) found.push(moduleRequest.value);
  for (const { moduleRequest } of module.dynamicImports)
    found.push(text.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''));
  new Visitor({ TSImportType: (node) => void found.push(String(node.source.value)) }).visit(program);
  return found;
}

/** The file that a relative import resolves to, from the root; the specifier itself if there is none. */
export function resolveImport(file: string, specifier: string): string {
  const base = path.posix.join(path.posix.dirname(file), specifier);
  const found = [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`].find((each) => {
    const whole = path.join(ROOT, each);
    return existsSync(whole) && statSync(whole).isFile();
  });
  return found ?? base;
}

/** The room of a file: the longest matching path. */
function roomOf(rooms: readonly Room[], file: string): Room | undefined {
  return rooms
    .filter(({ at }) => file === at || file.startsWith(`${at}/`))
    .reduce<Room | undefined>(
      (best, each) => (best === undefined || each.at.length > best.at.length ? each : best),
      undefined,
    );
}

/** Why this import is rejected; null if the table allows it. */
export function refusal(rooms: readonly Room[], file: string, specifier: string): string | null {
  const room = roomOf(rooms, file);
  if (room === undefined) return `${file} is in no room`;
  if (!specifier.startsWith('.'))
    return fits(room.packages, specifier) ? null : `${room.at} may not import the package ${specifier}`;
  const target = resolveImport(file, specifier);
  const other = roomOf(rooms, target);
  if (other === undefined) return `${target} is in no room`;
  return other === room || room.rooms.includes(other.at) ? null : `${room.at} may not import ${other.at}`;
}

function fits(patterns: readonly string[], name: string): boolean {
  return patterns.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));
}
