import type { TimelineParams } from '../../../server/protocol/requests';
import type { Moment, TimelineResult } from '../../../server/protocol/timeline';
import type { ChannelId, ProcessId, SessionId } from '../../../server/protocol/views';
import * as viewport from './viewport';

/** The timeline's requests to the extension. */
export interface TimelineHost {
  timeline(params: TimelineParams): Promise<TimelineResult>;
  moment(params: { sessionId: SessionId; atMs: number }): Promise<Moment>;
}

/** What is visible, as far as the server needs it. */
interface Sight {
  readonly processes: readonly ProcessId[];
  readonly channels: readonly ChannelId[];
  /** Width of the diagram, device pixels. */
  readonly pixels: number;
  /** Include the messages of pools and managers. */
  readonly library: boolean;
}

/** Margin requested on both sides, as a share of the view: a small movement needs no new request. */
const PADDING = 0.5;

/**
 * What the timeline shows, and its position. One request runs at a time and one is queued; a newer one replaces the queued one.
 * Until the answer arrives, the old picture is drawn at its new position.
 */
export class TimelineStore {
  /** The visible span; null: the whole run, which grows. */
  chosen: viewport.Viewport | null = null;
  /** The cursor that all pages share, ms; null: now, or the end. */
  cursorMs: number | null = null;
  hoverMs: number | null = null;
  /** A span that was selected. */
  range: readonly [number, number] | null = null;
  selected: ProcessId | null = null;
  readonly collapsed = new Set<ProcessId>();
  pinned: readonly ProcessId[] = [];
  answer: TimelineResult | null = null;
  /** The state at the cursor; null: no cursor is set, or the answer is pending. */
  moment: Moment | null = null;
  /** The last request failed, for this reason. */
  error: string | null = null;
  private sessionId: SessionId | null = null;
  private running = false;
  private waiting: TimelineParams | null = null;
  private asked = '';
  private momentRunning = false;

  constructor(
    private readonly host: TimelineHost,
    private readonly changed: () => void,
  ) {}

  /** Shows another session; discards the state of the old one. */
  show(sessionId: SessionId | null): void {
    if (sessionId === this.sessionId) return;
    this.sessionId = sessionId;
    this.chosen = null;
    this.cursorMs = null;
    this.hoverMs = null;
    this.range = null;
    this.selected = null;
    this.collapsed.clear();
    this.pinned = [];
    this.answer = null;
    this.moment = null;
    this.error = null;
    this.waiting = null;
    this.asked = '';
  }

  /** The visible span. @param length of the run until now, ms */
  view(length: number): viewport.Viewport {
    return this.chosen === null ? viewport.wholeRun(length) : viewport.clamp(this.chosen, length);
  }

  zoom(at: number, factor: number, length: number): void {
    this.go(viewport.zoom(this.view(length), at, factor, length), length);
  }
  pan(by: number, length: number): void {
    this.go(viewport.pan(this.view(length), by, length), length);
  }
  frame(from: number, to: number, length: number): void {
    this.go(viewport.frame(from, to, length), length);
  }
  wholeRun(): void {
    this.chosen = null;
    this.changed();
  }

  private go(view: viewport.Viewport, length: number): void {
    const whole = viewport.wholeRun(length);
    this.chosen = view.from <= whole.from && view.to >= whole.to ? null : view;
    this.changed();
  }

  setCursor(ms: number | null): void {
    this.cursorMs = ms;
    if (ms === null) this.moment = null;
    else this.askMoment();
    this.changed();
  }
  /** Moves the cursor within the run, and scrolls to it. */
  moveCursor(ms: number, length: number): void {
    const at = Math.min(Math.max(0, ms), length);
    if (this.chosen !== null) this.chosen = viewport.reveal(this.chosen, at, length);
    this.setCursor(at);
  }
  setHover(ms: number | null): void {
    if (ms === this.hoverMs) return;
    this.hoverMs = ms;
    this.changed();
  }
  setRange(range: readonly [number, number] | null): void {
    this.range = range;
    this.changed();
  }
  select(id: ProcessId | null): void {
    this.selected = id;
    this.changed();
  }
  toggle(id: ProcessId): void {
    if (!this.collapsed.delete(id)) this.collapsed.add(id);
    this.changed();
  }
  togglePin(id: ProcessId): void {
    this.pinned = this.pinned.includes(id) ? this.pinned.filter((each) => each !== id) : [...this.pinned, id];
    this.changed();
  }

  /**
   * Requests what is visible, unless the current answer has a sufficient resolution. @param fresh something may have changed since
   *
   * @param length of the run until now, ms
   */
  ask(sight: Sight, length: number, fresh: boolean): void {
    const { sessionId } = this;
    if (sessionId === null || sight.pixels <= 0) return;
    const view = this.view(length);
    const span = view.to - view.from;
    const padding = this.chosen === null ? 0 : span * PADDING;
    const key = JSON.stringify([sight.processes, sight.channels, sight.pixels, sight.library]);
    if (!fresh && key === this.asked && this.covers(view)) return;
    this.asked = key;
    this.send({
      sessionId,
      fromMs: view.from - padding,
      toMs: view.to + padding,
      pixels: Math.round(sight.pixels * ((span + 2 * padding) / span)),
      processes: sight.processes,
      channels: sight.channels,
      messages: true,
      library: sight.library,
    });
  }

  /** Only the latest moment counts: the cursor may move while a request runs. */
  private askMoment(): void {
    const { sessionId, cursorMs } = this;
    if (this.momentRunning || sessionId === null || cursorMs === null) return;
    this.momentRunning = true;
    const done = (moment: Moment | null): void => {
      this.momentRunning = false;
      if (sessionId !== this.sessionId || this.cursorMs === null) return;
      if (moment !== null) this.moment = moment;
      if (this.cursorMs !== cursorMs) this.askMoment();
      this.changed();
    };
    this.host.moment({ sessionId, atMs: cursorMs }).then(done, (error: unknown) => {
      this.error = error instanceof Error ? error.message : String(error);
      done(null);
    });
  }

  /** Whether the answer covers the view, with columns of about one pixel each. */
  private covers(view: viewport.Viewport): boolean {
    const { answer } = this;
    if (answer === null) return false;
    const end = answer.fromMs + answer.columns * answer.columnMs;
    const inSight = (view.to - view.from) / answer.columnMs;
    const wanted = answer.columns / (1 + 2 * PADDING);
    return answer.fromMs <= view.from && end >= view.to && inSight > wanted * 0.7 && inSight < wanted * 2.5;
  }

  private send(params: TimelineParams): void {
    if (this.running) {
      this.waiting = params;
      return;
    }
    this.running = true;
    this.host
      .timeline(params)
      .then(
        (answer) => {
          if (params.sessionId !== this.sessionId) return;
          this.answer = answer;
          this.error = null;
        },
        (error: unknown) => {
          if (params.sessionId === this.sessionId) this.error = error instanceof Error ? error.message : String(error);
        },
      )
      .finally(() => {
        this.running = false;
        const next = this.waiting;
        this.waiting = null;
        if (next !== null) this.send(next);
        this.changed();
      });
  }
}
