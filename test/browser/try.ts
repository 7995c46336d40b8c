import { mkdir, writeFile } from 'node:fs/promises';
import { MAILED_DAYS, mailOfDay, type MailedDay } from './mailed-days.ts';
await mkdir('/tmp/mails', { recursive: true });
for (const day of Object.keys(MAILED_DAYS) as MailedDay[]) {
  const mail = await mailOfDay(day);
  console.log(day, '|', mail.subject, '| html', Buffer.byteLength(mail.html ?? ''));
  await writeFile(`/tmp/mails/${day}.html`, mail.html ?? '');
  await writeFile(`/tmp/mails/${day}.txt`, mail.text ?? '');
}
