import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	gateEventType,
	isApprovalWait,
	isSdkStep,
	knownEvent,
	parseEngineEvent,
	parseStepName,
	runEventSchema,
	withoutSdkKeys
} from '../../../../src/lib/protocol';

const head = { eventId: 1, timestamp: 1000 };
const error = { name: 'Error', message: 'no rows' };

describe('an event of the engine', () => {
	it('is read with all it has', () => {
		const given = {
			...head,
			instanceId: 'run-1',
			type: 'attempt_errored',
			stepName: 'pay-1',
			attempt: 2,
			retryDelayMs: 500,
			error
		};
		expect(parseEngineEvent(given)).toEqual(given);
	});

	it("is read without the SDK's own keys beside the user's params", () => {
		const params = {
			__agentName: 'berlin',
			__agentBinding: 'StoreAgent',
			__agentOrigin: 'https://example.com',
			__workflowName: 'REFUND',
			order: 'A-1',
			__typename: 'Order',
			agent: 'mine'
		};
		expect(parseEngineEvent({ ...head, type: 'workflow_started', params })).toEqual({
			...head,
			type: 'workflow_started',
			params: { order: 'A-1', __typename: 'Order', agent: 'mine' }
		});
	});

	it('is nothing without an id, a time or a type', () => {
		const wrong: unknown[] = [
			null,
			undefined,
			'workflow_started',
			[],
			{ ...head },
			{ timestamp: 1, type: 'workflow_running' },
			{ eventId: 1, type: 'workflow_running' },
			{ ...head, eventId: -1, type: 'workflow_running' },
			{ ...head, timestamp: 1.5, type: 'workflow_running' },
			{ ...head, type: 7 }
		];
		for (const event of wrong) expect(parseEngineEvent(event)).toBeNull();
	});

	it('passes whole when this version does not know its type', () => {
		const event = { ...head, type: 'step_skipped', stepName: 'load-1', because: ['cached'] };
		expect(parseEngineEvent(event)).toEqual(event);
		expect(knownEvent(runEventSchema.parse(event))).toBeNull();
	});

	it('passes, but is not taken for known, when its fields are not as told', () => {
		const event = { ...head, type: 'sleep_started', stepName: 'nap-1', durationMs: 'long' };
		expect(parseEngineEvent(event)).toEqual(event);
		expect(knownEvent(runEventSchema.parse(event))).toBeNull();
	});

	it('says nothing of an error where the engine sent none', () => {
		for (const given of [undefined, null, 'broken', {}]) {
			const event = { ...head, type: 'workflow_errored', error: given };
			expect(parseEngineEvent(event)).toEqual({ ...head, type: 'workflow_errored' });
			expect(knownEvent(event)).not.toMatchObject({ error: expect.anything() });
		}
	});

	it('keeps what there is of an error, also of what a step threw that is none', () => {
		const errorOf = (error: unknown) =>
			parseEngineEvent({ ...head, type: 'workflow_errored', error });
		expect(errorOf({ name: 'TypeError' })).toMatchObject({
			error: { name: 'TypeError', message: '' }
		});
		expect(errorOf({ name: 'Error', message: { code: 5n } })).toMatchObject({
			error: { name: 'Error', message: '{"code":{"$type":"bigint","text":"5"}}' }
		});
		expect(errorOf(new RangeError('too far'))).toMatchObject({
			error: { name: 'RangeError', message: 'too far' }
		});
	});

	it('loses only the field that cannot be read', () => {
		const event = {
			...head,
			type: 'step_completed',
			stepName: 'load-1',
			get output(): unknown {
				throw new Error('revoked');
			}
		};
		expect(parseEngineEvent(event)).toEqual({
			...head,
			type: 'step_completed',
			stepName: 'load-1',
			output: { $type: 'unreadable', text: 'cannot be read: Error: revoked' }
		});
	});

	it('may have a delay that a function decides', () => {
		const config = { retries: { limit: 3, delay: '[dynamic]' }, timeout: '1 minute' };
		const event = { ...head, type: 'step_started', stepName: 'pay-1', config };
		expect(knownEvent(runEventSchema.parse(event))).toMatchObject({ config });
	});

	it('is read from anything at all without a throw', () => {
		fc.assert(
			fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (raw) => {
				const event = parseEngineEvent(raw);
				expect(event === null || runEventSchema.safeParse(event).success).toBe(true);
			})
		);
	});
});

describe('params without the keys of the SDK', () => {
	it('are what they were when they are no object', () => {
		for (const params of [null, 7, 'text', [{ __agentName: 'kept in a list' }]]) {
			expect(withoutSdkKeys(params)).toEqual(params);
		}
		expect(withoutSdkKeys(undefined)).toBeNull();
	});
});

describe("a step's name", () => {
	it('is split into the name of the code and the occurrence', () => {
		expect(parseStepName('process-12')).toEqual({ name: 'process', count: 12 });
		expect(parseStepName('process-item-3-1')).toEqual({ name: 'process-item-3', count: 1 });
		expect(parseStepName('plain')).toEqual({ name: 'plain', count: 1 });
		expect(parseStepName('ends-in-')).toEqual({ name: 'ends-in-', count: 1 });
		expect(parseStepName('-1')).toEqual({ name: '', count: 1 });
		expect(parseStepName('')).toEqual({ name: '', count: 1 });
	});

	it('comes back from the engine whatever characters it has', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'binary' }),
				fc.integer({ min: 1, max: 100_000 }),
				(name, count) => {
					expect(parseStepName(`${name}-${count}`)).toEqual({ name, count });
				}
			)
		);
	});

	it("tells the SDK's own steps from the user's", () => {
		expect(isSdkStep('__agent_reportComplete_0-1')).toBe(true);
		expect(isSdkStep('my__agent_step-1')).toBe(false);
		expect(isSdkStep('agent-1')).toBe(false);
	});
});

describe('a wait for approval', () => {
	it('is known by the event that it waits for', () => {
		expect(isApprovalWait({ name: 'gate', eventType: 'approval' })).toBe(true);
		const gate = gateEventType('Refund 12 EUR?', '0123456789abcdef0123');
		expect(isApprovalWait({ name: 'gate', eventType: gate })).toBe(true);
	});

	it('is known by an event type that its workflow lists', () => {
		const wait = { name: 'gate', eventType: 'sign-off' };
		expect(isApprovalWait(wait)).toBe(false);
		expect(isApprovalWait(wait, ['sign-off'])).toBe(true);
	});

	it("is known by the SDK's name of the step", () => {
		expect(isApprovalWait({ name: 'wait-for-approval-1', eventType: 'go' })).toBe(true);
		expect(isApprovalWait({ name: 'wait-for-approval' })).toBe(true);
	});

	it('is no other wait', () => {
		for (const eventType of [
			'approval-data',
			'Manager-Approval',
			'approval-of-a-document',
			'approvals'
		]) {
			expect(isApprovalWait({ name: 'fetch-approval', eventType })).toBe(false);
		}
		expect(isApprovalWait({ name: 'wait-for-payment-1', eventType: 'paid' })).toBe(false);
		expect(isApprovalWait({ name: 'before-wait-for-approval', eventType: 'paid' })).toBe(false);
	});
});
