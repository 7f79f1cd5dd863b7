/**
 * What a machine does, drawn from the machine itself: for the documents beside it and for the console. Pure.
 */
import type { AnyStateMachine, StateNode, TransitionDefinition } from 'xstate';

type Node = StateNode<never, never>;
type Transition = TransitionDefinition<never, never>;

/** One of the things that may happen at an event: the first whose guard holds does. */
export interface Branch {
  /** `null`: always holds. */
  readonly guard: string | null;
  /** Dotted path of the state that is entered, `null` where none is. */
  readonly target: string | null;
  readonly actions: readonly string[];
}

export interface Cell {
  /** Dotted path below the machine. */
  readonly state: string;
  readonly event: string;
  /**
   * `moves` may enter a state, `acts` only does something, `stays` is said not to matter here, `ignored` is not
   * expected here, `absorbed`: the state is final.
   */
  readonly kind: 'moves' | 'acts' | 'stays' | 'ignored' | 'absorbed';
  readonly branches: readonly Branch[];
}

export interface Region {
  /** Dotted path, `''` where the machine is not parallel. */
  readonly path: string;
  /** States in which the machine waits for events. */
  readonly states: readonly string[];
  /** States that are left at once, and how. */
  readonly passed: readonly { readonly state: string; readonly branches: readonly Branch[] }[];
  readonly cells: readonly Cell[];
  /** What is done whenever a state is entered. */
  readonly entries: readonly { readonly state: string; readonly actions: readonly string[] }[];
}

const pathOf = (node: Node): string => node.path.join('.');
const childrenOf = (node: Node): Node[] => Object.values(node.states) as Node[];
const allOf = (node: Node): Node[] => [node, ...childrenOf(node).flatMap((child) => allOf(child))];
const leavesOf = (node: Node): Node[] =>
  childrenOf(node).length === 0 ? [node] : childrenOf(node).flatMap((child) => leavesOf(child));
const selfAndAbove = (node: Node): Node[] => (node.parent ? [node, ...selfAndAbove(node.parent as Node)] : [node]);

function nameOfGuard(guard: unknown): string | null {
  if (guard === undefined) return null;
  if (typeof guard === 'string') return guard;
  if (typeof guard === 'object' && guard !== null && 'type' in guard) return String(guard.type);
  if (typeof guard === 'function' && 'guards' in guard && Array.isArray(guard.guards))
    return guard.guards.map((part) => nameOfGuard(part)).join(guard.name === 'or' ? ' or ' : ' and ');
  throw new TypeError('a guard without a name cannot be drawn');
}

const nameOfAction = (action: unknown): string =>
  typeof action === 'string' ? action : String((action as { type?: string }).type ?? (action as { name: string }).name);

const branchOf = (transition: Transition): Branch => ({
  guard: nameOfGuard(transition.guard),
  target: transition.target?.map((target) => pathOf(target as Node)).join(' + ') ?? null,
  actions: transition.actions.map(nameOfAction),
});

/** `xstate.after.reconnect.printer.operation.disconnected` is the delay `reconnect`. */
const wordOf = (event: string): string => event.replace(/^xstate\.after\.([^.]+)\..*$/, 'after $1');

/** What a state says to an event: its own branches first, then those of the states around it, up to the first without guard. */
function branchesFor(node: Node, event: string): Branch[] {
  const branches: Branch[] = [];
  for (const level of selfAndAbove(node)) {
    const own = (level.transitions as Map<string, Transition[]>).get(event) ?? [];
    for (const transition of own) {
      branches.push(branchOf(transition));
      if (transition.guard === undefined) return branches;
    }
  }
  return branches;
}

function cellOf(node: Node, event: string): Cell {
  const branches = branchesFor(node, event);
  const kind =
    node.type === 'final'
      ? 'absorbed'
      : branches.some(({ target }) => target !== null)
        ? 'moves'
        : branches.some(({ actions }) => actions.length > 0)
          ? 'acts'
          : branches.length > 0
            ? 'stays'
            : 'ignored';
  return { state: pathOf(node), event: wordOf(event), kind, branches };
}

/** A state that is left at once whatever comes: its last way out has no guard. */
const isPassed = (node: Node): boolean =>
  (node.always as Transition[] | undefined)?.some(({ guard }) => guard === undefined) === true;

/** The machine as tables, one for each region: every state with every event of the whole machine. */
export function regionsOf(machine: AnyStateMachine): readonly Region[] {
  const root = machine.root as unknown as Node;
  const events = (machine.events as string[]).toSorted((a, b) => wordOf(a).localeCompare(wordOf(b), 'en'));
  const regions = root.type === 'parallel' ? childrenOf(root) : [root];
  return regions.map((region) => {
    const leaves = leavesOf(region);
    const waiting = leaves.filter((node) => !isPassed(node));
    return {
      path: pathOf(region),
      states: waiting.map(pathOf),
      passed: allOf(region)
        .filter(({ always }) => always !== undefined)
        .map((node) => ({ state: pathOf(node), branches: (node.always as Transition[]).map(branchOf) })),
      cells: waiting.flatMap((node) => events.map((event) => cellOf(node, event))),
      entries: allOf(region)
        // XState puts a timer's start among the entry actions; the timer stands in the table as an event.
        .map((node) => ({
          state: pathOf(node),
          actions: node.entry.map(nameOfAction).filter((name) => name !== 'xstate.raise'),
        }))
        .filter(({ actions }) => actions.length > 0),
    };
  });
}

const inRegion = (path: string, region: string): string =>
  region !== '' && path.startsWith(`${region}.`) ? path.slice(region.length + 1) : path;

