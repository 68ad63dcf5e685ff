// The contract is complete: nothing that is derived from an entry can be missing.
import { describe, expect, it } from 'vitest';
import {
	OPERATION_NAMES,
	operationOf,
	OPERATIONS,
	pickByDryRun,
	matchRoute,
	routesOf,
	type HttpRoute,
	type OperationName
} from '../../../../src/lib/protocol';
import { operationsText } from '../../../../src/lib/messages/server/operations';

const routed = OPERATION_NAMES.flatMap((name) => routesOf(name).map((route) => ({ name, route })));

const shapeOf = (name: OperationName): object => OPERATIONS[name].input.shape;
const parametersOf = ({ path }: HttpRoute) =>
	[...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = '']) => parameter);

describe.each(OPERATION_NAMES)('%s', (name) => {
	const { http, summary, changes, audit, output } = operationOf(name);

	it('has an HTTP route or a reason for having none', () => {
		if ('none' in http) expect(http.none).toMatch(/\w.*\.$/);
		else expect(http.length).toBeGreaterThan(0);
	});

	it('has a summary of its own that begins with a verb', () => {
		expect(summary).toMatch(/^[A-Z][a-z]+\b.*[^.]$/);
		const same = OPERATION_NAMES.filter((other) => operationOf(other).summary === summary);
		expect(same).toEqual([name]);
		expect(operationsText.summary[name]).toBe(summary);
	});

	it('is audited exactly when it changes data', () => {
		expect(audit !== null).toBe(changes);
		const methods = routesOf(name).map(({ method }) => method);
		if (!changes && !methods.includes('POST'))
			expect(methods.every((each) => each === 'GET')).toBe(true);
		if (changes && name !== 'approval.open-link') expect(methods).not.toContain('GET');
	});

	it('refuses a result of another kind', () => {
		expect(output.safeParse('not a result').success).toBe(false);
	});

	it('has routes whose parameters, query and body are members of its input', () => {
		const members = Object.keys(shapeOf(name));
		for (const route of routesOf(name)) {
			const placed = [route.query, route.body].flatMap((at) =>
				at && 'member' in at ? [at.member] : []
			);
			const named = [...parametersOf(route), ...placed, ...Object.keys(route.fixed ?? {})];
			expect(members).toEqual(expect.arrayContaining(named));
		}
	});
});

describe('a route', () => {
	it('leads to its operation and to no other', () => {
		for (const { name, route } of routed) {
			const path = route.path.replace(/\{\w+\}/g, 'some-name');
			const match = matchRoute(route.method, path);
			expect(match.kind, `${route.method} ${path}`).toBe('operation');
			if (match.kind !== 'operation') continue;
			const body = route.dryRun ? { dryRun: true } : {};
			expect(pickByDryRun(match.operations, body)).toEqual({ name, route });
			expect(Object.keys(match.params)).toEqual(parametersOf(route));
		}
	});

	it('decodes its parameters', () => {
		expect(matchRoute('GET', '/approvals/a%2Fb%20%C3%BC')).toMatchObject({
			params: { id: 'a/b ü' }
		});
	});

	it('prefers a literal to a parameter', () => {
		expect(matchRoute('GET', '/approvals/figures')).toMatchObject({
			operations: [{ name: 'approvals.figures' }]
		});
		expect(matchRoute('GET', '/approvals/decisions')).toEqual({
			kind: 'wrong-method',
			allow: ['POST']
		});
	});

	it('answers HEAD as GET', () => {
		expect(matchRoute('HEAD', '/runs')).toEqual(matchRoute('GET', '/runs'));
		expect(matchRoute('HEAD', '/bulk-actions')).toEqual({ kind: 'wrong-method', allow: ['POST'] });
	});

	it('says which methods a path has', () => {
		expect(matchRoute('PATCH', '/runs/REFUND/r1')).toEqual({
			kind: 'wrong-method',
			allow: ['GET', 'DELETE']
		});
		expect(matchRoute('constructor', '/health')).toEqual({ kind: 'wrong-method', allow: ['GET'] });
	});

	it.each(['', '/', '/trains', '/runs/', '/runs//x', '/runs/a', '/runs/a/b/c', '/RUNS', '//runs'])(
		'is unknown at %j',
		(path) => {
			expect(matchRoute('GET', path)).toEqual({ kind: 'unknown-path' });
		}
	);

	it.each(['/runs/%', '/runs/REFUND/%ff', '/%E0%A4%A', '/approvals/%C3'])(
		'is malformed at %j',
		(path) => {
			expect(matchRoute('GET', path)).toEqual({ kind: 'malformed-path' });
		}
	);
});
