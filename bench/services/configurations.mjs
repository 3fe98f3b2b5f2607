/**
 * @typedef {object} Plan
 * @property {number} count of services
 * @property {number} basePort of the first; behind the last is the one that a reload moves, and the one that is probed
 * @property {boolean} isMoved whether that one is at its second port
 * @property {string | undefined} user of the handlers
 */

/** @param {Plan} plan */
export function placesOf({ count, basePort, isMoved }) {
  return {
    last: basePort + count - 1,
    moving: basePort + count + (isMoved ? 1 : 0),
    probed: basePort + count + 2,
  };
}

/** @param {Plan} plan */
export function zinetdConfiguration(plan) {
  const { moving, probed } = placesOf(plan);
  const user = plan.user ? `    user: ${plan.user}\n` : '';
  const service = (/** @type {number} */ index, /** @type {number} */ port) => `  service${index}:
    listen: tcp://127.0.0.1:${port}
    server: /bin/cat
${user}    only_from: [127.0.0.0/8, 10.${index % 250}.0.0/16]
    instances: 20
    cps: {rate: 50, wait: 10s}
    log_on_success: [pid, host, duration, exit]
`;
  const services = Array.from({ length: plan.count }, (_, index) => service(index, plan.basePort + index));
  const own = `  probed:\n    listen: tcp://127.0.0.1:${probed}\n    builtin: daytime\n`;
  return `version: 1\nwatch: false\nservices:\n${services.join('')}${service(plan.count, moving)}${own}`;
}

/** @param {Plan} plan */
export function xinetdConfiguration(plan) {
  const { moving, probed } = placesOf(plan);
  const service = (/** @type {number} */ index, /** @type {number} */ port) => `service service${index}
{
	type = UNLISTED
	socket_type = stream
	protocol = tcp
	wait = no
	bind = 127.0.0.1
	port = ${port}
	user = ${plan.user ?? 'root'}
	server = /bin/cat
	only_from = 127.0.0.0/8 10.${index % 250}.0.0/16
	instances = 20
	cps = 50 10
	log_on_success = PID HOST DURATION EXIT
}
`;
  const services = Array.from({ length: plan.count }, (_, index) => service(index, plan.basePort + index));
  const own = `service daytime
{
	type = INTERNAL UNLISTED
	id = probed
	socket_type = stream
	protocol = tcp
	wait = no
	bind = 127.0.0.1
	port = ${probed}
	cps = 100000 1
}
`;
  return `defaults\n{\n\tinstances = UNLIMITED\n}\n${services.join('')}${service(plan.count, moving)}${own}`;
}
