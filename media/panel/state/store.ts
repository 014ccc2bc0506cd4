import type { FocusParams, HelloResult, PanelPage } from '../../../server/protocol/panel';
import type { MessagesParams } from '../../../server/protocol/requests';
import type { MessagesResult, UpdateParams } from '../../../server/protocol/stream';
import type {
  DepthPoint,
  MessageDetail,
  MessageFilter,
  MessageRow,
  ProcessId,
  SessionId,
} from '../../../server/protocol/views';
import type { SessionView } from '../../../server/shared/sessionView';
import { type TimelineHost, TimelineStore } from '../timeline/timelineStore';
import { Pages } from './pages';
import { Series } from './series';
import { applyUpdate, userChannels } from './sessions';
import { type TaskHost, TaskTable } from './taskTable';

/** The panel's requests to the extension. */
export interface Host extends TaskHost, TimelineHost {
  messages(params: MessagesParams): Promise<MessagesResult>;
  message(params: { sessionId: SessionId; messageId: number }): Promise<MessageDetail | null>;
  depthHistory(params: { sessionId: SessionId; channelId: string; points: number }): Promise<readonly DepthPoint[]>;
}

/** State that survives hiding the panel and reloading the window. */
export interface Saved {
  readonly sessionId?: SessionId | null;
  readonly filter?: MessageFilter;
  readonly pinned?: boolean;
  readonly messageId?: number | null;
  readonly page?: PanelPage;
}

const HISTORY_POINTS = 400;
const REFRESH_MS = 250;
/** Delay before the next request for a list that is being filtered on the server, ms. */
const SEARCHING_MS = 30;

/** The panel's whole state. The views draw it and call its methods; `changed` is called at most once per frame. */
export class PanelStore {
  readonly sessions = new Map<SessionId, SessionView>();
  readonly pages: Pages<MessageRow, Omit<MessagesParams, 'offset' | 'limit'>>;
  readonly tasks: TaskTable;
  readonly timeline: TimelineStore;
  sessionId: SessionId | null = null;
  filter: MessageFilter = {};
  /** The list follows the newest message. */
  pinned = true;
  messageId: number | null = null;
  detail: MessageDetail | null = null;
  connected = false;
  page: PanelPage = 'messages';
  /** Highlighted in the drawing of the waits. */
  markedProcess: ProcessId | null = null;
  /** Highlighted in the list of findings. */
  markedFinding: string | null = null;
  /**
   * What was displayed before the window was reloaded, until its session is back or the user selects something else.
   */
  private remembered: Saved | null;
  private readonly series = new Map<string, Series | 'asked'>();
  private scheduled = false;
  private lastRefresh = 0;
  private refreshTimer: ReturnType<typeof setTimeout> | null = null;
  private inSight: readonly [number, number] = [0, 0];

  constructor(
    private readonly host: Host,
    private readonly changed: () => void,
    saved: Saved = {},
    private readonly frame: (run: () => void) => void = (run) => requestAnimationFrame(run),
  ) {
    this.remembered = saved.sessionId == null ? null : saved;
    this.page = saved.page ?? 'messages';
    this.pages = new Pages(
      (params) => host.messages(params),
      () => this.draw(),
      { open: (row) => row.receivedAtMs === null, again: SEARCHING_MS },
    );
    this.tasks = new TaskTable(host, () => this.draw());
    this.timeline = new TimelineStore(host, () => this.draw());
  }

  get session(): SessionView | null {
    return this.sessionId === null ? null : (this.sessions.get(this.sessionId) ?? null);
  }
  get saved(): Saved {
    const { sessionId, filter, pinned, messageId, page } = this;
    return this.remembered ?? { sessionId, filter, pinned, messageId, page };
  }

  hello(result: HelloResult): void {
    this.connected = true;
    this.sessions.clear();
    this.series.clear();
    this.tasks.forget();
    applyUpdate(this.sessions, result.update);
    if (result.focus !== undefined) this.focus(result.focus);
    else if (this.recall() || this.session !== null) this.reload();
    else this.show([...this.sessions.keys()].at(-1) ?? null);
    if (this.messageId !== null) void this.openMessage(this.messageId);
    this.draw();
  }

  update(update: UpdateParams): void {
    const known = new Set(this.sessions.keys());
    const touched = applyUpdate(this.sessions, update);
    // A new session is selected automatically, because it was just started.
    const fresh = update.sessions.find((each) => !known.has(each.id) && each.meta?.recorded !== undefined);
    if (this.recall()) {
      this.reload();
      if (this.messageId !== null) void this.openMessage(this.messageId);
    } else if (fresh !== undefined) this.show(fresh.id);
    else if (this.session === null) this.show([...this.sessions.keys()].at(-1) ?? null);
    const session = this.session;
    if (session !== null) {
      for (const id of touched.get(session.id) ?? []) {
        const series = this.series.get(`${session.id} ${id}`);
        const status = session.channelStatus.get(id);
        if (series instanceof Series && status !== undefined) series.add(session.status?.durationMs ?? 0, status.depth);
      }
      if (touched.has(session.id)) this.refreshSoon();
      if (touched.has(session.id) && this.page === 'pools') this.tasks.refreshSoon();
    }
    this.draw();
  }

