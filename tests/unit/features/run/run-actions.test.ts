import { describe, expect, it } from 'vitest';
import { buildTimeline, type Run, type RunEvent } from '../../../../src/lib/protocol';
import { curlOf } from '../../../../src/routes/runs/[workflow]/[id]/head/curl';
import {
	restartConsequence,
	restartPoint
} from '../../../../src/lib/features/run/step/restart-point';

const names = ['step_started:load-2', 'sleep_started:nap-1', 'wait_started:gate-1'];
const { rows } = buildTimeline(
	names.map((text, index): RunEvent => {
		const [type = '', stepName] = text.split(':');
		return { eventId: index + 1, timestamp: 1_000 + index, type, stepName, durationMs: 5 };
	})
);
const [load, nap, gate] = rows;

describe('a restart from a step', () => {
	it('names it as the engine does', () => {
		expect(load && restartPoint(load)).toEqual({ name: 'load', count: 2, type: 'do' });
		expect(nap && restartPoint(nap)).toEqual({ name: 'nap', count: 1, type: 'sleep' });
		expect(gate && restartPoint(gate)).toEqual({ name: 'gate', count: 1, type: 'waitForEvent' });
	});

	it('is offered neither for a rollback nor for the bookkeeping of the SDK', () => {
		if (!load) throw new Error('no row');
		expect(restartPoint({ ...load, kind: 'rollback' })).toBeNull();
		expect(restartPoint({ ...load, sdk: true })).toBeNull();
	});

	it('says what is kept and what is done again', () => {
		expect(load && restartConsequence(load, rows)).toMatch(
			/^No earlier step exists, so every step runs again\. load and the 2 steps after it run again/
		);
		expect(nap && restartConsequence(nap, rows)).toMatch(
			/^1 earlier step keeps its result and does not run again\./
		);
		expect(gate && restartConsequence(gate, rows)).toMatch(
			/^2 earlier steps keep their results .* gate runs again/
		);
	});
});

describe('a run as a curl command', () => {
	it('starts one with the same params on the same Agent, whatever the params hold', () => {
		// Only these members of a run are read.
		const run = {
			workflow: 'REFUND',
			agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
			params: { reason: "it's $broken" }
		} as unknown as Run;
		expect(curlOf('https://box.example', run)).toBe(
			[
				"curl -X POST 'https://box.example/api/v1/runs' \\",
				"  -H 'content-type: application/json' \\",
				`  -d '{"workflow":"REFUND","agent":"store-agent/berlin","params":{"reason":"it'\\''s $broken"}}'`
			].join('\n')
		);
	});
});
