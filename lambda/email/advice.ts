/** What an operator should know, or do, after a mail did not go out as it should. Sentences. */
export interface Advice {
  /** SES certainly did not take it. */
  readonly refused: string;
  /** Nobody can tell whether SES took it. */
  readonly unknown: string;
  /** The same, for an attempt that was itself a possible repeat; or two such attempts were made before. */
  readonly unknownTwice: string;
}

/** For the one mail of a day. */
export function adviceForReport(day: string): Advice {
  return {
    refused: 'The archive is complete; the next run for the day mails from it.',
    unknown:
      'The archive is complete. Look into the inbox. A run for the same day, 20 minutes from now or later, repeats ' +
      'the report once, marked as a possible repeat.',
    unknownTwice:
      `The archive is complete, and two mails of ${day} may be out, so it is not sent again by itself. Look into the ` +
      `inbox; if it is not there: npm run report -- resend --day ${day} --reason "never arrived" ` +
      '--function <ReportFunctionName>.',
  };
}

/** For a mail that is sent once more on purpose: no run makes up for it. */
export function adviceForResend(day: string): Advice {
  const unknown = `Look into the inbox. If it is not there, ask for it again, {"day":"${day}","resend":"…"}: each time is one more mail.`;
  return {
    refused: 'The archive is complete. Ask for it again when that is mended; no run does so by itself.',
    unknown,
    unknownTwice: unknown,
  };
}
