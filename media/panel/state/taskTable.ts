import type { TasksParams } from '../../../server/protocol/requests';
import type { TasksResult } from '../../../server/protocol/stream';
import type { SessionId, TaskDetail, TaskFilter, TaskOrder, TaskRow } from '../../../server/protocol/views';
import { Pages } from './pages';

/** The table's requests to the extension. */
export interface TaskHost {
  tasks(params: TasksParams): Promise<TasksResult>;
  task(params: { sessionId: SessionId; taskId: number }): Promise<TaskDetail | null>;
}
type Query = Omit<TasksParams, 'offset' | 'limit'>;

const REFRESH_MS = 250;
/** Delay before the next request for a list that is being built on the server, ms. */
const AGAIN_MS = 200;

const running = (row: { readonly state: string }) => row.state === 'waiting' || row.state === 'running';

/** The tasks of a session's pools: filter, order, the visible rows and the open one. Sends no requests while hidden. */
export class TaskTable {
  readonly pages: Pages<TaskRow, Query>;
  filter: TaskFilter = {};
  order: TaskOrder = 'submitted';
  descending = false;
  taskId: number | null = null;
  detail: TaskDetail | null = null;
  private sessionId: SessionId | null = null;
  /** The query changed, and was not sent yet. */
  private stale = true;
  private inSight: readonly [number, number] = [0, 0];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private refreshedAt = 0;

  constructor(
    private readonly host: TaskHost,
    private readonly draw: () => void,
  ) {
    this.pages = new Pages((params) => host.tasks(params), draw, { open: running, again: AGAIN_MS });
  }

  /** The page with the table is visible. */
  visit(sessionId: SessionId): void {
    if (sessionId !== this.sessionId) this.show(sessionId, {});
    if (!this.stale) return;
    this.stale = false;
    const { filter, order, descending } = this;
    this.pages.reset({ sessionId, filter, order, descending });
  }

  /** Another session, or other tasks of it; requested when visible. */
  show(sessionId: SessionId | null, filter: TaskFilter): void {
    if (sessionId !== this.sessionId) this.close();
    this.sessionId = sessionId;
    this.filter = filter;
    this.stale = true;
  }

  /** The server's answers may be outdated. */
  forget(): void {
    this.stale = true;
  }

  setFilter(filter: TaskFilter): void {
    this.show(this.sessionId, filter);
    this.draw();
  }
  /** Changes one part of the filter; undefined or '' removes it. */
  change(part: { readonly [K in keyof TaskFilter]?: TaskFilter[K] | undefined }): void {
    const all = Object.entries({ ...this.filter, ...part });
    this.setFilter(Object.fromEntries(all.filter(([, value]) => value !== undefined && value !== '')) as TaskFilter);
  }

  /** Sorts by this column; a second call reverses the order. Times begin with the longest. */
  sortBy(order: TaskOrder): void {
    const again = order === this.order;
    this.descending = again ? !this.descending : order === 'waited' || order === 'ran';
    this.order = order;
    this.stale = true;
    this.draw();
  }

  /** The visible rows. */
  looksAt(first: number, last: number): void {
    this.inSight = [first, last];
  }

  async open(id: number): Promise<void> {
    this.taskId = id;
    this.draw();
    const { sessionId } = this;
    if (sessionId === null) return;
    let detail: TaskDetail | null = null;
    try {
      detail = await this.host.task({ sessionId, taskId: id });
    } catch {
      // as in Pages
    }
    if (this.taskId !== id || this.sessionId !== sessionId) return;
    this.detail = detail;
    this.draw();
  }
  close(): void {
    this.taskId = null;
    this.detail = null;
    this.draw();
  }

  /** The session changed. */
  refreshSoon(): void {
    if (this.timer !== null || this.stale) return;
    const wait = Math.max(0, this.refreshedAt + REFRESH_MS - Date.now());
    this.timer = setTimeout(() => {
      this.timer = null;
      this.refreshedAt = Date.now();
      if (this.stale) return;
      const { state, text } = this.filter;
      // In order of submission rows are only appended, unless rows that pass the filter may change.
      const moved = this.order !== 'submitted' || this.descending || state !== undefined || text !== undefined;
      this.pages.refresh(...this.inSight, moved ? 'moved' : null);
      if (this.detail !== null && running(this.detail)) void this.open(this.detail.id);
    }, wait);
  }
}
