// The rooms of this codebase and the rule that fences them. Data flows one way: workflow → agent →
// protocol → client → component. So what runs in one room may need another one only where this
// table says so; `import type` is free, since it leaves nothing behind.
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Room
 * @property {string} folder
 * @property {string[]} mayImport the rooms it may import at run time
 * @property {string} why
 */

/** @typedef {import('eslint').Rule.Node} Node */

/** @type {Record<string, Room>} */
const ROOMS = {
	messages: {
		folder: 'src/lib/messages',
		mayImport: [],
		why: 'texts are data: every other folder may use them'
	},
	protocol: {
		folder: 'src/lib/protocol',
		mayImport: ['messages'],
		why: 'the protocol is what all the others agree on, so it depends on none of them'
	},
	workflows: {
		folder: 'src/lib/workflows',
		mayImport: ['messages', 'protocol'],
		why: 'a workflow must run without Signalbox around it'
	},
	agent: {
		folder: 'src/lib/agent',
		mayImport: ['messages', 'protocol'],
		why: 'an Agent knows workflows by their bindings and types; the Worker hands in the catalogue'
	},
	samples: {
		folder: 'src/samples',
		mayImport: ['messages', 'agent', 'workflows', 'protocol'],
		why: 'the samples use Signalbox as any other team would'
	},
	worker: {
		folder: 'src/worker',
		mayImport: ['messages', 'agent', 'workflows', 'samples', 'protocol'],
		why: 'the Worker only routes and re-exports; pages reach it as the built SvelteKit server'
	},
	client: {
		folder: 'src/lib/client',
		mayImport: ['messages', 'protocol'],
		why: 'the client is the wire, without a server bundled in and without a view to draw'
	},
	components: {
		folder: 'src/lib/components',
		mayImport: ['messages', 'protocol'],
		why: 'components take data and callbacks; they open no connections'
	},
	routes: {
		folder: 'src/routes',
		mayImport: ['messages', 'client', 'components', 'protocol'],
		why: 'pages compose client and components; the server is reached over the wire or a binding'
	}
};

/** @type {import('eslint').Rule.RuleModule} */
export const rooms = {
	meta: {
		type: 'problem',
		docs: { description: 'Keep run-time imports inside the rooms they belong to.' },
		schema: [],
		messages: {
			fence:
				'{{from}} may import {{allowed}} at run time, not {{to}}: {{why}}. Types are free: `import type`.',
			door: '{{to}} has a door: import from {{door}}, not past it.'
		}
	},
	create(context) {
		const here = context.filename;
		const from = roomOf(path.relative(context.cwd, here));

		/** @param {Node} node */
		function check(node) {
			const target = targetOf(node, here, context.cwd);
			const to = target && roomOf(target);
			if (!from || !to || to.name === from.name) return;
			if (!isType(node) && !from.room.mayImport.includes(to.name)) {
				const data = {
					from: from.room.folder,
					to: to.room.folder,
					allowed: from.room.mayImport.join(', ') || 'no other room',
					why: from.room.why
				};
				context.report({ node, messageId: 'fence', data });
			} else if (isPastDoor(target, to.room, context.cwd)) {
				const door = `${to.room.folder}/index`;
				context.report({ node, messageId: 'door', data: { to: to.room.folder, door } });
			}
		}

		return {
			ImportDeclaration: check,
			ExportNamedDeclaration: check,
			ExportAllDeclaration: check,
			ImportExpression: check
		};
	}
};

/** @param {string} file relative to the root */
function roomOf(file) {
	const entry = Object.entries(ROOMS).find(
		([, room]) => file === room.folder || file.startsWith(`${room.folder}/`)
	);
	return entry && { name: entry[0], room: entry[1] };
}

/**
 * What an import or re-export names, relative to the root; undefined for packages.
 * @param {Node} node
 * @param {string} importer
 * @param {string} root
 */
function targetOf(node, importer, root) {
	const source = 'source' in node ? node.source : null;
	if (source?.type !== 'Literal' || typeof source.value !== 'string') return undefined;
	const specifier = source.value;
	if (specifier.startsWith('$lib/')) return `src/lib/${specifier.slice('$lib/'.length)}`;
	if (!specifier.startsWith('.')) return undefined;
	return path.relative(root, path.resolve(path.dirname(importer), specifier));
}

/** @param {Node} node */
function isType(node) {
	return (
		('importKind' in node && node.importKind === 'type') ||
		('exportKind' in node && node.exportKind === 'type')
	);
}

/**
 * @param {string} target
 * @param {Room} room
 * @param {string} root
 */
function isPastDoor(target, room, root) {
	const inside = target.slice(room.folder.length).replace(/\.(js|ts)$/, '');
	const isDoor = inside === '' || inside === '/' || inside === '/index';
	return !isDoor && existsSync(path.join(root, room.folder, 'index.ts'));
}
