// Reads what the modules of server/runtime/forkscope_runtime/libraries declare, without running them.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';

const BASE = 'Library';

async function parser(root) {
  const { resolve } = createRequire(join(root, 'package.json'));
  await Parser.init({ wasmBinary: readFileSync(resolve('web-tree-sitter/web-tree-sitter.wasm')) });
  const made = new Parser();
  made.setLanguage(await Language.load(readFileSync(resolve('tree-sitter-python/tree-sitter-python.wasm'))));
  return made;
}

/** The value of a literal: strings, numbers, True, False, None, tuples and dictionaries; undefined for anything else. */
function literal(node) {
  switch (node.type) {
    case 'string': {
      const raw = /^r/i.test(node.text);
      const text = node.namedChildren.filter((each) => each.type === 'string_content').map((each) => each.text);
      if (!raw && text.some((each) => each.includes('\\'))) return undefined;
      return text.join('');
    }
    case 'integer':
      return Number(node.text);
    case 'true':
    case 'false':
      return node.type === 'true';
    case 'none':
      return null;
    case 'tuple': {
      const all = node.namedChildren.filter((each) => each.type !== 'comment').map(literal);
      return all.includes(undefined) ? undefined : all;
    }
    case 'dictionary': {
      const pairs = node.namedChildren
        .filter((each) => each.type === 'pair')
        .map((pair) => [literal(pair.childForFieldName('key')), literal(pair.childForFieldName('value'))]);
      return pairs.flat().includes(undefined) ? undefined : Object.fromEntries(pairs);
    }
    default:
      return undefined;
  }
}

/** The attributes of a class's body that are literals. */
function attributes(body) {
  const found = {};
  for (const statement of body.namedChildren) {
    const assignment = statement.type === 'expression_statement' ? statement.firstNamedChild : null;
    if (assignment?.type !== 'assignment') continue;
    const value = literal(assignment.childForFieldName('right'));
    if (value !== undefined) found[assignment.childForFieldName('left').text] = value;
  }
  return found;
}

function classes(tree) {
  return tree.rootNode.namedChildren
    .filter((each) => each.type === 'class_definition')
    .map((each) => ({
      name: each.childForFieldName('name').text,
      bases: each.childForFieldName('superclasses')?.text ?? '',
      own: attributes(each.childForFieldName('body')),
    }));
}

/**
 * Every library by the name of its module, with the attributes of `Library` that are literals there, the class's own defaults included.
 * @param {string} root of the repository
 * @returns {Promise<{name: string, attributes: Record<string, unknown>}[]>} sorted by name
 */
export async function declaredLibraries(root) {
  const folder = join(root, 'server/runtime/forkscope_runtime/libraries');
  const python = await parser(root);
  const read = (file) => classes(python.parse(readFileSync(join(folder, file), 'utf8')));
  const defaults = read('library.py').find((each) => each.name === BASE).own;
  return readdirSync(folder)
    .filter((file) => /^[a-z]\w*\.py$/.test(file))
    .sort()
    .flatMap((file) =>
      read(file)
        .filter((each) => each.bases === `(${BASE})`)
        .map((each) => ({ name: file.slice(0, -3), attributes: { ...defaults, ...each.own } })),
    );
}
