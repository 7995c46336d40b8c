/**
 * The core, part by part: the files that are mutated, the fast tests that must notice, and the percentage of mutations
 * that they must notice.
 */
export const PARTS = [
  {
    name: 'days',
    mutate: ['lambda/billing-day.ts'],
    tests: ['test/lambda/billing-day.test.ts'],
    break: 99,
  },
  {
    name: 'delivery',
    mutate: ['lambda/email/{delivery,delivery-journal,delivery-state}.ts', 'lambda/missed-days.ts'],
    tests: [
      'test/lambda/email/{delivery,delivery-journal,delivery-state,unrecorded-delivery}.test.ts',
      'test/lambda/missed-days.test.ts',
    ],
    break: 95,
  },
  {
    name: 'money',
    mutate: ['lambda/{charges,money}/*.ts'],
    tests: ['test/lambda/{charges,money}/*.test.ts'],
    break: 96,
  },
  {
    name: 'archive',
    mutate: [
      'lambda/archive/{manifest,archived-day,archived-line-items,layout,line-items-csv,line-items-file,room-charges-csv,utf8-text}.ts',
    ],
    tests: [
      'test/lambda/archive/{manifest,known-revisions,archived-day,layout,line-items-csv,line-items-rows,room-charges-csv,room-names,utf8-text}.test.ts',
    ],
    break: 94,
  },
  {
    name: 'revisions',
    mutate: ['lambda/archive/{revisions,files-on-top,new-file}.ts'],
    tests: ['test/lambda/archive/{first-revision,further-revision,given-up-uploads}.test.ts'],
    break: 95,
  },
  {
    name: 'reading',
    mutate: [
      'lambda/four-bytes.ts',
      'lambda/signalwire/{as-sent,date-reading,date-windows,day-reading,exact-json,hash-table,instant-reader,json-bytes,log-shape,page-reader,murmur3,object-shape,page-builder,page-logs,page-text,paging,recurring-texts,seen-logs,video-log,waiting-time,window,window-proof,window-queue}.ts',
    ],
    tests: [
      'test/lambda/signalwire/{day-reading,exact-json,instant-reader,json-bytes,log-shape,page-reader,murmur3,page-text,paging,recurring-texts,refusals-in-words,second-reading,seen-logs,video-log,waiting-time,windows}.test.ts',
    ],
    break: 98,
  },
  {
    name: 'report',
    mutate: ['lambda/{daily-report,single-day,deadline,failed-days,look-back,read-and-archive}.ts'],
    tests: ['test/lambda/{daily-report,single-day,deadline,failed-days,look-back,read-and-archive}.test.ts'],
    break: 95,
  },
];
