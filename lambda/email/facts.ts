import { formatCount, type Summary } from './summary.ts';

/** The sentences of the mail, shared by its HTML and its text. */
export interface Facts {
  readonly title: string;
  readonly when: string;
  readonly preheader: string;
  readonly comparison: string | null;
  readonly volume: string;
  /** What a reader should know before trusting the total; each says what to do about it. */
  readonly remarks: readonly string[];
  readonly file: string;
  readonly provenance: string;
}

export function factsOf(summary: Summary): Facts {
  return {
    title: `SignalWire video costs ${summary.day}`,
    when: `${summary.longDay} · ${summary.timeZone} · space ${summary.space}`,
    preheader: `${summary.total} for ${volume(summary)}`,
    comparison:
      summary.changeToAverage === null
        ? null
        : `${summary.changeToAverage} vs the average of the 7 days before`,
    volume: volume(summary),
    remarks: remarks(summary),
    file: summary.file.attached
      ? `All rooms: room-charges.csv, attached and archived at ${summary.file.location}`
      : `All rooms: room-charges.csv is too large to attach; it is archived at ${summary.file.location}`,
    provenance:
      `Exact total ${summary.exactTotal} ${summary.currency}. ` +
      `Revision ${summary.revision}. SHA-256 of the file ${summary.file.sha256}.`,
  };
}

function volume({ sessions, rooms }: Summary): string {
  if (sessions === 0) return 'no usage: SignalWire was read completely and lists no session for this day';
  return `${counted(sessions, 'session', 'sessions')} in ${counted(rooms, 'room', 'rooms')}`;
}

function remarks(summary: Summary): string[] {
  const { inProgressSessions, deletedLogs, possibleRepeat, resendReason } = summary;
  const found: string[] = [];
  if (possibleRepeat) {
    found.push(
      'Possible repeat: an earlier mail with this report may have reached you. The figures are the same.',
    );
  }
  if (resendReason !== null) found.push(`Sent once more on request: ${resendReason}`);
  if (inProgressSessions > 0) {
    found.push(
      `${counted(inProgressSessions, 'session was', 'sessions were')} still in progress when this was read: ` +
        `${inProgressSessions === 1 ? 'its charge' : 'their charges'} may not be in the total yet.`,
    );
  }
  if (deletedLogs > 0) {
    found.push(
      `${counted(deletedLogs, 'log was', 'logs were')} deleted in SignalWire and no longer ` +
        `${deletedLogs === 1 ? 'tells a charge' : 'tell a charge'}: the invoice may be higher than this total.`,
    );
  }
  return [...found, ...summary.notices];
}

function counted(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
