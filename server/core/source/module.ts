/** One file as seen by the checks: what its expressions refer to, as far as the file alone determines it. */
import type { Severity } from '../../protocol/views';
import type { Api, Creation, Method } from './api';
import { API, FAMILIES } from './api';
import { type Binding, readScopes, type Scope, type Scopes, type Variable } from './scopes';
import type { Syntax, SyntaxNode } from './syntax';

/** Longer chains of names are not followed. */
const FAR = 12;

/** One mention of a variable and its use there. */
export interface Use {
  readonly node: SyntaxNode;
  /** "close" in `pool.close()`; null if it is not such a call. */
  readonly method: string | null;
  /** The method call, if there is one. */
  readonly call: SyntaxNode | null;
  /** Its attribute is read, or it is passed on, stored, returned or captured: other code may do anything with it. */
  readonly escapes: boolean;
}

export class Module {
  readonly scopes: Scopes;
  private readonly resolved = new Map<SyntaxNode, Creation | null>();
  private calls: readonly SyntaxNode[] | null = null;
  private allCreations: readonly Creation[] | null = null;
  private starting: readonly SyntaxNode[] | null = null;
  private method: Method | null | undefined;

  constructor(
    readonly syntax: Syntax,
    readonly text: string,
    /** Base name, if the file has one. */
    readonly name: string,
  ) {
    this.scopes = readScopes(syntax.root);
  }

  get root(): SyntaxNode {
    return this.syntax.root;
  }

  get allCalls(): readonly SyntaxNode[] {
    this.calls ??= [...this.root.walk()].filter((each) => each.type === 'call');
    return this.calls;
  }

  /** Calls that may create a process or thread, by their text alone: resolving them could recurse into this query. */
  private get startingCalls(): readonly SyntaxNode[] {
    this.starting ??= this.allCalls.filter((each) => /(Process|Thread)$/.test(each.child('function')?.text ?? ''));
    return this.starting;
  }

  /** Every call in the file that creates an object known to the checks. */
  get creations(): readonly Creation[] {
    this.allCreations ??= this.allCalls.flatMap((each) => this.creationOf(each) ?? []);
    return this.allCreations;
  }

  /** The start method that the file sets globally; null if it sets none, or several. */
  get startMethod(): Method | null {
    if (this.method === undefined) {
      const set = new Set<Method | null>();
      for (const each of this.allCalls) {
        if (/(^|\.)set_start_method$/.test(each.child('function')?.text ?? '')) set.add(methodIn(each));
      }
      this.method = set.size === 1 ? ([...set][0] ?? null) : null;
    }
    return this.method;
  }

