// TENON_DIST names another build folder, for running tests of one build beside another.
const build = process.env.TENON_DIST ?? 'dist';

export default {
  files: [`${build}/test/**/*.test.js`],
  workerThreads: false,
  concurrency: 2,
  timeout: '120s',
};
