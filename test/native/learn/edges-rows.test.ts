import test from 'ava';
import { drawn, type EdgeCase, edgeCases, fitsSoundly, refuses } from './edges.js';

const each = (title: string, body: (t: Parameters<typeof fitsSoundly>[0], edge: EdgeCase) => Promise<unknown>) => {
  for (const edge of edgeCases()) {
    test(`${edge.name}: ${title}`, async (t) => {
      await body(t, edge);
    });
  }
};

const some = drawn(60, 4);

each('a single row is enough for numbers, and too few classes otherwise', async (t, { task, request }) => {
  const one = drawn(1, 4);
  if (task === 'classification') await refuses(t, request(one), /^target: "only class 0" must hold at least two/);
  else if (task === 'regression') await fitsSoundly(t, request(one), some);
  else {
    const message = /^parameters\["n_clusters"\] 2 must be <= 1, the number of rows$/;
    await refuses(t, request(one), message);
    await fitsSoundly(t, request(one, { parameters: { n_clusters: 1 } }), some);
  }
});

each('as few rows as there are classes are enough', async (t, { classCount, request }) => {
  await fitsSoundly(t, request(drawn(Math.max(2, classCount), 4)), some);
});

each('no row at all is refused', async (t, { request }) => {
  await refuses(t, request({ data: new Float32Array(0), rowCount: 0, columnCount: 4 }), /^features\.rowCount: 0 must/);
});

each('rows of one class are refused', async (t, { task, request }) => {
  if (task !== 'classification') {
    // One number, or one group's rows, can be learnt.
    const target = task === 'regression' ? new Float64Array(60).fill(7) : new Float64Array(0);
    await fitsSoundly(t, request(some, { target }));
    return;
  }
  const target = new Float64Array(60).fill(1);
  await refuses(t, request(some, { target }), /^target: "only class 1" must hold at least two classes/);
});

each('a class without a row is predicted nowhere likely', async (t, { task, classCount, request }) => {
  if (task !== 'classification') {
    await refuses(t, request(some, { classCount: 2 }), /^classCount: 2 must be 0 for/);
    return;
  }
  const more = { ...request(some), classCount: classCount + 1 };
  const model = await fitsSoundly(t, more);
  const out = await model.predict(some);
  const shareOf = (kind: number) =>
    out.reduce((sum, share, at) => (at % (classCount + 1) === kind ? sum + share : sum), 0);
  t.true(shareOf(classCount) < shareOf(0), `${shareOf(classCount)} < ${shareOf(0)}`);
});

each('a class with a single row is learnt', async (t, { task, classCount, request }) => {
  const target = Float64Array.from({ length: 60 }, (_, row) => (row < classCount ? row : 0));
  await fitsSoundly(t, request(some, task === 'classification' ? { target } : {}));
});

each('rows that are all the same are learnt', async (t, { request }) => {
  const [row] = [drawn(1, 4).data];
  const same = { data: Float32Array.from({ length: 240 }, (_, at) => row[at % 4] ?? 0), rowCount: 60, columnCount: 4 };
  const model = await fitsSoundly(t, request(same));
  const out = await model.predict(same);
  const width = out.length / 60;
  t.true(
    out.every((value, at) => value === out[at % width]),
    'equal rows get equal predictions',
  );
});

each('weights may be zero for some rows, not for all', async (t, { task, classCount, request }) => {
  await refuses(t, request(some, { weights: new Float64Array(60) }), /^weights: "all zero" must be positive/);
  await fitsSoundly(t, request(some, { weights: Float64Array.from({ length: 60 }, (_, row) => (row < 30 ? 0 : 2)) }));
  if (task !== 'classification') return;
  const single = Float64Array.from({ length: 60 }, (_, row) => (row % classCount === 0 ? 1 : 0));
  await refuses(t, request(some, { weights: single }), /^target: "only class 0" must hold at least two classes/);
});

each('targets beyond the finite numbers and classes are refused', async (t, { task, request }) => {
  if (task === 'clustering') {
    await refuses(t, request(some, { target: new Float64Array(60) }), /^target: "of length 60" must be of length 0/);
    return;
  }
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const target = request(some).target.slice().with(5, bad);
    await refuses(t, request(some, { target }), /^target\[5\]: -?(NaN|Infinity) must be /);
  }
});

each('a thousand classes are learnt, or numbers of any size', async (t, { task, request }) => {
  const many = drawn(2000, 3);
  if (task === 'classification') {
    const target = Float64Array.from({ length: 2000 }, (_, row) => row % 1000);
    const parameters = { ...request(many).parameters };
    if ('n_estimators' in parameters) parameters.n_estimators = 2;
    await fitsSoundly(t, request(many, { target, classCount: 1000, parameters }), drawn(50, 3, 2));
  } else if (task === 'regression') {
    for (const scale of [1e-30, 1e6, 1e30]) {
      await fitsSoundly(t, request(some, { target: request(some).target.map((value) => value * scale) }));
    }
  } else await fitsSoundly(t, request(many, { parameters: { n_clusters: 1000 } }));
});