  scopeOf(node: SyntaxNode): Scope {
    for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
      const scope = this.scopes.opened.get(at);
      // A definition's own name, defaults and decorators belong to the enclosing scope.
      if (scope !== undefined && at !== node) return scope;
    }
    return this.scopes.module;
  }

  /** The variable behind `name` or `self.name`. */
  variable(expression: SyntaxNode | null): Variable | null {
    if (expression?.type === 'identifier') return this.scopeOf(expression).lookup(expression.text);
    if (expression?.type === 'attribute' && expression.child('object')?.text === 'self') {
      return this.scopeOf(expression).class?.attributes.get(expression.child('attribute')?.text ?? '') ?? null;
    }
    return null;
  }

  /** Dotted name of an imported object: "multiprocessing.Pool". */
  qualified(expression: SyntaxNode | null, far = 0): string | null {
    if (expression === null || far > FAR) return null;
    if (expression.type === 'identifier') {
      const variable = this.scopeOf(expression).lookup(expression.text);
      if (variable === null) {
        const from = this.scopes.module.wildcards.find(
          (each) => FAMILIES.has(each) || each === 'os' || each === 'threading',
        );
        return from === undefined ? null : `${from}.${expression.text}`;
      }
      const [first] = variable.bindings;
      if (first === undefined) return null;
      if (variable.bindings.every((each) => each.kind === 'import')) {
        // Of alternatives (`try: import a except ImportError: import b as a`) the first is used.
        return first.imported;
      }
      if (variable.bindings.length > 1 || first.kind !== 'assign' || first.item !== null) return null;
      return this.qualified(first.value, far + 1);
    }
    if (expression.type === 'attribute') {
      const object = expression.child('object');
      const name = expression.child('attribute')?.text;
      const inner = this.qualified(object, far + 1);
      if (inner !== null) return `${inner}.${name}`;
      const context = this.creationOf(object, far + 1);
      return context?.api === 'Context' ? `${context.family}.${name}` : null;
    }
    return null;
  }

  /** The call that created an expression's value, if it is unambiguous. */
  creationOf(expression: SyntaxNode | null, far = 0): Creation | null {
    if (expression === null || far > FAR) return null;
    const known = this.resolved.get(expression);
    if (known !== undefined) return known;
    this.resolved.set(expression, null);
    const found = this.find(expression, far);
    this.resolved.set(expression, found);
    return found;
  }

  private find(expression: SyntaxNode, far: number): Creation | null {
    if (expression.type === 'call') return this.creationByCall(expression, far);
    if (expression.type === 'parenthesized_expression') return this.creationOf(expression.children[0] ?? null, far + 1);
    const variable = this.variable(expression);
    if (variable === null) return null;
    // Inside a loop or a with statement that binds the name, that binding applies.
    const around = variable.bindings.filter(
      (each) =>
        (each.kind === 'for' && encloses(each, expression)) ||
        (each.kind === 'with' && each.node.above('with_statement')?.contains(expression) === true),
    );
    const bindings = around.length > 0 ? around.slice(-1) : variable.bindings;
    const each = bindings.map((binding) => this.creationByBinding(binding, far));
    const [first] = each;
    return first != null && each.every((one) => one?.api === first.api && one.end === first.end) ? first : null;
  }

  private creationByBinding(binding: Binding, far: number): Creation | null {
    const { kind, value, item } = binding;
    if (kind === 'param') return this.passedIn(binding, far);
    if (value === null) return null;
    if (kind === 'assign' || kind === 'with') {
      const creation = this.creationOf(value, far + 1);
      if (item === null) return creation;
      // Only the result of Pipe() is unpacked.
      return creation?.api === 'Pipe' ? { ...creation, api: 'Connection', end: item } : null;
    }
    if (kind === 'for' && item === null) {
      const each = this.elements(value, far + 1).map((one) => this.creationOf(one, far + 1));
      const [first] = each;
      return first != null && each.every((one) => one?.api === first.api) ? first : null;
    }
    return null;
  }

  /** The value of a parameter in every process or task to which this file passes the function. */
  private passedIn(binding: Binding, far: number): Creation | null {
    const target = binding.node.above('function_definition');
    if (target === null) return null;
    const found: Creation[] = [];
    for (const call of this.startingCalls) {
      const creator = this.creationOf(call, far + 1);
      if (creator === null || this.targetOf(creator) !== target) continue;
      const place = parameterNames(target).indexOf(binding.node.text);
      const creation = this.creationOf(this.argumentsOf(creator)[place] ?? null, far + 1);
      if (creation === null) return null;
      found.push(creation);
    }
    const [first] = found;
    return first !== undefined && found.every((each) => each.api === first.api) ? first : null;
  }

  private creationByCall(call: SyntaxNode, far: number): Creation | null {
    const callee = call.child('function');
    if (callee === null) return null;
    const name = this.qualified(callee, far + 1);
    if (name !== null) {
      const api = API.get(name);
      if (api === undefined) return null;
      const context = callee.type === 'attribute' ? this.creationOf(callee.child('object'), far + 1) : null;
      const family = [...FAMILIES].filter((each) => name.startsWith(`${each}.`)).sort((a, b) => b.length - a.length)[0];
      return {
        api,
        call,
        end: null,
        family: family ?? name.slice(0, name.lastIndexOf('.')),
        method: api === 'Context' ? methodIn(call) : (context?.method ?? contextGiven(this, call, far)),
      };
    }
    // A class of the file that derives from Process.
    const variable = this.variable(callee);
    const definition = variable?.bindings.length === 1 ? variable.bindings[0] : undefined;
    if (definition?.kind === 'class') {
      for (const base of definition.value?.child('superclasses')?.children ?? []) {
        const api: Api | undefined = API.get(this.qualified(base, far + 1) ?? '');
        if (api === 'Process' || api === 'Thread')
          return { api, call, end: null, family: 'multiprocessing', method: null };
      }
    }
    return null;
  }

  /** The elements of a list built by the file: displays, comprehensions, appended elements. */
  elements(list: SyntaxNode | null, far = 0): SyntaxNode[] {
    if (list === null || far > FAR) return [];
    if (list.type === 'list' || list.type === 'tuple') return [...list.children];
    if (list.type === 'list_comprehension') return [list.child('body') ?? (list.children[0] as SyntaxNode)];
    const variable = this.variable(list);
    if (variable === null) return [];
    const found = variable.bindings.flatMap((each) =>
      each.kind === 'assign' && each.item === null ? this.elements(each.value, far + 1) : [],
    );
    for (const use of this.uses(variable)) {
      if (use.method === 'append') found.push(...positional(use.call));
    }
    return found;
  }

  /** The function of this file that a process or thread runs, or a lambda. */
  targetOf(creation: Creation): SyntaxNode | null {
    return this.functionOf(keyword(creation.call, 'target') ?? positional(creation.call)[1] ?? null);
  }

  /** The elements of `args=(…)`, passed to the target. */
  argumentsOf(creation: Creation): readonly SyntaxNode[] {
    const list = keyword(creation.call, 'args') ?? positional(creation.call)[3];
    return list?.type === 'tuple' || list?.type === 'list' ? list.children : [];
  }

  /** The definition behind a name, or the lambda itself. */
  functionOf(expression: SyntaxNode | null): SyntaxNode | null {
    if (expression?.type === 'lambda') return expression;
    const variable = expression?.type === 'identifier' ? this.variable(expression) : null;
    const [binding] = variable?.bindings ?? [];
    if (binding === undefined || variable?.bindings.length !== 1) return null;
    if (binding.kind === 'def') return binding.value;
    return binding.kind === 'assign' && binding.value?.type === 'lambda' ? binding.value : null;
  }

  uses(variable: Variable): Use[] {
    return variable.uses.map((node) => {
      const parent = node.parent;
      const call = parent?.parent;
      if (parent?.type === 'attribute' && node.role === 'object') {
        const called = call?.type === 'call' && parent.role === 'function';
        return {
          node,
          method: called ? (parent.child('attribute')?.text ?? null) : null,
          call: called ? call : null,
          escapes: !called || this.captured(node, variable),
        };
      }
      return { node, method: null, call: null, escapes: true };
    });
  }

  /** Used in a function other than the one that owns the variable. */
  private captured(node: SyntaxNode, variable: Variable): boolean {
    const own = variable.scope.kind === 'function' ? variable.scope.node : null;
    return node.above('function_definition', 'lambda') !== own;
  }

  /** The start method of these processes, as far as the file determines it. */
  methodOf(creation: Creation): Method | null {
    return creation.method ?? this.startMethod;
  }

  /** error if the file makes it certain, otherwise the severity where the default start method decides. */
  severityUnder(method: Method | null): Severity {
    return method === null ? 'warning' : 'error';
  }
}

