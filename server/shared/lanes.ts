/** States of a timeline's lane, and what a run of columns says besides: the numbers of its packed answers. */

export const RUNNING = 0;
export const GET = 1;
export const RECV = 2;
export const PUT = 3;
export const LOCK = 4;
export const JOIN = 5;
export const WAIT = 6;
export const PAUSED = 7;
/** Its events were lost before they were read. */
export const UNKNOWN = 8;
/** How many states there are. */
export const STATES = 9;

/** Several states share a column, none of them most of it. */
export const MIXED = 1;
/** The operation goes on at the right edge. */
export const OPEN = 2;
/** Single operations of this stretch are not read: its shares are known, and their order is not. */
export const SUMMARY = 4;
/** From this bit of the flags on: the greatest severity, 0 to 3. */
export const SEVERITY_SHIFT = 4;
