import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { OutletRequests } from '../../src/dispatcher/outlet-requests.ts';
import type { OutletAnswer } from '../../src/dispatcher/outlets.ts';
import { REQUEST_TYPES, type Request } from '../../src/launch/request.ts';
import { NO_OUTLET } from '../../src/model/outlet.ts';
import { Descriptor } from '../../src/native/descriptor.ts';
import { fakeBinding } from '../listeners/fake-binding.ts';
import { FakeWorld } from './fake-world.ts';
import { spawnerEvent } from './play-floor.ts';

const { EACCES, ENOENT, ESTALE } = constants.errno;
const MOST = 1024;

/** Requests to a spawner that only remembers them, or, with a code, cannot even be asked. */
class Play {
  readonly world: FakeWorld = new FakeWorld();
  readonly sent: Request[] = [];
  readonly answers: string[] = [];
  readonly closed: number[] = [];
  readonly requests: OutletRequests;

  constructor(options: { readonly unsent?: string } = {}) {
    const send = (request: Request): void => {
      this.sent.push(request);
      if (options.unsent && request.type === 'outlet') this.requests.unsent(request.id, options.unsent);
    };
    this.requests = new OutletRequests({ link: { send }, after: this.world.after });
  }

  open(name: string, row = 0): void {
    const note = (answer: OutletAnswer) => ('code' in answer ? answer.code : answer.descriptor.fd);
    this.requests.open(row, (answer) => this.answers.push(`${name} ${note(answer)}`));
  }

  /** The number that the spawner gets of a request, by its place among them. */
  id(place: number): number {
    const request = this.sent[place];
    return request?.type === 'outlet' ? request.id : -1;
  }

  descriptor(fd: number): Descriptor {
    return new Descriptor(
      fakeBinding({ close: (number) => this.closed.push(number) - this.closed.length }),
      fd,
    );
  }
}

describe('a request for an outlet', () => {
  test('names its row and is answered with what the spawner has opened, whatever the order', () => {
    const play = new Play();
    play.open('first', 7);
    play.open('second', 8);
    expect(play.sent).toMatchObject([
      { type: 'outlet', row: 7 },
      { type: 'outlet', row: 8 },
    ]);
    expect(play.requests.take(spawnerEvent({ type: 'outlet', id: play.id(1) }), play.descriptor(31))).toBe(
      true,
    );
    expect(
      play.requests.take(spawnerEvent({ type: 'outlet', id: play.id(0), errno: EACCES }), undefined),
    ).toBe(true);
    expect(play.answers).toEqual(['second 31', 'first EACCES']);
  });

  test('that is refused is answered with the reason, and other refusals are not its business', () => {
    const play = new Play();
    play.open('it');
    const refused = (status: number, errno: number) =>
      play.requests.take(spawnerEvent({ type: 'refused', id: play.id(0), status, errno }), undefined);
    expect(refused(REQUEST_TYPES.signal, ENOENT)).toBe(false);
    expect(play.requests.take(spawnerEvent({ type: 'failed', id: play.id(0) }), undefined)).toBe(false);
    expect(play.answers).toEqual([]);
    expect(refused(REQUEST_TYPES.outlet, ESTALE)).toBe(true);
    expect(play.answers).toEqual(['it ESTALE']);
  });

  test('that cannot be sent is answered, but not while it is made', () => {
    const play = new Play({ unsent: 'ENOBUFS' });
    play.open('it');
    expect(play.answers).toEqual([]);
    play.world.pass(0);
    expect(play.answers).toEqual(['it ENOBUFS']);
  });

  test('is answered once', () => {
    const play = new Play();
    play.open('it');
    const event = spawnerEvent({ type: 'outlet', id: play.id(0) });
    play.requests.take(event, play.descriptor(31));
    play.requests.take(event, play.descriptor(32));
    play.requests.unsent(play.id(0), 'ENOBUFS');
    play.world.pass(0);
    expect(play.answers).toEqual(['it 31']);
    expect(play.closed).toEqual([32]);
  });

  test('for an outlet of a service that is no more never reaches the spawner', () => {
    const play = new Play();
    play.open('it', NO_OUTLET);
    expect(play.answers).toEqual([]);
    play.world.pass(0);
    expect(play.answers).toEqual(['it ENOENT']);
    expect(play.sent).toEqual([]);
  });

  test('beyond 1,024 that wait is answered EMFILE, until one of them has its answer (promise 5)', () => {
    const play = new Play();
    for (let count = 0; count <= MOST; count++) play.open('it');
    play.world.pass(0);
    expect([play.sent.length, play.answers]).toEqual([MOST, ['it EMFILE']]);
    play.requests.take(spawnerEvent({ type: 'outlet', id: play.id(0) }), play.descriptor(31));
    play.open('again');
    play.world.pass(0);
    expect([play.sent.length, play.answers]).toEqual([MOST + 1, ['it EMFILE', 'it 31']]);
  });
});
