/** Name resolution: scopes, their bindings, and the uses of names. */
import type { SyntaxNode } from './syntax';

type BindingKind = 'import' | 'assign' | 'param' | 'def' | 'class' | 'for' | 'with' | 'other';

export interface Binding {
  readonly kind: BindingKind;
  /** The name at its binding. */
  readonly node: SyntaxNode;
  /** The bound expression or definition; null if it is neither. */
  readonly value: SyntaxNode | null;
  /** The position in the tuple on the left; null if the whole value is bound. */
  readonly item: number | null;
  /** Dotted name of the import. */
  readonly imported: string | null;
}

export class Variable {
  readonly bindings: Binding[] = [];
  readonly uses: SyntaxNode[] = [];
  constructor(
    readonly name: string,
    readonly scope: Scope,
  ) {}
}

export class Scope {
  readonly variables = new Map<string, Variable>();
  /** Names that belong to another scope: `global`, `nonlocal`. */
  readonly elsewhere = new Map<string, 'global' | 'nonlocal'>();
  /** Assignments to attributes, such as "self.queue" in a class, in any of its methods. */
  readonly attributes = new Map<string, Variable>();
  /** Modules of `from … import *`. */
  readonly wildcards: string[] = [];
  constructor(
    readonly node: SyntaxNode,
    readonly parent: Scope | null,
    readonly kind: 'module' | 'function' | 'class' | 'inner',
  ) {}

  get module(): Scope {
    return this.parent?.module ?? this;
  }
  get class(): Scope | null {
    return this.kind === 'class' ? this : (this.parent?.class ?? null);
  }

  variable(name: string): Variable {
    let found = this.variables.get(name);
    if (found === undefined) {
      found = new Variable(name, this);
      this.variables.set(name, found);
    }
    return found;
  }

  lookup(name: string): Variable | null {
    if (this.elsewhere.get(name) === 'global') return this.module.variables.get(name) ?? null;
    const own = this.variables.get(name);
    if (own !== undefined) return own;
    // A class body's bindings are not visible in its functions.
    let up = this.parent;
    while (up !== null && up.kind === 'class') up = up.parent;
    return up?.lookup(name) ?? null;
  }
}

export interface Scopes {
  readonly module: Scope;
  /** Scopes opened by definitions, lambdas and comprehensions. */
  readonly opened: ReadonlyMap<SyntaxNode, Scope>;
}

