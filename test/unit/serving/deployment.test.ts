import test from 'ava';
import { notFound } from '../../../services/mesh/errors.js';
import type { DeploymentEvent, DeploymentState } from '../../../services/serving/deployment.js';
import { firstStanding, nextStanding } from '../../../services/serving/deployment.js';

const one = 'models/m/versions/1';
const two = 'models/m/versions/2';
const failure = { kind: 'failed', error: notFound(two), retrying: false } as const;

const reached = test.macro((t, events: DeploymentEvent[], state: DeploymentState, active: string, loading: string) => {
  const end = events.reduce((standing, event, index) => nextStanding(standing, event, index + 2), firstStanding(1));
  t.is(end.state, state);
  t.is(end.activeVersion, active);
  t.is(end.loadingVersion, loading);
});

test('a new deployment is loading', reached, [], 'STATE_LOADING', '', '');
test('a load makes it loading', reached, [{ kind: 'loading', version: one }], 'STATE_LOADING', '', one);
test(
  'a loaded version makes it ready',
  reached,
  [
    { kind: 'loading', version: one },
    { kind: 'ready', version: one },
  ],
  'STATE_READY',
  one,
  '',
);
test('a failed first load is an error', reached, [{ kind: 'loading', version: one }, failure], 'STATE_ERROR', '', '');
test(
  'a first load that is tried again stays loading',
  reached,
  [
    { kind: 'loading', version: one },
    { ...failure, retrying: true },
  ],
  'STATE_LOADING',
  '',
  one,
);
test(
  'a failed second load leaves the first in place',
  reached,
  [{ kind: 'ready', version: one }, { kind: 'loading', version: two }, failure],
  'STATE_READY',
  one,
  '',
);
test(
  'it stays ready while another loads',
  reached,
  [
    { kind: 'ready', version: one },
    { kind: 'loading', version: two },
  ],
  'STATE_READY',
  one,
  two,
);
test('an error leads back to loading', reached, [failure, { kind: 'loading', version: one }], 'STATE_LOADING', '', one);
test(
  'nothing leads out of deleting',
  reached,
  [{ kind: 'deleting' }, { kind: 'ready', version: one }, failure],
  'STATE_DELETING',
  '',
  '',
);

test('a failure is told until a load succeeds', (t) => {
  const failed = nextStanding(firstStanding(1), failure, 2);
  t.is(failed.error?.reason, 'RESOURCE_NOT_FOUND');
  t.is(failed.changedMs, 2);
  t.is(nextStanding(failed, { kind: 'loading', version: one }, 3).error?.reason, 'RESOURCE_NOT_FOUND');
  t.is(nextStanding(failed, { kind: 'ready', version: one }, 3).error, null);
});
