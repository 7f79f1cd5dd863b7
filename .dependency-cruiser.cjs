/** Who may import whom (README.md of each folder). `test/lint/layers.ts` runs this and proves that it can fail. */

/** The folder layers, by the beginning of their path. */
const LAYERS = {
  domain: '^src/domain/',
  trust: '^src/trust/',
  journal: '^src/journal/',
  page: '^src/page/',
  central: '^src/central/',
  config: '^src/config/',
  station: '^src/station/',
  api: '^src/api/',
  console: '^src/console/',
  cli: '^src/(cli/|main\\.ts$)',
  drivers: '^drivers/',
  machines: '^machines/',
  mocks: '^mocks/',
  test: '^test/',
};
const OURS = Object.values(LAYERS).join('|');

/** A layer may import itself and these; everything else of ours is forbidden. */
const only = (layer, ...allowed) => ({
  name: `${layer}-imports-only-${allowed.join('-') || 'nothing'}`,
  severity: 'error',
  from: { path: LAYERS[layer] },
  to: { path: OURS, pathNot: [LAYERS[layer], ...allowed.map((name) => LAYERS[name])].join('|') },
});

/** From this layer to that one only `import type` is allowed. */
const typesOnly = (layer, to, ...except) => ({
  name: `${layer}-imports-only-types-of-${to}`,
  severity: 'error',
  from: { path: LAYERS[layer] },
  to: {
    path: LAYERS[to],
    ...(except.length === 0 ? {} : { pathNot: except }),
    dependencyTypesNot: ['type-only'],
  },
});

module.exports = {
  forbidden: [
    only('domain'),
    only('machines', 'domain'),
    only('trust', 'domain'),
    {
      ...only('journal', 'domain'),
      comment: 'The journal accepts no event that the job machine forbids: that one machine it asks.',
      to: { path: OURS, pathNot: [LAYERS.journal, LAYERS.domain, '^machines/job\\.ts$'].join('|') },
    },
    only('page', 'domain'),
    only('drivers', 'domain'),
    only('central', 'domain', 'trust', 'journal', 'machines'),
    only('config', 'domain', 'drivers'),
    typesOnly('config', 'drivers'),
    only('station', 'domain', 'machines', 'trust', 'journal', 'page', 'central', 'drivers', 'config'),
    only('api', 'station', 'domain'),
    only('console', 'api', 'domain'),
    typesOnly('console', 'api'),
    typesOnly('console', 'domain'),
    only(
      'cli',
      'domain',
      'trust',
      'journal',
      'page',
      'central',
      'config',
      'station',
      'api',
      'drivers',
      'machines',
      'mocks',
    ),
    {
      name: 'drivers-import-only-types-and-results-of-domain',
      comment: 'Results and the bitmap are values without behaviour of a station.',
      severity: 'error',
      from: { path: LAYERS.drivers },
      to: {
        path: LAYERS.domain,
        pathNot: '^src/domain/(result|bitmap)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'machines-are-pure',
      comment: 'A machine decides; it touches no device, disk, network or clock.',
      severity: 'error',
      from: { path: LAYERS.machines },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'mocks-know-no-station',
      comment: 'A simulator must not share what it checks. Only the simulation of whole offices runs a station.',
      severity: 'error',
      from: { path: LAYERS.mocks, pathNot: '^mocks/simulation/' },
      to: { path: [LAYERS.station, LAYERS.api, LAYERS.cli, LAYERS.console, LAYERS.config] },
    },
    {
      name: 'product-without-simulators',
      severity: 'error',
      from: {
        path: ['^src/', '^drivers/', '^machines/'],
        pathNot: '^src/cli/(commands/(demo|mock|simulate|rehearse)\\.ts$|demo/)',
      },
      to: { path: LAYERS.mocks },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      from: { pathNot: LAYERS.test },
      to: { path: LAYERS.test },
    },
    {
      name: 'installed-code-needs-no-development-package',
      comment: 'What the tarball runs must be in "dependencies"; the console is compiled before packing.',
      severity: 'error',
      from: { path: '^(src|drivers|machines|mocks)/', pathNot: LAYERS.console },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-is-found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/console/build/' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
