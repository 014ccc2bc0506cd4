/**
 * A tree whose rows change all the time. Compares the shown rows with the current ones, and refreshes only
 * changed rows; expansion and selection stay because every row has a stable id.
 */
import * as vscode from 'vscode';
import { Throttle } from '../../server/shared/throttle';
import type { Node } from '../ids';
import type { Row } from './labels';

/** Contents of a tree; called often, so it has to be cheap. */
export interface TreeSource {
  /** Rows below `parent`; undefined: the roots. */
  children(parent: Node | undefined): readonly Node[];
  parent(node: Node): Node | undefined;
  /** undefined: it is gone. */
  row(node: Node): Row | undefined;
  /** Markdown; asked for when the pointer rests on the row. */
  tooltip(node: Node): string;
  readonly linkedCommands: readonly string[];
  /** Command of a click, in addition to selecting the row. */
  command(node: Node): vscode.Command | undefined;
  expanded(node: Node): boolean;
}

function nodeKey(node: Node): string {
  switch (node.kind) {
    case 'session':
      return `session/${node.sessionId}`;
    case 'process':
      return `process/${node.sessionId}/${node.processId}`;
    case 'channel':
      return `channel/${node.sessionId}/${node.channelId}`;
    case 'endpoint':
      return `endpoint/${node.sessionId}/${node.channelId}/${node.index}`;
    case 'pool':
      return `pool/${node.sessionId}/${node.poolId}`;
    case 'worker':
      return `worker/${node.sessionId}/${node.poolId}/${node.workerId}`;
  }
}

const ROOT = '';
/**
 * ms between two events. The editor acts on an event at once, but then waits until none came for 200 ms: a tree that
 * fires an event for each of 20 updates a second would never refresh.
 */
const PACE = 220;
/** Rows of this scheme are shown with less emphasis. */
export const DIM_SCHEME = 'forkscope-dim';
/** Rows of this scheme have findings: the query contains the mark. */
export const MARK_SCHEME = 'forkscope-found';

export class LiveTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<Node | Node[] | undefined>();
  readonly onDidChangeTreeData = this.changes.event;

  /** One object per row, as the editor compares rows by identity. */
  private readonly nodes = new Map<string, Node>();
  /** What the editor shows: rows by key, whether each had children, and the children that it requested. */
  private readonly shown = new Map<string, { readonly row: Row; readonly collapsible: boolean }>();
  private readonly lists = new Map<string, readonly string[]>();

  private readonly pace = new Throttle(PACE, () => this.compareAll());

  constructor(private readonly source: TreeSource) {}

  getChildren(parent?: Node): Node[] {
    const children = this.source.children(parent).map((node) => this.intern(node));
    this.lists.set(parent === undefined ? ROOT : nodeKey(parent), children.map(nodeKey));
    return children;
  }

  getParent(node: Node): Node | undefined {
    const parent = this.source.parent(node);
    return parent === undefined ? undefined : this.intern(parent);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const key = nodeKey(node);
    const row = this.source.row(node);
    const collapsible = this.collapsible(node);
    const item = new vscode.TreeItem(row?.label ?? '', collapsible);
    // The editor keeps a row that had none below it collapsed when some come; another id makes it a new row, expanded.
    item.id = collapsible === vscode.TreeItemCollapsibleState.None ? key : `${key}+`;
    if (row === undefined) {
      return item;
    }
    this.shown.set(key, { row, collapsible: collapsible !== vscode.TreeItemCollapsibleState.None });
    item.description = row.description;
    item.iconPath = new vscode.ThemeIcon(
      row.icon,
      row.color === undefined ? undefined : new vscode.ThemeColor(row.color),
    );
    item.contextValue = row.context;
    item.accessibilityInformation = { label: row.spoken };
    if (row.mark !== undefined) {
      item.resourceUri = vscode.Uri.from({ scheme: MARK_SCHEME, path: `/${key}`, query: row.mark });
    } else if (row.dim) {
      item.resourceUri = vscode.Uri.from({ scheme: DIM_SCHEME, path: `/${key}` });
    }
    const command = this.source.command(node);
    if (command !== undefined) {
      item.command = command;
    }
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    const tooltip = new vscode.MarkdownString(this.source.tooltip(node), true);
    tooltip.isTrusted = { enabledCommands: [...this.source.linkedCommands] };
    item.tooltip = tooltip;
    return item;
  }

  /** The row of this node as the editor knows it; undefined: it has none. */
  known(node: Node): Node | undefined {
    return this.source.row(node) === undefined ? undefined : this.intern(node);
  }

  /** Compares, and refreshes the rows that differ: now, or as soon as the pace allows. */
  refresh(): void {
    this.pace.ask();
  }

  /** @returns whether anything differed */
  private compareAll(): boolean {
    const roots = this.lists.get(ROOT);
    if (roots === undefined) {
      return false; // Not requested yet; the first request gets the current rows.
    }
    if (!this.sameList(roots, undefined)) {
      this.forgetClosed();
      this.changes.fire(undefined);
      return true;
    }
    const changed = new Set<Node | undefined>();
    for (const key of roots) {
      this.compare(key, undefined, changed);
    }
    if (changed.size > 0)
      this.changes.fire(changed.has(undefined) ? undefined : [...changed].filter((node) => node !== undefined));
    return changed.size > 0;
  }

  dispose(): void {
    this.pace.stop();
    this.changes.dispose();
  }

  private intern(node: Node): Node {
    const key = nodeKey(node);
    const known = this.nodes.get(key);
    if (known !== undefined) {
      return known;
    }
    this.nodes.set(key, node);
    return node;
  }

  private collapsible(node: Node): vscode.TreeItemCollapsibleState {
    if (this.source.children(node).length === 0) {
      return vscode.TreeItemCollapsibleState.None;
    }
    return this.source.expanded(node)
      ? vscode.TreeItemCollapsibleState.Expanded
      : vscode.TreeItemCollapsibleState.Collapsed;
  }

  private sameList(shown: readonly string[], parent: Node | undefined): boolean {
    const wanted = this.source.children(parent);
    return wanted.length === shown.length && wanted.every((node, index) => nodeKey(node) === shown[index]);
  }

  /**
   * A changed row is refreshed with everything below it, so the rows below are not compared. A row that gets its first
   * child becomes a new row, which changes its parent; undefined in `changed` is the root.
   */
  private compare(key: string, parent: Node | undefined, changed: Set<Node | undefined>): void {
    const node = this.nodes.get(key);
    const shown = this.shown.get(key);
    if (node === undefined || shown === undefined) {
      return;
    }
    const row = this.source.row(node);
    const list = this.lists.get(key);
    if (this.source.children(node).length > 0 !== shown.collapsible) {
      changed.add(parent);
      return;
    }
    if (row === undefined || !sameRow(row, shown.row) || (list !== undefined && !this.sameList(list, node))) {
      changed.add(node);
      return;
    }
    for (const child of list ?? []) {
      this.compare(child, node, changed);
    }
  }

  private forgetClosed(): void {
    const open = new Set(this.source.children(undefined).map((node) => node.sessionId));
    for (const [key, node] of this.nodes) {
      if (!open.has(node.sessionId)) {
        this.nodes.delete(key);
        this.shown.delete(key);
        this.lists.delete(key);
      }
    }
  }
}

function sameRow(a: Row, b: Row): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.icon === b.icon &&
    a.color === b.color &&
    a.dim === b.dim &&
    a.context === b.context &&
    a.spoken === b.spoken &&
    a.mark === b.mark
  );
}
