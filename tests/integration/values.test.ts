// What a workflow returns can be more than JSON. Every such run ends as the engine says, with each
// value shown as what it is.
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

/** How each value is shown, where the engine completes a run that returns it. */
const SHOWN: Record<string, unknown> = {
	bigint: { $type: 'bigint', text: '12345678901234567890' },
	map: { $type: 'map', text: 'Map(1) { a → 1 }', value: [['a', 1]] },
	set: { $type: 'set', text: 'Set(1) { a }', value: ['a'] },
	date: '1970-01-01T00:00:00.000Z',
	regexp: { $type: 'regexp', text: '/a+/g' },
	error: { $type: 'error', text: 'TypeError: no rows' },
	floats: { $type: 'array', text: 'Float64Array(1) [ 0.5 ]' },
	bytes: { $type: 'bytes', text: '300,000 bytes' },
	buffer: { $type: 'bytes', text: '16 bytes' },
	nan: { $type: 'number', text: 'NaN' },
	infinity: { $type: 'number', text: 'Infinity' },
	'minus-zero': { $type: 'number', text: '-0' }
};
const KINDS = [...Object.keys(SHOWN), 'undefined', 'stream', 'cycle', 'instance', 'deep'];

const ENDED: ReadonlySet<string> = new Set(['complete', 'errored', 'terminated']);

async function endedAsTheEngineSays(kind: string, from: 'step' | 'run'): Promise<Run> {
	const run = await signalbox.as().start({
		workflow: 'VALUES',
		params: { kind, from },
		id: `${kind}-${from}`
	});
	const instance = await signalbox.engine.instance(run);
	const ended = await signalbox.as().runEnded(run);
	const { status } = await eventually(
		() => instance.status(),
		(now) => ENDED.has(now.status)
	);
	expect(ended.status).toBe(status);
	return ended;
}

describe.each(KINDS)('a value of the kind %s', (kind) => {
	test('from run() leaves a run that ended, with its output', async () => {
		const run = await endedAsTheEngineSays(kind, 'run');
		if (!(kind in SHOWN)) return;
		expect(run.status).toBe('complete');
		expect(run.output).toMatchObject({ name: 'rows', value: SHOWN[kind] });
	});

	test('from a step leaves a run that ended, with the output of the step', async () => {
		const run = await endedAsTheEngineSays(kind, 'step');
		if (!(kind in SHOWN)) return;
		expect(run).toMatchObject({ status: 'complete', output: { name: 'rows' } });
		const { events } = await signalbox.as().events(run);
		const made = events.find(
			({ stepName, type }) => stepName === 'make-1' && type === 'step_completed'
		);
		expect(made).toMatchObject({ output: { name: 'rows', value: SHOWN[kind] } });
	});
});
