/** The validated parameters of `GET /api/video/logs`. */
export interface LogsQuery {
  /** UTC date, YYYY-MM-DD; null for all days. */
  readonly createdOn: string | null;
  /** A date or an instant, as given in the query; null for no bound. */
  readonly createdAfter: string | null;
  readonly createdBefore: string | null;
  readonly includeDeleted: boolean;
  /** From 0. */
  readonly pageNumber: number;
  /** 1 to 1000. */
  readonly pageSize: number;
}

/** The first thing that is wrong with a query, for the API's 422 answer. */
export interface QueryFault {
  readonly attribute: string;
  readonly code: string;
  readonly message: string;
}

const PARAMETERS = new Set([
  ...['created_on', 'created_after', 'created_before', 'include_deleted'],
  ...['page_number', 'page_size', 'page_token'],
]);

/**
 * Parses a query strictly: unknown, repeated or out-of-range parameters are faults.
 *
 * @param tokenFor returns the cursor with which a page after the first must be requested
 */
export function parseLogsQuery(
  parameters: URLSearchParams,
  tokenFor: (query: LogsQuery, pageNumber: number) => string,
): LogsQuery | QueryFault {
  const names = [...parameters.keys()];
  const unknown = names.find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined) return fault(unknown, 'unknown_parameter', 'is not a known parameter');
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) return fault(repeated, 'repeated_parameter', 'is given more than once');

  const createdOn = parameters.get('created_on');
  if (createdOn !== null && !isDate(createdOn)) {
    return fault('created_on', 'invalid_date', 'must be a date such as 2026-11-22');
  }
  const [createdAfter, createdBefore] = [parameters.get('created_after'), parameters.get('created_before')];
  if (createdAfter !== null && !isDateOrInstant(createdAfter)) return notInstant('created_after');
  if (createdBefore !== null && !isDateOrInstant(createdBefore)) return notInstant('created_before');
  const includeDeleted = parameters.get('include_deleted') ?? 'false';
  if (includeDeleted !== 'true' && includeDeleted !== 'false') {
    return fault('include_deleted', 'invalid_boolean', 'must be true or false');
  }
  const pageSize = wholeNumber(parameters.get('page_size') ?? '50');
  if (pageSize === null || pageSize < 1 || pageSize > 1000) {
    return fault('page_size', 'out_of_range', 'must be a whole number from 1 to 1000');
  }
  const pageNumber = wholeNumber(parameters.get('page_number') ?? '0');
  if (pageNumber === null) return fault('page_number', 'out_of_range', 'must be a whole number from 0');

  const range = { createdOn, createdAfter, createdBefore };
  const query = { ...range, includeDeleted: includeDeleted === 'true', pageNumber, pageSize };
  const expected = pageNumber === 0 ? null : tokenFor(query, pageNumber);
  if (parameters.get('page_token') !== expected) {
    return fault('page_token', 'invalid_page_token', 'must be the one that the link to this page holds');
  }
  return query;
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}

function isDateOrInstant(text: string): boolean {
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  return isInstant ? !Number.isNaN(Date.parse(text)) : isDate(text);
}

function notInstant(attribute: string): QueryFault {
  return fault(attribute, 'invalid_date', 'must be a date or an instant such as 2026-11-22T09:00:00Z');
}

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function fault(attribute: string, code: string, message: string): QueryFault {
  return { attribute, code, message: `${attribute} ${message}` };
}