const COMPREHENSIONS = new Set([
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

export function readScopes(root: SyntaxNode): Scopes {
  const module = new Scope(root, null, 'module');
  const opened = new Map<SyntaxNode, Scope>([[root, module]]);
  const uses: { node: SyntaxNode; scope: Scope }[] = [];
  const attributes: { node: SyntaxNode; scope: Scope }[] = [];

  function open(node: SyntaxNode, parent: Scope, kind: Scope['kind']): Scope {
    const scope = new Scope(node, parent, kind);
    opened.set(node, scope);
    return scope;
  }

  function bind(
    scope: Scope,
    kind: BindingKind,
    node: SyntaxNode,
    value: SyntaxNode | null = null,
    item: number | null = null,
    imported: string | null = null,
  ): void {
    const where = scope.elsewhere.get(node.text);
    let owner = scope;
    if (where === 'global') owner = scope.module;
    if (where === 'nonlocal') owner = scope.parent?.lookup(node.text)?.scope ?? scope;
    owner.variable(node.text).bindings.push({ kind, node, value, item, imported });
  }

  /** The target of an assignment, a loop, a with. */
  function bindPattern(scope: Scope, kind: BindingKind, left: SyntaxNode, value: SyntaxNode | null): void {
    if (left.type === 'identifier') {
      bind(scope, kind, left, value);
      return;
    }
    if (
      /^(pattern_list|tuple_pattern|list_pattern|as_pattern_target|tuple|list|parenthesized_expression)$/.test(
        left.type,
      )
    ) {
      const whole = left.type === 'as_pattern_target' || left.type === 'parenthesized_expression';
      for (const [index, each] of left.children.entries()) {
        if (each.type !== 'identifier') bindPattern(scope, whole ? kind : 'other', each, whole ? value : null);
        else bind(scope, kind, each, value, whole ? null : index);
      }
      return;
    }
    if (left.type === 'attribute' && left.child('object')?.text === 'self' && scope.class !== null) {
      const name = left.child('attribute')?.text ?? '';
      const known = scope.class.attributes;
      let variable = known.get(name);
      if (variable === undefined) {
        variable = new Variable(`self.${name}`, scope.class);
        known.set(name, variable);
      }
      variable.bindings.push({ kind, node: left, value, item: null, imported: null });
      visit(left.child('object') as SyntaxNode, scope);
      return;
    }
    if (left.type === 'list_splat_pattern') {
      bindPattern(scope, 'other', left.children[0] as SyntaxNode, null);
      return;
    }
    visit(left, scope);
  }

  function parameters(list: SyntaxNode | null, scope: Scope, outer: Scope): void {
    for (const each of list?.children ?? []) {
      const name =
        each.type === 'identifier'
          ? each
          : (each.child('name') ?? each.children.find((one) => one.type === 'identifier'));
      if (name?.type === 'identifier') bind(scope, each.type.includes('splat') ? 'other' : 'param', name, null);
      else if (name !== undefined) bindPattern(scope, 'other', name, null);
      const value = each.child('value');
      if (value !== null) visit(value, outer);
    }
  }

  function imports(node: SyntaxNode, scope: Scope): void {
    const from = node.child('module_name');
    for (const each of node.children) {
      if (each === from) continue;
      if (each.type === 'wildcard_import' && from !== null) scope.wildcards.push(from.text);
      const prefix = from === null ? '' : `${from.text}.`;
      if (each.type === 'aliased_import') {
        const [name, alias] = [each.child('name'), each.child('alias')];
        if (name !== null && alias !== null) bind(scope, 'import', alias, null, null, prefix + name.text);
      } else if (each.type === 'dotted_name') {
        const first = each.children[0] as SyntaxNode;
        // `import a.b` binds a.
        bind(scope, 'import', first, null, null, from === null ? first.text : prefix + each.text);
      }
    }
  }

  function visit(node: SyntaxNode, scope: Scope): void {
    switch (node.type) {
      case 'identifier':
        uses.push({ node, scope });
        return;
      case 'attribute': {
        const object = node.child('object');
        if (object?.text === 'self') attributes.push({ node, scope });
        if (object !== null) visit(object, scope);
        return;
      }
      case 'keyword_argument': {
        const value = node.child('value');
        if (value !== null) visit(value, scope);
        return;
      }
      case 'import_statement':
      case 'import_from_statement':
        imports(node, scope);
        return;
      case 'global_statement':
      case 'nonlocal_statement':
        for (const each of node.children)
          scope.elsewhere.set(each.text, node.type === 'global_statement' ? 'global' : 'nonlocal');
        return;
      case 'function_definition': {
        const name = node.child('name');
        if (name !== null) bind(scope, 'def', name, node);
        const inner = open(node, scope, 'function');
        parameters(node.child('parameters'), inner, scope);
        const body = node.child('body');
        if (body !== null) visit(body, inner);
        return;
      }
      case 'lambda': {
        const inner = open(node, scope, 'inner');
        parameters(node.child('parameters'), inner, scope);
        const body = node.child('body');
        if (body !== null) visit(body, inner);
        return;
      }
      case 'class_definition': {
        const name = node.child('name');
        if (name !== null) bind(scope, 'class', name, node);
        const bases = node.child('superclasses');
        if (bases !== null) visit(bases, scope);
        const body = node.child('body');
        if (body !== null) visit(body, open(node, scope, 'class'));
        return;
      }
      case 'assignment': {
        const [left, right] = [node.child('left'), node.child('right')];
        if (right !== null) visit(right, scope);
        if (left !== null && right !== null) bindPattern(scope, 'assign', left, right);
        return;
      }
      case 'augmented_assignment': {
        const [left, right] = [node.child('left'), node.child('right')];
        if (right !== null) visit(right, scope);
        if (left?.type === 'identifier') uses.push({ node: left, scope });
        if (left !== null) bindPattern(scope, 'other', left, null);
        return;
      }
      case 'named_expression': {
        const [name, value] = [node.child('name'), node.child('value')];
        if (value !== null) visit(value, scope);
        if (name !== null) bind(scope, 'assign', name, value);
        return;
      }
      case 'for_statement':
      case 'for_in_clause': {
        const [left, right] = [node.child('left'), node.child('right')];
        if (right !== null) visit(right, scope);
        if (left !== null) bindPattern(scope, 'for', left, right);
        for (const each of node.children) if (each !== left && each !== right) visit(each, scope);
        return;
      }
      case 'as_pattern': {
        const [value, alias] = node.children;
        if (value !== undefined) visit(value, scope);
        const managed = node.parent?.type === 'with_item';
        if (alias !== undefined)
          bindPattern(scope, managed ? 'with' : 'other', alias, managed ? (value ?? null) : null);
        return;
      }
      default: {
        const inner = COMPREHENSIONS.has(node.type) ? open(node, scope, 'inner') : scope;
        // The clauses bind what the body uses.
        for (const each of node.children) if (each.type === 'for_in_clause') visit(each, inner);
        for (const each of node.children) if (each.type !== 'for_in_clause') visit(each, inner);
      }
    }
  }

  for (const each of root.children) visit(each, module);
  for (const { node, scope } of uses) scope.lookup(node.text)?.uses.push(node);
  for (const { node, scope } of attributes)
    scope.class?.attributes.get(node.child('attribute')?.text ?? '')?.uses.push(node);
  return { module, opened };
}
