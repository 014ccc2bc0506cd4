/** An entity whose changes are tracked: see state/changes.ts. The numbers are takes, counted from 1. */
export abstract class Tracked {
  /** The take since which its meta, and its status, are known to have changed; 0: never. */
  metaChanged = 0;
  statusChanged = 0;
}
