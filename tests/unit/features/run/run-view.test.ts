import { describe, expect, it } from 'vitest';
import { rowParam } from '../../../../src/lib/components/timeline/model/timeline-state';
import {
	historyParams,
	readRunView,
	runLink,
	selectionParams,
	timelineParams
} from '../../../../src/lib/features/run/history/run-view';

const read = (search: string) => readRunView(new URLSearchParams(search));
/** The address that says some parameters. */
function written(changes: ReturnType<typeof timelineParams>): string {
	const params = new URLSearchParams();
	for (const [name, value] of Object.entries(changes)) {
		for (const one of typeof value === 'string' ? [value] : (value ?? [])) params.append(name, one);
	}
	return params.toString();
}

describe('the address of a run', () => {
	it('says what is selected and shown, and is read as it was written', () => {
		const timeline = {
			selected: 'step:a, b-1',
			range: '10-20',
			open: new Set(['group:step:a, b', 'group:wait:ü']),
			unfolded: new Set([1_500, 2]),
			find: 'card',
			withSdk: true
		};
		expect(read(written(timelineParams(timeline))).timeline).toEqual(timeline);
		const history = {
			look: 'json' as const,
			time: 'clock' as const,
			kinds: ['step' as const, 'other' as const],
			failures: true,
			text: 'boom & co'
		};
		expect(read(written(historyParams(history))).history).toEqual(history);
		const selection = { step: 'wait:gate-1', attempt: 3, event: 17 };
		expect(read(written(selectionParams(selection))).selection).toEqual(selection);
	});

	it('without anything is the timeline of all of it', () => {
		expect(read('')).toMatchObject({
			tab: 'timeline',
			selection: { step: null, attempt: null, event: null },
			timeline: { range: null, find: '', withSdk: false },
			history: { look: 'compact', time: 'start', kinds: [], failures: false, text: '' }
		});
	});

	it('that makes no sense is as if it said nothing', () => {
		const view = read(
			'tab=x&attempt=-1&event=1e9&unfold=x&unfold=3&look=big&time=&kind=step&kind=z'
		);
		expect(view).toMatchObject({
			tab: 'timeline',
			selection: { attempt: null, event: null },
			history: { look: 'compact', time: 'start', kinds: ['step'] }
		});
		expect([...view.timeline.unfolded]).toEqual([3]);
	});

	it('that selects another step forgets the attempt and the event', () => {
		expect(timelineParams({ selected: 'step:b-1' })).toEqual({
			step: 'step:b-1',
			attempt: null,
			event: null
		});
		expect(timelineParams({ find: 'x' })).toEqual({ find: 'x' });
	});
});

describe('a link', () => {
	const page = new URL('https://box.example/runs/REFUND/r-1?find=x&generation=9&range=1-2');

	it('names the generation and what it leads to, and nothing else', () => {
		expect(runLink(page, 2, { step: 'step:a-1', attempt: 3 })).toBe(
			'https://box.example/runs/REFUND/r-1?generation=2&step=step%3Aa-1&attempt=3'
		);
		expect(runLink(page, 2, { event: 17 })).toBe(
			'https://box.example/runs/REFUND/r-1?tab=history&generation=2&event=17'
		);
		expect(runLink(page, 2, { range: '5-9' })).toBe(
			'https://box.example/runs/REFUND/r-1?generation=2&range=5-9'
		);
	});
});

it('a name of any length has its place in an address, and two long ones do not share it', () => {
	const long = 'step:'.padEnd(2_000, 'x');
	expect(rowParam('step:a-1')).toBe('step:a-1');
	expect(rowParam(`${long}1`).length).toBeLessThan(130);
	expect(rowParam(`${long}1`)).not.toBe(rowParam(`${long}2`));
});
