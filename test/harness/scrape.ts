import { ask } from './client.ts';

/** The answer of an HTTP server to one request, as text with its head. */
export function askHttp(port: number, request: string): Promise<string> {
  return ask(port, request.replaceAll('\n', '\r\n'));
}

/** The series of an exposition with their values, such as `zinetd_started_total{service="it"}`. */
export function seriesOf(exposition: string): ReadonlyMap<string, number> {
  const lines = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1).replace('+Inf', 'Infinity'))];
    }),
  );
}

/** What Prometheus would get. `accept`: text/plain for the older format. */
export async function scrape(port: number, accept = '*/*'): Promise<string> {
  const answer = await askHttp(port, `GET /metrics HTTP/1.1\nHost: z\nAccept: ${accept}\n\n`);
  const end = answer.indexOf('\r\n\r\n');
  if (!answer.startsWith('HTTP/1.1 200 ')) throw new Error(`Cannot scrape: ${answer.slice(0, end)}`);
  return answer.slice(end + 4);
}