/** The region as a Mermaid state diagram. What only acts is left to the table. */
export function mermaidOf(machine: AnyStateMachine, region: string): string {
  const root = machine.root as unknown as Node;
  const top = region === '' ? root : (root.states as Record<string, Node>)[region];
  if (top === undefined) throw new RangeError(`no region ${region}`);
  const idOf = (path: string) => inRegion(path, region).replaceAll(/[^A-Za-z0-9]/g, '_');
  const edges = new Map<string, string[]>();
  const draw = (node: Node, indent: string): string[] => {
    const from = idOf(pathOf(node));
    const ways: [string, readonly Transition[]][] = [
      ...(node.always ? [['', node.always as Transition[]] as [string, Transition[]]] : []),
      ...(node.transitions as Map<string, Transition[]>),
    ];
    for (const [event, transitions] of ways)
      for (const { guard, target } of transitions.map(branchOf)) {
        if (target === null) continue;
        const label = [wordOf(event), guard === null ? '' : `[${guard}]`].filter((part) => part !== '').join(' ');
        const edge = `${from} --> ${idOf(target)}`;
        edges.set(edge, [...(edges.get(edge) ?? []), label]);
      }
    const inner = childrenOf(node);
    if (inner.length === 0) {
      const end = node.type === 'final' ? [`${indent}${from} --> [*]`] : [];
      return [`${indent}state "${node.key}" as ${from}`, ...end];
    }
    const initial = node.initial.target.map((target) => `[*] --> ${idOf(pathOf(target as Node))}`);
    const body = [...initial.map((line) => `  ${line}`), ...inner.flatMap((child) => draw(child, '  '))];
    return node === top ? body : [`state "${node.key}" as ${from} {`, ...body, '}'].map((line) => `${indent}${line}`);
  };
  const states = draw(top, '');
  const lines = [...edges].map(([edge, labels]) => {
    const label = labels.filter((text) => text !== '').join(', ');
    return `  ${edge}${label === '' ? '' : ` : ${label}`}`;
  });
  return ['stateDiagram-v2', ...states, ...lines].join('\n');
}

const SYMBOLS: Record<Cell['kind'], string> = { moves: '→', acts: '!', stays: '=', ignored: '·', absorbed: '▪' };

function words({ guard, target, actions }: Branch, region: string): string {
  const does = [
    ...(target === null ? [] : [`→ \`${inRegion(target, region)}\``]),
    ...actions.map((action) => `\`${action}\``),
  ].join(', ');
  return `${guard === null ? '' : `if ${guard}: `}${does === '' ? 'stays' : does}`;
}

function sentence({ branches }: Pick<Cell, 'branches'>, region: string): string {
  const last = branches.at(-1);
  const rest = last !== undefined && last.guard !== null ? ['else stays'] : [];
  return [...branches.map((branch) => words(branch, region)), ...rest].join('; ');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function tablesOf(region: Region): string[] {
  const { path, states, cells, passed, entries } = region;
  const events = [...new Set(cells.map(({ event }) => event))];
  const at = new Map(cells.map((cell) => [`${cell.state} ${cell.event}`, cell]));
  const cell = (state: string, event: string): Cell => {
    const found = at.get(`${state} ${event}`);
    if (found === undefined) throw new RangeError(`${state} does not say what it does with ${event}`);
    return found;
  };
  const matrix = [
    row(['', ...states.map((state) => inRegion(state, path))]),
    row(['---', ...states.map(() => ':-:')]),
    ...events.map((event) => row([`\`${event}\``, ...states.map((state) => SYMBOLS[cell(state, event).kind])])),
  ];
  const details = states.flatMap((state) => {
    const all = events.map((event) => cell(state, event));
    const said = all.filter(({ kind }) => kind !== 'ignored' && kind !== 'absorbed');
    const rest = all.filter((each) => !said.includes(each)).map(({ event }) => `\`${event}\``);
    const word = all.some(({ kind }) => kind === 'absorbed') ? 'Final. Absorbs' : 'Ignores';
    return [
      `#### ${inRegion(state, path)}`,
      '',
      ...(said.length === 0 ? [] : ['| event | what happens |', '| --- | --- |']),
      ...said.map((each) => row([`\`${each.event}\``, sentence(each, path)])),
      ...(said.length === 0 ? [] : ['']),
      ...(rest.length === 0 ? [] : [`${word} ${rest.join(', ')}.`, '']),
    ];
  });
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [title, '', ...lines, '']);
  const named = (state: string, what: string) => `- \`${inRegion(state, path)}\`: ${what}`;
  return [
    '### State and event',
    '',
    '`→` may enter a state, `!` only acts, `=` stays, `·` ignores, `▪` absorbs (final).',
    '',
    ...matrix,
    '',
    ...section(
      '### Done on entry',
      entries.map(({ state, actions }) => named(state, actions.map((action) => `\`${action}\``).join(', '))),
    ),
    ...section(
      '### Left at once',
      passed.map((each) => named(each.state, sentence(each, path))),
    ),
    '### In words',
    '',
    ...details,
  ];
}

/** The document beside a machine. `source` is its file's name. */
export function documentOf(machine: AnyStateMachine, source: string): string {
  const regions = regionsOf(machine);
  return [
    `# ${machine.id}`,
    '',
    `Generated from \`${source}\` by \`node test/machines/diagrams.ts\`; a test fails when it is stale.`,
    '',
    ...regions.flatMap((region) => [
      ...(region.path === '' ? [] : [`## ${region.path}`, '']),
      '```mermaid',
      mermaidOf(machine, region.path),
      '```',
      '',
      ...tablesOf(region),
    ]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}
