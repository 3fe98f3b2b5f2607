import { weigh } from '../memory/contest.mjs';
import { holdContest } from './contest.mjs';

/**
 * @param {readonly import('./field.mjs').Entrant[]} entrants
 * @param {import('./field.mjs').Contest} contest
 */
export function holdScene(entrants, contest) {
  const { kind = 'load', peers } = contest.scene;
  const able = entrants.filter(({ server: { name } }) => name === 'zinetd' || peers.includes(name));
  return kind === 'load' ? holdContest(able, contest) : weigh(able, contest);
}
