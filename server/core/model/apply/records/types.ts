import type { RecordType } from '../../../../protocol/vocabulary';
import type { Image } from '../../entities/process';
import type { RecordFields } from '../../input/fields';
import type { SessionModel } from '../../state/sessionModel';

/** Applies one definition record of an image. Its fields may hold anything: see input/fields.ts. @param at monotonic ns */
type ApplyRecord = (model: SessionModel, image: Image, record: RecordFields, at: number) => void;

/** By the record's type. */
export type RecordTable = Readonly<Partial<Record<RecordType, ApplyRecord>>>;
