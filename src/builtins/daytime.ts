const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** RFC 867 as inetd has it: a line of ctime(3) in local time, such as `Thu Jan  1 00:00:00 1970`, and CR LF. */
export function daytimeLine(epochMs: number): Uint8Array {
  const at = new Date(epochMs);
  const day = `${DAYS[at.getDay()]} ${MONTHS[at.getMonth()]} ${String(at.getDate()).padStart(2)}`;
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  return new TextEncoder().encode(`${day} ${time} ${at.getFullYear()}\r\n`);
}
