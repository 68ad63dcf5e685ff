// Runs stages side by side and keeps what they print apart: one stage writes to the terminal as it
// goes, what the others say is kept until their turn comes.

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string[]} needs stages that must have passed before
 * @property {(output: import('./processes.mjs').Output) => Promise<import('./test-counts.mjs').Counts>} run
 */

/** @typedef {import('./test-counts.mjs').Counts & { name: string, seconds: string }} Result */

/**
 * @param {Stage[]} stages in the order in which they are to begin
 * @param {{ atOnce: number, write?: (chunk: string | Uint8Array) => void }} options
 * @returns {Promise<Result[]>} in the order of the stages
 */
export async function sideBySide(
	stages,
	{ atOnce, write = (chunk) => process.stdout.write(chunk) }
) {
	const turns = takeTurns(write);
	/** @type {Map<string, Result>} */
	const results = new Map();
	/** @type {Map<string, Promise<void>>} */
	const active = new Map();
	const waiting = [...stages];
	const names = new Set(stages.map(({ name }) => name));

	/** @param {Stage} stage */
	const needed = (stage) => stage.needs.filter((name) => names.has(name));

	while (waiting.length > 0 || active.size > 0) {
		const next = waiting.findIndex((stage) => needed(stage).every((name) => results.has(name)));
		const stage = active.size < atOnce ? waiting[next] : undefined;
		if (stage) {
			waiting.splice(next, 1);
			const missing = needed(stage).filter((name) => results.get(name)?.failures.length !== 0);
			const job = runStage(stage, missing, turns(stage.name)).then((result) => {
				results.set(stage.name, result);
				active.delete(stage.name);
			});
			active.set(stage.name, job);
		} else {
			await Promise.race(active.values());
		}
	}
	return stages.flatMap(({ name }) => results.get(name) ?? []);
}

/**
 * @param {Stage} stage
 * @param {string[]} missing
 * @param {Turn} turn
 * @returns {Promise<Result>}
 */
async function runStage({ name, run }, missing, turn) {
	const startedAt = Date.now();
	/** @type {import('./test-counts.mjs').Counts} */
	let counts;
	if (missing.length > 0) {
		counts = { passed: 0, failures: [`not run, because ${missing.join(' and ')} failed`] };
	} else {
		counts = await run(turn.output).catch((error) => {
			turn.output(`${error instanceof Error ? error.stack : error}\n`);
			return { passed: 0, failures: ['it could not be run'] };
		});
	}
	const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
	const verdict = counts.failures.length === 0 ? 'passed' : 'FAILED';
	turn.output(`=== ${name}: ${verdict} in ${seconds} s\n`);
	turn.end();
	return { name, seconds, ...counts };
}

/** @typedef {{ output: (chunk: string | Uint8Array) => void, end: () => void }} Turn */

/**
 * @param {(chunk: string | Uint8Array) => void} write
 * @returns {(name: string) => Turn}
 */
function takeTurns(write) {
	/** @typedef {{ kept: (string | Uint8Array)[], hasEnded: boolean }} Place */
	/** @type {Place[]} */
	const queue = [];

	function advance() {
		const ended = queue.filter(({ hasEnded }) => hasEnded);
		const rest = queue.filter(({ hasEnded }) => !hasEnded);
		queue.splice(0, queue.length, ...rest);
		for (const place of [...ended, ...rest.slice(0, 1)]) place.kept.splice(0).forEach(write);
	}

	return (name) => {
		/** @type {Place} */
		const place = { kept: [], hasEnded: false };
		queue.push(place);
		/** @type {Turn} */
		const turn = {
			output: (chunk) => {
				if (queue[0] === place) write(chunk);
				else place.kept.push(chunk);
			},
			end: () => {
				place.hasEnded = true;
				if (queue[0] === place) advance();
			}
		};
		turn.output(`\n=== ${name}\n`);
		return turn;
	};
}
