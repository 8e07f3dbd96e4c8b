/**
 * Values of `format`, as patterns. Each is a part of what its standard allows: dates are without 29 February, so that
 * none needs a calendar.
 */
const DATE =
  '\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))'
const TIME = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,6})?(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d)'
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?'
const HOST = `${LABEL}(?:\\.${LABEL}){0,3}`
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'

export const FORMATS: Readonly<Record<string, string>> = {
  date: `^${DATE}$`,
  time: `^${TIME}$`,
  'date-time': `^${DATE}T${TIME}$`,
  duration: '^P(?:\\d{1,6}W|\\d{1,6}D(?:T\\d{1,6}H)?|T\\d{1,6}[HMS])$',
  email: `^[a-z0-9_]+(?:[.+-][a-z0-9_]+){0,3}@${LABEL}(?:\\.${LABEL}){1,3}$`,
  hostname: `^${HOST}$`,
  ipv4: `^${BYTE}(?:\\.${BYTE}){3}$`,
  ipv6: '^[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}$',
  uri: `^https?://${HOST}(?:/[A-Za-z0-9_.~-]{0,64}){0,8}(?:\\?[A-Za-z0-9_.~=&-]{1,64})?$`,
  uuid: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
}
