import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const inWorkerd = [
	'src/worker/**/*.ts',
	'src/lib/agent/**/*.ts',
	'src/lib/workflows/**/*.ts',
	'src/samples/**/*.ts',
	'src/lib/protocol/**/*.ts',
	'src/lib/messages/**/*.ts'
];

/** @param {string[]} group @param {string} message */
const banned = (group, message) => ({ group, message });

const noAlias = banned(
	['$lib', '$lib/*', '$app/*', '$env/*'],
	"wrangler bundles this room without SvelteKit's aliases: use a relative path."
);
const noView = banned(
	['svelte', 'svelte/*', '@sveltejs/*', '@lucide/*', 'bits-ui'],
	'this room is plain TypeScript: Svelte enters in client, components and routes.'
);
const noSocket = banned(
	['partysocket', 'partysocket/*', 'agents', 'agents/*'],
	'the socket is touched in src/lib/client only: take data and callbacks.'
);
const noIo = banned(
	['node:*', 'cloudflare:*', 'agents', 'agents/*', 'partysocket'],
	'the protocol is pure: no I/O, the same in browser and Worker.'
);
const noServer = {
	regex: '^(agents$|agents/(?!client$)|cloudflare:|node:)',
	message: 'the client runs in a browser: "agents" is the server; "agents/client" is yours.'
};

/**
 * @param {string} name
 * @param {string[]} files
 * @param {{ message: string, group?: string[], regex?: string }[]} bans
 * @returns {import('eslint').Linter.Config}
 */
const fence = (name, files, ...bans) => {
	const patterns = bans.map((ban) => ({ ...ban, allowTypeImports: true }));
	return {
		name: `signalbox/${name}`,
		files,
		rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] }
	};
};

export default defineConfig(
	globalIgnores(['.svelte-kit/', '.wrangler/', 'test-results/', 'worker-configuration.d.ts']),
	js.configs.recommended,
	tseslint.configs.strict,
	svelte.configs.recommended,
	svelte.configs.prettier,
	{
		languageOptions: {
			globals: { ...globals.browser, ...globals.node },
			parserOptions: {
				// The first that includes a file: the Worker's code is linted as the Worker's.
				project: ['tsconfig.worker.json', 'tsconfig.node.json', 'tsconfig.json']
			}
		},
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			// Signalbox is served at the root of its host: there is no base path to resolve.
			'svelte/no-navigation-without-resolve': 'off',
			// TypeScript knows every global, and which ones are missing in workerd.
			'no-undef': 'off',
			'no-console': ['error', { allow: ['warn', 'error'] }],
			eqeqeq: ['error', 'smart'],
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/consistent-type-definitions': 'off',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }
			],
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/only-throw-error': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': [
				'error',
				{ considerDefaultExhaustiveForUnions: true }
			],
			'@typescript-eslint/no-unnecessary-type-assertion': 'error'
		}
	},
	{
		files: ['**/*.svelte'],
		languageOptions: { parserOptions: { parser: tseslint.parser, svelteConfig } }
	},
	{
		// Plain TypeScript with ambient runes. Svelte's parser would make a new program of each file.
		files: ['**/*.svelte.ts', '**/*.svelte.test.ts'],
		languageOptions: { parser: tseslint.parser }
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts', '**/*.svelte.test.ts'],
		rules: {
			// A value assigned to a rune is read by whoever reacts to it.
			'no-useless-assignment': 'off'
		}
	},
	{
		// For ESLint each .svelte file is a new program: their types would take 100 s. svelte-check
		// has them all. The pre-commit hook has no time for any types.
		files: process.env.LINT_TYPES === 'off' ? ['**'] : ['**/*.svelte'],
		extends: [tseslint.configs.disableTypeChecked],
		languageOptions: { parserOptions: { project: null } }
	},
	{
		files: ['scripts/**', 'bench/**', 'tests/**'],
		rules: { 'no-console': 'off' }
	},
	{
		files: ['src/lib/client/**/*.ts', 'src/lib/features/**', 'src/routes/**/*.svelte*'],
		rules: {
			'no-restricted-syntax': [
				'error',
				{
					selector: "MemberExpression[object.name='Date'][property.name='now']",
					message:
						"the browser's clock can be wrong or set at any moment: measure with performance.now(), and take the server's time from the connection's clock."
				}
			]
		}
	},
	fence('workerd', inWorkerd, noAlias, noView),
	fence('protocol', ['src/lib/protocol/**/*.ts'], noAlias, noView, noIo),
	fence('client', ['src/lib/client/**/*.ts'], noServer),
	fence('pages', ['src/lib/components/**', 'src/lib/features/**', 'src/routes/**'], noSocket)
);
