// Data flows one way: workflow → agent → protocol → client → component. These rules say which folder
// may need which at run time; `import type` across folders is free, since it leaves nothing behind.
// Cycles are forbidden, type imports included.

/** @type {Record<string, { folder: string, mayImport: string[], why: string }>} */
const folders = {
	messages: {
		folder: 'src/lib/messages',
		mayImport: [],
		why: 'Texts are data that every other folder may use.'
	},
	protocol: {
		folder: 'src/lib/protocol',
		mayImport: ['messages'],
		why: 'The protocol is what all others agree on, so it depends on none of them.'
	},
	workflows: {
		folder: 'src/lib/workflows',
		mayImport: ['messages', 'protocol'],
		why: 'A workflow must run without Signalbox around it.'
	},
	agent: {
		folder: 'src/lib/agent',
		mayImport: ['messages', 'protocol'],
		why: 'An Agent knows workflows by their bindings; the Worker hands in the catalogue.'
	},
	samples: {
		folder: 'src/samples',
		mayImport: ['messages', 'agent', 'workflows', 'protocol'],
		why: 'The samples use Signalbox as any other team would.'
	},
	worker: {
		folder: 'src/worker',
		mayImport: ['messages', 'agent', 'workflows', 'samples', 'protocol'],
		why: 'The Worker routes and re-exports; it reaches pages through the built SvelteKit server.'
	},
	client: {
		folder: 'src/lib/client',
		mayImport: ['messages', 'protocol'],
		why: 'The client is the wire: no server is bundled in, and no view.'
	},
	components: {
		folder: 'src/lib/components',
		mayImport: ['messages', 'protocol'],
		why: 'Components take data and callbacks; they open no connections.'
	},
	features: {
		folder: 'src/lib/features',
		mayImport: ['messages', 'client', 'components', 'protocol'],
		why: 'A feature is a connected widget that two pages share.'
	},
	routes: {
		folder: 'src/routes',
		mayImport: ['messages', 'client', 'components', 'features', 'protocol'],
		why: 'Pages compose client and components; they reach the server over the wire or a binding.'
	}
};

/** Folders whose `index.ts` is their public interface. */
const closed = ['protocol', 'agent', 'client'];

/** A form field can hold other fields, so these components render each other. */
const recursiveFields =
	'src/lib/components/schema-form/(SchemaField|GroupField|ListField|UnionField|PropertyFields|FieldSet)[.]svelte$';

const pathOf = (/** @type {string} */ name) => `^${folders[name]?.folder}/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
	forbidden: [
		{
			name: 'no-cycles',
			severity: 'error',
			comment: 'Go to definition must lead somewhere. Move what both files need into a third one.',
			from: { pathNot: recursiveFields },
			to: { circular: true }
		},
		...Object.entries(folders).map(([name, { mayImport, why }]) => ({
			name: `${name}-imports`,
			severity: /** @type {const} */ ('error'),
			comment: `${why} It may import at run time: ${mayImport.join(', ') || 'nothing of ours'}.`,
			from: { path: pathOf(name) },
			to: {
				path: '^src/',
				pathNot: [name, ...mayImport].map(pathOf),
				dependencyTypesNot: /** @type {['type-only']} */ (['type-only'])
			}
		})),
		...closed.map((name) => ({
			name: `${name}-interface`,
			severity: /** @type {const} */ ('error'),
			comment: `Import from ${folders[name]?.folder}, its public interface, not past it.`,
			from: { path: '^src/', pathNot: pathOf(name) },
			to: { path: pathOf(name), pathNot: `${pathOf(name)}index[.]ts$` }
		}))
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: '(node_modules|[.]svelte-kit|[.]css$)' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.node.json' },
		enhancedResolveOptions: { extensions: ['.ts', '.svelte', '.svelte.ts', '.js', '.mjs', '.css'] }
	}
};
