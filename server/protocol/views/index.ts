/**
 * What the screens show: the shapes that the server derives from the journals and streams to every face.
 * Metadata (…Meta) of a thing is sent once; its state (…State) whenever it changed.
 * Times ending in `Ms` are milliseconds since the session's start unless a comment says otherwise.
 * Ids are opaque strings, stable for the life of a session and across a rebuild from the same journals.
 */

export * from './channels';
export * from './common';
export * from './findings';
export * from './interventions';
export * from './messages';
export * from './pools';
export * from './processes';
export * from './session';
export * from './tasks';
export * from './waits';
