/** The parameters of `GET /api/video/logs`, checked. */
export interface LogsQuery {
  /** UTC date, YYYY-MM-DD; null: every day. */
  readonly createdOn: string | null;
  readonly includeDeleted: boolean;
  /** From 0. */
  readonly pageNumber: number;
  /** 1 to 1000. */
  readonly pageSize: number;
}

/** The first thing wrong with a query, in the words of the API's 422. */
export interface QueryFault {
  readonly attribute: string;
  readonly code: string;
  readonly message: string;
}

const PARAMETERS = new Set(['created_on', 'include_deleted', 'page_number', 'page_size', 'page_token']);

/**
 * Reads a query strictly: what is unknown, repeated or out of range is a fault.
 *
 * @param tokenFor the cursor that a page above the first must be asked for with
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

  const query = { createdOn, includeDeleted: includeDeleted === 'true', pageNumber, pageSize };
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

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function fault(attribute: string, code: string, message: string): QueryFault {
  return { attribute, code, message: `${attribute} ${message}` };
}
