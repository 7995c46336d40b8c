/** What an operator should know or do after a mail was not sent as it should be. Whole sentences. */
export interface Advice {
  /** SES certainly did not accept it. */
  readonly refused: string;
  /** It is unknown whether SES accepted it. */
  readonly unknown: string;
  /** The same for an attempt that was itself a possible repeat, or after two attempts with an unknown outcome. */
  readonly unknownTwice: string;
}

/** For the one mail of a day. */
export function adviceForReport(day: string): Advice {
  return {
    refused: 'The archive is complete; the next run for the day sends the mail from it.',
    unknown:
      'The archive is complete. Check the inbox. A run for the same day, 20 minutes from now or later, sends the ' +
      'report once more, marked as a possible repeat.',
    unknownTwice:
      `The archive is complete. Two mails for ${day} may have been sent, so no further one is sent automatically. ` +
      `Check the inbox; if the mail is not there, run: npm run report -- resend --day ${day} --reason "never arrived" ` +
      '--function <ReportFunctionName>.',
  };
}

/** For a mail that is sent once more on request: no later run makes up for it. */
export function adviceForResend(day: string): Advice {
  const unknown = `Check the inbox. If the mail is not there, request it again with {"day":"${day}","resend":"…"}: each request sends one more mail.`;
  return {
    refused:
      'The archive is complete. Request the mail again once that is fixed; no run sends it automatically.',
    unknown,
    unknownTwice: unknown,
  };
}
