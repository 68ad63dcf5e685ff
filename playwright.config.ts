import { defineConfig } from '@playwright/test';
import { installedChromium } from './scripts/lib/chromium.mjs';

const port = Number(process.env.E2E_PORT || 8791);
const isRoot = process.getuid?.() === 0;

export default defineConfig({
	testDir: 'tests/e2e',
	outputDir: 'test-results',
	// One Worker with one fleet serves every file, so tests name what they start and look at that.
	workers: 2,
	retries: 0,
	forbidOnly: Boolean(process.env.CI),
	// Limits are there for a test that hangs, never for a slow machine: nothing else waits for them.
	timeout: 300_000,
	expect: { timeout: 90_000 },
	reporter: [['list']],
	use: {
		actionTimeout: 90_000,
		baseURL: `http://localhost:${port}`,
		locale: 'en-GB',
		timezoneId: 'Europe/Berlin',
		colorScheme: 'light',
		viewport: { width: 1280, height: 800 },
		trace: 'retain-on-failure',
		launchOptions: {
			executablePath: installedChromium(),
			args: [
				...(isRoot ? ['--no-sandbox'] : []),
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	},
	webServer: {
		command: `"${process.execPath}" scripts/start.mjs --temporary${process.env.SKIP_BUILD ? ' --no-build' : ''}`,
		env: { PORT: String(port) },
		url: `http://localhost:${port}/api/v1/health`,
		timeout: 300_000,
		gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
		stdout: 'pipe',
		stderr: 'pipe'
	}
});
