// A real Chromium, and what its pages say of their own frames.
import { chromium, type Browser, type Page } from 'playwright';
import { ensureChromium, NO_CHROMIUM } from '../../scripts/lib/chromium.mjs';

export async function openChromium(): Promise<Browser> {
	const executablePath = await ensureChromium();
	if (!executablePath) throw new Error(NO_CHROMIUM);
	return chromium.launch({
		executablePath,
		args: ['--no-sandbox', '--enable-precise-memory-info', '--js-flags=--expose-gc']
	});
}

/** What a page has drawn since its meter was started, Ms. */
export type Frames = {
	/** From one frame to the next. */
	gaps: number[];
	/** How long each frame took that the browser calls a long one: over 50 ms. */
	long: number[];
};

declare global {
	interface Window {
		benchFrames?: Frames;
	}
}

/** Measures every frame of a page from now on. */
export async function meterFrames(page: Page): Promise<void> {
	await page.evaluate(() => {
		const frames: Frames = { gaps: [], long: [] };
		window.benchFrames = frames;
		let last = performance.now();
		const next = (now: number) => {
			if (window.benchFrames !== frames) return;
			frames.gaps.push(now - last);
			last = now;
			requestAnimationFrame(next);
		};
		requestAnimationFrame(next);
		new PerformanceObserver((list) => {
			for (const { duration } of list.getEntries()) frames.long.push(duration);
		}).observe({ type: 'long-animation-frame' });
	});
}

/** Ends the measuring and says what there was. */
export async function readFrames(page: Page): Promise<Frames> {
	return page.evaluate(() => {
		const frames = window.benchFrames ?? { gaps: [], long: [] };
		delete window.benchFrames;
		return frames;
	});
}

/** What a page's scripts hold after a collection, MB. */
export async function heapOf(page: Page): Promise<number> {
	const session = await page.context().newCDPSession(page);
	await session.send('HeapProfiler.collectGarbage');
	const { usedSize } = await session.send('Runtime.getHeapUsage');
	await session.detach();
	return usedSize / 1e6;
}

/** How many elements a page has. */
export function countElements(page: Page): Promise<number> {
	return page.evaluate(() => document.querySelectorAll('*').length);
}
