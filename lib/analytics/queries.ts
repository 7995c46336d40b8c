export interface Query {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/**
 * The queries that come with the archive, over the views.
 *
 * @param timeZone IANA time zone in which a billing day ends
 */
export function archiveQueries(timeZone: string): readonly Query[] {
  return [
    costByRoomAndMonth,
    monthToDate,
    dearestSessions,
    restatements,
    daysMissing(timeZone),
    daysThatDoNotAddUp,
  ];
}

const costByRoomAndMonth: Query = {
  name: 'Cost by room and month',
  description: 'What each room cost in each month: latest month first, then most expensive room first',
  sql: `SELECT
  CAST(date_trunc('month', day) AS date) AS month,
  room_name,
  sum(sessions) AS sessions,
  sum(charge) AS charge,
  currency
FROM room_charges
-- Faster with a period: WHERE day BETWEEN DATE '2026-01-01' AND DATE '2026-12-31'
GROUP BY 1, room_name, currency
ORDER BY month DESC, charge DESC, room_name`,
};

// From the manifests, which know what a day cost, so that its files need not be read.
const monthToDate: Query = {
  name: 'Month to date',
  description: 'The month of the last archived day, day by day, with the sum so far',
  sql: `SELECT
  day,
  charge,
  sum(charge) OVER (PARTITION BY currency ORDER BY day) AS month_to_date,
  currency
FROM days
WHERE day >= (SELECT CAST(date_trunc('month', max(day)) AS date) FROM days)
ORDER BY day DESC, currency`,
};

const dearestSessions: Query = {
  name: 'The dearest sessions',
  description: 'The 100 most expensive sessions, each with the sum of all its charges',
  sql: `SELECT
  day,
  x_logid AS log_id,
  min(x_roomname) AS room_name,
  min(x_startedat) AS started_at,
  max(x_endedat) AS ended_at,
  sum(billedcost) AS charge,
  billingcurrency AS currency,
  min(x_url) AS url
FROM line_items
-- Faster with a period: WHERE day BETWEEN DATE '2026-01-01' AND DATE '2026-12-31'
GROUP BY day, x_logid, billingcurrency
ORDER BY charge DESC, day DESC, log_id
LIMIT 100`,
};

const restatements: Query = {
  name: 'Restatements',
  description: 'Every day that was changed after its first reading: before, after, difference, and why',
  sql: `SELECT
  day,
  revision,
  archived_at,
  charge_before,
  charge AS charge_after,
  charge - charge_before AS difference,
  sessions - sessions_before AS sessions_difference,
  currency,
  reason,
  restated_by
FROM (
  SELECT
    day, revision, archived_at, charge, sessions, currency, reason, restated_by,
    lag(charge) OVER (PARTITION BY day ORDER BY revision) AS charge_before,
    lag(sessions) OVER (PARTITION BY day ORDER BY revision) AS sessions_before
  FROM revisions
) AS history
WHERE revision > 1
ORDER BY archived_at DESC, day DESC, revision DESC`,
};

// One calendar day less, not 24 hours: when the clocks change, these differ.
function daysMissing(timeZone: string): Query {
  const today = `CAST(current_timestamp AT TIME ZONE '${timeZone}' AS date)`;
  const yesterday = `CAST(${today} - INTERVAL '1' DAY AS date)`;
  return {
    name: 'Days missing',
    description: 'Days between the first archived one and yesterday that are not in the archive',
    sql: `SELECT CAST(calendar.day AS date) AS missing_day
FROM (SELECT min(day) AS first_day FROM days) AS archive
CROSS JOIN UNNEST(sequence(
  first_day,
  ${yesterday},
  INTERVAL '1' DAY
)) AS calendar (day)
LEFT JOIN days ON days.day = calendar.day
WHERE days.day IS NULL
ORDER BY missing_day`,
  };
}

const daysThatDoNotAddUp: Query = {
  name: 'Days that do not add up',
  description: 'Days whose room charges, line items and manifest differ: there should be none',
  sql: `SELECT
  day,
  days.charge AS manifest_charge,
  rooms.charge AS room_charges,
  items.charge AS line_items
FROM days
FULL JOIN (SELECT day, sum(charge) AS charge FROM room_charges GROUP BY day) AS rooms USING (day)
FULL JOIN (SELECT day, sum(billedcost) AS charge FROM line_items GROUP BY day) AS items USING (day)
WHERE days.charge IS NULL
  OR days.charge <> coalesce(rooms.charge, 0)
  OR days.charge <> coalesce(items.charge, 0)
ORDER BY day`,
};