  /** Restores the remembered state once its session is known: sessions come back one by one. */
  private recall(): boolean {
    const found = this.remembered;
    if (found?.sessionId == null || !this.sessions.has(found.sessionId)) return false;
    this.remembered = null;
    this.sessionId = found.sessionId;
    this.filter = found.filter ?? {};
    this.pinned = found.pinned ?? true;
    this.messageId = found.messageId ?? null;
    return true;
  }

  focus(focus: FocusParams): void {
    this.remembered = null;
    if (focus.mark === true) {
      if (focus.sessionId === this.sessionId) this.mark(focus.processId ?? null);
      return;
    }
    if (focus.page === 'waits' || focus.page === 'findings' || focus.page === 'pools') {
      this.focusPage(focus, focus.page);
      return;
    }
    const filter: MessageFilter = {
      ...(focus.channelId !== undefined && { channelId: focus.channelId }),
      ...(focus.processId !== undefined && { processId: focus.processId }),
    };
    this.sessionId = focus.sessionId;
    const about = focus.channelId !== undefined || focus.processId !== undefined ? 'messages' : this.page;
    this.page = focus.page ?? about;
    this.setFilter(filter);
  }

  /** Highlights a process in the drawing of the waits, or none. */
  mark(processId: ProcessId | null): void {
    this.markedProcess = processId;
    this.draw();
  }

  /** The pools, the waits or the findings of a session; the messages' filter is unchanged. */
  private focusPage(focus: FocusParams, page: PanelPage): void {
    this.show(focus.sessionId);
    this.page = page;
    this.markedProcess = focus.processId ?? null;
    this.markedFinding = focus.findingId ?? null;
    if (page === 'pools') {
      const { poolId, workerId } = focus;
      this.tasks.show(focus.sessionId, {
        ...(poolId !== undefined && { poolId }),
        ...(workerId !== undefined && { workerId }),
      });
    }
    this.draw();
  }

  showPage(page: PanelPage): void {
    if (this.page === page) return;
    this.page = page;
    this.draw();
  }

  /** The user selected a session. */
  select(id: SessionId | null): void {
    this.remembered = null;
    this.show(id);
  }

  private show(id: SessionId | null): void {
    if (id === this.sessionId && this.session !== null && this.pages.total > 0) return;
    const another = id !== this.sessionId;
    this.sessionId = id;
    if (another) {
      this.messageId = null;
      this.detail = null;
      this.filter = this.filter.library === true ? { library: true } : {};
    }
    this.reload();
    this.draw();
  }

  setFilter(filter: MessageFilter): void {
    this.filter = filter;
    this.reload();
    this.draw();
  }

  private reload(): void {
    const { sessionId, filter } = this;
    this.pages.reset(sessionId === null ? null : { sessionId, filter });
  }

  setPinned(pinned: boolean): void {
    if (this.pinned === pinned) return;
    this.pinned = pinned;
    this.draw();
  }

  /** The visible rows. */
  looksAt(first: number, last: number): void {
    this.inSight = [first, last];
  }

  async openMessage(id: number | null): Promise<void> {
    this.messageId = id;
    if (id === null) this.detail = null;
    this.draw();
    if (id === null || this.sessionId === null) return;
    const { sessionId } = this;
    try {
      const detail = await this.host.message({ sessionId, messageId: id });
      if (this.messageId === id && this.sessionId === sessionId) this.detail = detail;
    } catch {
      this.detail = null;
    }
    this.draw();
  }

  /** Shows a message on the messages' page, whatever its channel. */
  showMessage(id: number): void {
    this.page = 'messages';
    this.pinned = false;
    if (this.filter.library !== true || Object.keys(this.filter).length > 1) this.setFilter({ library: true });
    void this.openMessage(id);
  }

  /** A queue's depth over time; null until its history has arrived. */
  depths(channelId: string): Series | null {
    const session = this.session;
    if (session === null) return null;
    const key = `${session.id} ${channelId}`;
    const known = this.series.get(key);
    if (known instanceof Series) return known;
    if (known === undefined) {
      this.series.set(key, 'asked');
      this.host.depthHistory({ sessionId: session.id, channelId, points: HISTORY_POINTS }).then(
        (history) => {
          this.series.set(key, new Series(history));
          this.draw();
        },
        () => this.series.delete(key),
      );
    }
    return null;
  }

  channels(): ReturnType<typeof userChannels> {
    return this.session === null ? [] : userChannels(this.session, this.filter.library === true);
  }

  private refreshSoon(): void {
    if (this.refreshTimer !== null) return;
    const wait = Math.max(0, this.lastRefresh + REFRESH_MS - Date.now());
    this.refreshTimer = setTimeout(() => {
      this.refreshTimer = null;
      this.lastRefresh = Date.now();
      this.pages.refresh(...this.inSight, this.pinned ? 'end' : null);
      const open = this.detail;
      if (open !== null && open.receivedAtMs === null) void this.openMessage(open.id);
    }, wait);
  }

  private draw(): void {
    this.timeline.show(this.sessionId);
    if (this.scheduled) return;
    this.scheduled = true;
    this.frame(() => {
      this.scheduled = false;
      this.changed();
    });
  }
}