/** The loop of a binding, or the comprehension of its clause, encloses a node. */
function encloses(binding: Binding, node: SyntaxNode): boolean {
  const loop = binding.node.above('for_statement', 'for_in_clause');
  return (loop?.type === 'for_statement' ? loop : loop?.parent)?.contains(node) === true;
}

export function positional(call: SyntaxNode | null): SyntaxNode[] {
  const list = call?.child('arguments');
  if (list?.type !== 'argument_list') return list == null ? [] : [list];
  return list.children.filter((each) => each.type !== 'keyword_argument');
}

export function keyword(call: SyntaxNode | null, name: string): SyntaxNode | null {
  for (const each of call?.child('arguments')?.children ?? []) {
    if (each.type === 'keyword_argument' && each.child('name')?.text === name) return each.child('value');
  }
  return null;
}

/** The positional parameters, without a method's `self`. */
export function parameterNames(definition: SyntaxNode): string[] {
  const list = definition.child('parameters')?.children ?? [];
  return list
    .map((each) => (each.type === 'identifier' ? each : (each.child('name') ?? each.children[0]))?.text ?? '')
    .filter((each) => each !== 'self');
}

function methodIn(call: SyntaxNode): Method | null {
  const first = positional(call)[0] ?? keyword(call, 'method');
  const found = /^[rbu]*['"](fork|spawn|forkserver)['"]$/.exec(first?.text ?? '')?.[1];
  return (found as Method | undefined) ?? null;
}

/** `mp_context=…` of an executor. */
function contextGiven(module: Module, call: SyntaxNode, far: number): Method | null {
  const given = keyword(call, 'mp_context');
  return given === null ? null : (module.creationOf(given, far + 1)?.method ?? null);
}
